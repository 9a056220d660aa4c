import type { IpFamily } from '../model/ip.ts';
import { asList, isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Field, Match } from '../model/ruleset.ts';
import { fewestNetworks } from './networks.ts';
import { networkText, protocolOf } from './spelling.ts';

/** What a statement asks of a packet, in our words; null when it is another kind of statement, or we have none. */
export function readMatch(statement: Json, family: IpFamily): Match | null {
	if (!isObject(statement) || !isObject(statement.match)) return null;
	const { op, left, right } = statement.match;
	if (!isObject(left) || right === undefined) return null;
	if (op === 'in') return ofConnection(left, right);
	if (op !== '==' && op !== '!=') return null;
	const negate = op === '!=';
	return ofFields(left, right, negate, family) ?? ofMeta(left, right, negate) ?? (negate ? null : ofFacts(left, right));
}

/** nft's names of the bits, and their numbers as `nft -n` prints them. */
function ofConnection(left: JsonObject, right: Json): Match | null {
	const key = isObject(left.ct) ? left.ct.key : null;
	const [bit, ...others] = asList(right);
	if (others.length > 0) return null;
	if (key === 'state' && (bit === 'new' || bit === 8)) return { kind: 'new-connection' };
	if (key === 'status' && (bit === 'dnat' || bit === 32)) return { kind: 'rewritten' };
	return null;
}

/** The fields of a key; null when one of them is none of ours. */
export function readFields(key: Json | undefined, family: IpFamily): readonly Field[] | null {
	if (!isObject(key)) return null;
	if (key.concat === undefined) {
		const field = fieldOf(key, family);
		return field === null ? null : [field];
	}
	const fields: Field[] = [];
	for (const part of asList(key.concat)) {
		const field = fieldOf(part, family);
		if (field === null) return null;
		fields.push(field);
	}
	return fields;
}

function fieldOf(key: Json, family: IpFamily): Field | null {
	if (!isObject(key)) return null;
	if (isObject(key.meta)) return key.meta.key === 'l4proto' ? 'protocol' : null;
	if (!isObject(key.payload)) return null;
	const { protocol, field } = key.payload;
	if (protocol === family && (field === 'saddr' || field === 'daddr')) return field;
	return protocol === 'th' && field === 'dport' ? 'dport' : null;
}

function ofFields(left: JsonObject, right: Json, negate: boolean, family: IpFamily): Match | null {
	const fields = readFields(left, family);
	const [field, ...others] = fields ?? [];
	if (fields === null || field === undefined) return null;
	if (typeof right === 'string' && right.startsWith('@')) {
		return { kind: 'member', fields, negate, set: right.slice(1) };
	}
	if (others.length > 0) return null;
	if (field === 'protocol') {
		const value = protocolOf(right);
		return value === null ? null : { kind: 'compare', field, negate, value };
	}
	if (field === 'dport') {
		return typeof right === 'number' ? { kind: 'compare', field, negate, value: String(right) } : null;
	}
	return ofAddress(field, right, negate, family);
}

function ofAddress(field: Field, right: Json, negate: boolean, family: IpFamily): Match | null {
	const texts: string[] = [];
	for (const value of isObject(right) && right.set !== undefined ? asList(right.set) : [right]) {
		const text = networkText(value);
		if (text === null) return null;
		texts.push(text);
	}
	// Nearly always one address or network, which is spelled as it has to be.
	const values = texts.length === 1 && !texts[0]?.includes('-') ? texts : fewestNetworks(family, texts);
	const [value, ...others] = values ?? [];
	if (values === null || value === undefined) return null;
	return others.length === 0 ? { kind: 'compare', field, negate, value } : { kind: 'among', field, negate, values };
}

function ofMeta(left: JsonObject, right: Json, negate: boolean): Match | null {
	if (isObject(left.meta)) {
		const { key } = left.meta;
		if (key === 'iifname' && typeof right === 'string') return { kind: 'interface', negate, name: right };
		// A mask of the highest bit alone is printed as the prefix it also is: `meta mark != 0x00000000/1`.
		const prefix = isObject(right) && isObject(right.prefix) ? right.prefix : null;
		const isHighestBit = key === 'mark' && negate && prefix?.addr === 0 && prefix.len === 1;
		return isHighestBit ? { kind: 'marked', mask: '0x80000000' } : null;
	}
	const mask = readMaskedMark(left, '&');
	return mask !== null && negate && right === 0 ? { kind: 'marked', mask } : null;
}

/** The mask of `meta mark OPERATOR mask`. */
export function readMaskedMark(value: JsonObject, operator: '&' | '|' | '^'): string | null {
	const [mark, mask, ...others] = asList(value[operator]);
	if (others.length > 0 || !isObject(mark) || !isObject(mark.meta) || mark.meta.key !== 'mark') return null;
	return typeof mask === 'number' ? `0x${mask.toString(16)}` : null;
}

function ofFacts(left: JsonObject, right: Json): Match | null {
	if (isObject(left.fib)) {
		const [flag, ...others] = asList(left.fib.flags);
		const isOwn = left.fib.result === 'type' && (right === 'local' || right === 2);
		return isOwn && others.length === 0 && (flag === 'saddr' || flag === 'daddr')
			? { kind: 'local', field: flag }
			: null;
	}
	const of = readRandom(left.numgen);
	return of !== null && right === 0 ? { kind: 'chance', of } : null;
}

/** n of `numgen random mod n`. */
export function readRandom(numgen: Json | undefined): number | null {
	if (!isObject(numgen) || numgen.mode !== 'random' || typeof numgen.mod !== 'number') return null;
	return (numgen.offset ?? 0) === 0 ? numgen.mod : null;
}
