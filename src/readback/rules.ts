import { type IpFamily, socketText } from '../model/ip.ts';
import { asList, isObject, type Json, type JsonObject, onlyKey } from '../model/json.ts';
import type { Action, Match, Rule, SpreadTarget } from '../model/ruleset.ts';
import type { Foreign } from './found.ts';
import { readFields, readMaskedMark, readMatch, readRandom } from './matches.ts';
import { addressText, protocolOf } from './spelling.ts';

/** A rule in our words, or, where they do not suffice for all of it, as nft printed it. */
export function readRule(rule: JsonObject, family: IpFamily): Rule | Foreign {
	const note = typeof rule.comment === 'string' ? rule.comment : null;
	const statements = asList(rule.expr);
	const when: Match[] = [];
	const then: Action[] = [];
	for (const statement of statements) {
		const match = then.length === 0 ? readMatch(statement, family) : null;
		if (match !== null) when.push(match);
		else {
			const action = readAction(statement, family, when, then.length);
			if (action === null) return { kind: 'foreign', text: JSON.stringify(statements), note };
			then.push(action);
		}
	}
	return { kind: 'rule', when, then, note };
}

function readAction(statement: Json, family: IpFamily, when: Match[], before: number): Action | null {
	if (!isObject(statement)) return null;
	const kind = onlyKey(statement);
	const value = kind === null ? undefined : statement[kind];
	if (kind === 'dnat') return before === 0 ? readDnat(value, family, when) : null;
	if (value === null) return kind === 'return' || kind === 'drop' ? { kind } : null;
	if (kind === null || !isObject(value)) return null;
	switch (kind) {
		case 'goto':
		case 'jump':
			return typeof value.target === 'string' ? { kind, chain: value.target } : null;
		case 'reject':
			return isPortUnreachable(value, family) ? { kind } : null;
		case 'vmap':
			return readDispatch(value, family);
		case 'mangle':
			return readMangle(value);
		case 'masquerade':
			return onlyKey(value) === 'flags' && asList(value.flags).join() === 'fully-random' ? { kind } : null;
		case 'set':
			return readRemember(value, family);
		default:
			return null;
	}
}

/** Where nothing else is said, that is what a reject says; the numbers are ICMP's codes. */
function isPortUnreachable({ type, expr }: JsonObject, family: IpFamily): boolean {
	const [name, code] = family === 'ip' ? ['icmp', 3] : ['icmpv6', 4];
	return type === name && (expr === 'port-unreachable' || expr === code);
}

function readDispatch({ key, data }: JsonObject, family: IpFamily): Action | null {
	const fields = readFields(key, family);
	if (fields === null || typeof data !== 'string' || !data.startsWith('@')) return null;
	return { kind: 'dispatch', fields, map: data.slice(1) };
}

function readMangle({ key, value }: JsonObject): Action | null {
	if (!isObject(key) || !isObject(key.meta) || key.meta.key !== 'mark' || !isObject(value)) return null;
	const set = readMaskedMark(value, '|');
	if (set !== null) return { kind: 'mark', mask: set };
	const flipped = readMaskedMark(value, '^');
	return flipped === null ? null : { kind: 'unmark', mask: flipped };
}

function readRemember({ op, elem, set, ...others }: JsonObject, family: IpFamily): Action | null {
	const fields = readFields(elem, family);
	if (op !== 'update' || Object.keys(others).length > 0 || fields?.join() !== 'saddr') return null;
	return typeof set === 'string' ? { kind: 'remember', set: set.replace(/^@/, '') } : null;
}

const DNAT_WORDS: ReadonlySet<string> = new Set(['family', 'addr', 'port']);

/** Takes the protocol, which is said just before, out of the conditions. */
function readDnat(value: Json | undefined, family: IpFamily, when: Match[]): Action | null {
	const before = when.at(-1);
	if (before?.kind !== 'compare' || before.field !== 'protocol' || before.negate) return null;
	const protocol = protocolOf(before.value);
	if (protocol === null || !isObject(value) || !Object.keys(value).every((word) => DNAT_WORDS.has(word))) return null;
	if (value.family !== undefined && value.family !== family) return null;
	const { addr, port } = value;
	when.pop();
	if (typeof addr === 'string' && typeof port === 'number') {
		return { kind: 'dnat', protocol, target: socketText(addressText(addr), port) };
	}
	const targets = port === undefined && isObject(addr) ? readTargets(addr.map) : null;
	return targets === null ? null : { kind: 'spread', protocol, targets };
}

function readTargets(map: Json | undefined): readonly SpreadTarget[] | null {
	if (!isObject(map) || !isObject(map.key) || !isObject(map.data)) return null;
	const targets: SpreadTarget[] = [];
	for (const element of asList(map.data.set)) {
		const [index, value] = asList(element);
		const [address, port] = isObject(value) ? asList(value.concat) : [];
		if (typeof index !== 'number' || typeof address !== 'string' || typeof port !== 'number') return null;
		targets.push({ index, address: addressText(address), port });
	}
	targets.sort((a, b) => a.index - b.index);
	// As many numbers are drawn as there are targets, or some packets would have none.
	const isWhole = targets.every(({ index }, place) => index === place);
	return isWhole && readRandom(map.key.numgen) === targets.length ? targets : null;
}
