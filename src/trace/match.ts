import { cidrContains, parseCidr } from '../model/ip.ts';
import type { Field, Match, Table } from '../model/ruleset.ts';
import { type Fraction, ONE, oneIn, ZERO } from './fraction.ts';
import type { State, World } from './state.ts';

/** How likely a match holds: certainly, never, or one in so many. */
export function likelihood(match: Match, state: State, table: Table, world: World): Fraction {
	if (match.kind === 'chance') return oneIn(match.of);
	return holds(match, state, table, world) ? ONE : ZERO;
}

function holds(match: Exclude<Match, { kind: 'chance' }>, state: State, table: Table, world: World): boolean {
	switch (match.kind) {
		case 'compare':
			return covers(match.value, fieldText(match.field, state), table) !== match.negate;
		case 'among':
			return match.values.some((value) => covers(value, fieldText(match.field, state), table)) !== match.negate;
		case 'member':
			return isMember(match.set, match.fields, state, table) !== match.negate;
		case 'interface':
			return isInterface(match.name, state.packet.iifname) !== match.negate;
		case 'local':
			return world.isLocal(state.packet[match.field]);
		case 'new-connection':
			return true;
		case 'rewritten':
			return state.rewritten;
		case 'marked':
			return state.marked;
	}
}

/** What a packet carries in a field, as sets and maps spell it. */
export function fieldText(field: Field, { packet }: State): string {
	return field === 'dport' ? String(packet.dport) : packet[field];
}

/** A set whose elements packets add (session affinity) holds nobody: the tracer follows a client that is new. */
function isMember(name: string, fields: readonly Field[], state: State, table: Table): boolean {
	const set = table.sets.find((each) => each.name === name);
	const key = fields.map((field) => fieldText(field, state));
	return (set?.elements ?? []).some((element) =>
		element.key.every((text, index) => covers(text, key[index] ?? '', table)),
	);
}

/** Whether a value of a rule or set, which may be a network, stands for the text. */
function covers(value: string, text: string, table: Table): boolean {
	if (!value.includes('/')) return value === text;
	const parsed = parseCidr(value);
	return !('invalid' in parsed) && cidrContains(parsed.cidr, table.family, text);
}

function isInterface(pattern: string, name: string): boolean {
	return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
