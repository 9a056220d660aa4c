import type { IpFamily } from '../model/ip.ts';
import { asList, isObject, type Json, type JsonObject, onlyKey, textOrNull, unknownEntries } from '../model/json.ts';
import type { Rule } from '../model/ruleset.ts';
import type { Foreign, FoundChain, FoundMap, FoundOther, FoundSet, FoundTable } from './found.ts';
import { readHook } from './hooks.ts';
import { readRule } from './rules.ts';
import { readMap, readSet } from './sets.ts';

/** Why a listing is not one of our tables. */
export interface NoTable {
	readonly unreadable: string;
}

/**
 * Reads a table as `nft -j list table` prints it. Nothing in it is an error: what no ruleset of ours says is kept as it is.
 * @param listing the parsed JSON
 */
export function readTable(listing: unknown): FoundTable | NoTable {
	const objects = isObject(listing as Json) ? asList((listing as JsonObject).nftables) : [];
	const table = objects.find((object) => isObject(object) && isObject(object.table));
	const header = isObject(table) && isObject(table.table) ? table.table : null;
	if (header === null) return { unreadable: 'the listing has no table' };
	const { family } = header;
	if (family !== 'ip' && family !== 'ip6') return { unreadable: `its family is ${JSON.stringify(family)}` };
	return { ...readHeader(header, family), ...readContents(objects, family) };
}

/** Whether a listing of tables has one of the name that is not flagged in any way, as none of ours is. */
export function isListedPlain(listing: unknown, name: string): boolean {
	const objects = isObject(listing as Json) ? asList((listing as JsonObject).nftables) : [];
	const tables = objects.map((object) => (isObject(object) ? object.table : undefined));
	return tables.some((each) => isObject(each) && each.name === name && unknownEntries(each, TABLE_WORDS).length === 0);
}

const TABLE_WORDS: ReadonlySet<string> = new Set(['family', 'name', 'handle', 'comment']);

function readHeader(
	header: JsonObject,
	family: IpFamily,
): Pick<FoundTable, 'kind' | 'family' | 'name' | 'comment' | 'foreign'> {
	return {
		kind: 'table',
		family,
		name: textOrNull(header.name) ?? '',
		comment: textOrNull(header.comment),
		foreign: unknownEntries(header, TABLE_WORDS),
	};
}

/** Rules by their chain. Some releases print a chain's rules after it, others all rules after all chains. */
type Rules = Map<string, (Rule | Foreign)[]>;

function readContents(
	objects: readonly Json[],
	family: IpFamily,
): Pick<FoundTable, 'sets' | 'maps' | 'chains' | 'others'> {
	const sets: FoundSet[] = [];
	const maps: FoundMap[] = [];
	const chains: FoundChain[] = [];
	const others: FoundOther[] = [];
	const rules: Rules = new Map();
	for (const object of objects) {
		const kind = isObject(object) ? onlyKey(object) : null;
		const value = isObject(object) && kind !== null ? object[kind] : undefined;
		if (kind === null || !isObject(value)) others.push({ kind: 'unknown', name: JSON.stringify(object) });
		else if (kind === 'rule') rulesOf(rules, textOrNull(value.chain) ?? '').push(readRule(value, family));
		else if (kind === 'set') sets.push(readSet(value));
		else if (kind === 'map') maps.push(readMap(value));
		else if (kind === 'chain') chains.push(readChain(value, rules));
		else if (kind !== 'metainfo' && kind !== 'table') others.push({ kind, name: textOrNull(value.name) ?? '' });
	}
	const listed = new Set(chains.map(({ name }) => name));
	for (const chain of rules.keys()) if (!listed.has(chain)) others.push({ kind: 'rule', name: chain });
	return { sets, maps, chains, others };
}

function rulesOf(rules: Rules, chain: string): (Rule | Foreign)[] {
	let found = rules.get(chain);
	if (found === undefined) {
		found = [];
		rules.set(chain, found);
	}
	return found;
}

const CHAIN_WORDS: ReadonlySet<string> = new Set(['family', 'table', 'name', 'handle', 'comment']);
const BASE_CHAIN_WORDS: ReadonlySet<string> = new Set([...CHAIN_WORDS, 'type', 'hook', 'prio', 'policy']);

/** A chain, whose list of rules fills up later. */
function readChain(chain: JsonObject, rules: Rules): FoundChain {
	const name = textOrNull(chain.name) ?? '';
	const hook = readHook(chain);
	const foreign = [...unknownEntries(chain, hook === null ? CHAIN_WORDS : BASE_CHAIN_WORDS)];
	if (hook !== null && chain.policy !== 'accept') foreign.push(`policy ${JSON.stringify(chain.policy ?? null)}`);
	return { kind: 'chain', name, comment: textOrNull(chain.comment), hook, foreign, rules: rulesOf(rules, name) };
}
