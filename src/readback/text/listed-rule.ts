import type { Protocol } from '../../model/cluster-state.ts';
import { commentText } from '../../model/comment.ts';
import { type IpFamily, parseSocket, socketText } from '../../model/ip.ts';
import type { Action, Among, Dnat, Field, Match, Rule, Spread } from '../../model/ruleset.ts';
import { fewestRanges } from '../networks.ts';
import { listedAddress } from '../spelling.ts';

// How `nft --numeric list` of nft 1.0.6 and 1.1 spells what the built-in templates write. Where another nft does it otherwise,
// tables are read as JSON, and nothing else comes of it.

/** A rule as nft lists it. @param note its comment, or the chain's where that stands on it */
export function listedRule({ when, then }: Rule, note: string | null, family: IpFamily): string {
	const words = [...when.map((each) => listedMatch(each, family)), ...then.map((each) => listedAction(each, family))];
	return words.join(' ') + listedComment(note);
}

/** A comment as it stands behind a rule or an element; nothing where there is none. */
export function listedComment(note: string | null): string {
	return note === null ? '' : ` comment "${commentText(note)}"`;
}

const PROTOCOL_NUMBERS: ReadonlyMap<string, string> = new Map<Protocol, string>([
	['tcp', '6'],
	['udp', '17'],
	['sctp', '132'],
]);

/** A protocol, a port, an address or a network as nft lists it. */
export function listedValue(text: string): string {
	return PROTOCOL_NUMBERS.get(text) ?? listedAddress(text);
}

/** What is looked up in a set or map, or what it is made of. */
export function listedFields(fields: readonly Field[], family: IpFamily): string {
	return fields.map((field) => listedField(field, family)).join(' . ');
}

function listedField(field: Field, family: IpFamily): string {
	if (field === 'protocol') return 'meta l4proto';
	return field === 'dport' ? 'th dport' : `${family} ${field}`;
}

function listedMatch(match: Match, family: IpFamily): string {
	switch (match.kind) {
		case 'compare':
			return `${listedField(match.field, family)} ${not(match)}${listedValue(match.value)}`;
		case 'among':
			return `${listedField(match.field, family)} ${not(match)}{ ${listedValues(match, family)} }`;
		case 'member':
			return `${listedFields(match.fields, family)} ${not(match)}@${match.set}`;
		case 'interface':
			return `iifname ${not(match)}"${match.name}"`;
		case 'local':
			return `fib ${match.field} type 2`;
		case 'new-connection':
			return 'ct state 0x8';
		case 'rewritten':
			return 'ct status 0x20';
		case 'marked':
			return `meta mark & ${listedMask(match.mask)} != 0x00000000`;
		case 'chance':
			return `numgen random mod ${match.of} 0`;
	}
}

function not({ negate }: { readonly negate: boolean }): string {
	return negate ? '!= ' : '';
}

function listedValues({ field, values }: Among, family: IpFamily): string {
	const isAddress = field === 'saddr' || field === 'daddr';
	const listed = (isAddress ? fewestRanges(family, values) : null) ?? values;
	return listed.map((value) => value.split('-').map(listedValue).join('-')).join(', ');
}

function listedMask(mask: string): string {
	return `0x${Number(mask).toString(16).padStart(8, '0')}`;
}

function listedAction(action: Action, family: IpFamily): string {
	switch (action.kind) {
		case 'goto':
		case 'jump':
			return `${action.kind} ${action.chain}`;
		case 'dispatch':
			return `${listedFields(action.fields, family)} vmap @${action.map}`;
		case 'dnat':
			return listedDnat(action);
		case 'spread':
			return listedSpread(action, family);
		case 'mark':
			return `meta mark set meta mark | ${listedMask(action.mask)}`;
		case 'unmark':
			return `meta mark set meta mark ^ ${listedMask(action.mask)}`;
		case 'masquerade':
			return 'masquerade fully-random';
		case 'remember':
			return `update @${action.set} { ${family} saddr }`;
		case 'return':
		case 'drop':
		case 'reject':
			return action.kind;
	}
}

function listedDnat({ protocol, target }: Dnat): string {
	const { address, port } = parseSocket(target);
	return `meta l4proto ${listedValue(protocol)} dnat to ${socketText(listedAddress(address), Number(port))}`;
}

function listedSpread({ protocol, targets }: Spread, family: IpFamily): string {
	const listed = targets.map(({ index, address, port }) => `${index} : ${listedAddress(address)} . ${port}`);
	const random = `numgen random mod ${targets.length} map { ${listed.join(', ')} }`;
	return `meta l4proto ${listedValue(protocol)} dnat ${family} to ${random}`;
}
