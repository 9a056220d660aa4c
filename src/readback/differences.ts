import { commentText } from '../model/comment.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Chain, Hook, NamedSet, Table, VerdictMap } from '../model/ruleset.ts';
import { type ElementDifference, mapElementDifference, setElementDifference } from './element-differences.ts';
import type { FoundChain, FoundMap, FoundSet, FoundTable } from './found.ts';
import { foundRuleKeys, wantedRuleKeys } from './keys.ts';
import { typesOf } from './spelling.ts';

/** One way in which a found table is not the wanted one. */
export type Difference = ObjectDifference | ElementDifference | RuleDifference;

/** Something is missing, is too much, or is of another make (type, flags, hook, comment) and has to be made anew. */
export interface ObjectDifference {
	readonly kind: 'missing' | 'extra' | 'remade';
	readonly what: 'table' | 'set' | 'map' | 'chain' | 'other';
	readonly name: string;
}

/** A chain has other rules than it should. */
export interface RuleDifference {
	readonly kind: 'rules';
	readonly chain: string;
	/** The place, counted from 0, of the first rule that is another one, missing or too much. */
	readonly first: number;
	readonly found: number;
	readonly wanted: number;
}

export interface CompareOptions {
	/** Names of sets that are not of the ruleset, such as one that fences writers. */
	readonly ignoredSets?: ReadonlySet<string>;
}

/**
 * What of a found table is not as wanted, in the order sets, maps, chains. Owners and the order of elements do not count,
 * nor elements that packets add. A comment that nft does not print is taken to be right: it changes no packet.
 */
export function differences(found: FoundTable, wanted: Table, options: CompareOptions = {}): readonly Difference[] {
	const { family } = wanted;
	const foundSets = found.sets.filter((set) => options.ignoredSets?.has(set.name) !== true);
	const isTable = found.foreign.length === 0 && sameComment(found.comment, wanted.comment);
	return [
		...(isTable && found.family === family ? [] : [remade('table', found.name)]),
		...matched('set', foundSets, wanted.sets, (is, should) => setDifferences(is, should, family)),
		...matched('map', found.maps, wanted.maps, (is, should) => mapDifferences(is, should, family)),
		...matched('chain', found.chains, wanted.chains, (is, should) => chainDifferences(is, should, family)),
		...found.others.map(({ kind, name }) => ({ kind: 'extra', what: 'other', name: `${kind} ${name}` }) as const),
	];
}

/** Whether a found table does exactly what the wanted one does. */
export function sameTable(found: FoundTable, wanted: Table, options: CompareOptions = {}): boolean {
	return differences(found, wanted, options).length === 0;
}

interface Called {
	readonly name: string;
}

function matched<Found extends Called, Wanted extends Called>(
	what: 'set' | 'map' | 'chain',
	found: readonly Found[],
	wanted: readonly Wanted[],
	compare: (is: Found, should: Wanted) => readonly Difference[],
): readonly Difference[] {
	const left = new Map(found.map((each) => [each.name, each]));
	const result: Difference[] = [];
	for (const should of wanted) {
		const is = left.get(should.name);
		if (is === undefined) result.push({ kind: 'missing', what, name: should.name });
		else result.push(...compare(is, should));
		left.delete(should.name);
	}
	for (const name of left.keys()) result.push({ kind: 'extra', what, name });
	return result;
}

function remade(what: ObjectDifference['what'], name: string): ObjectDifference {
	return { kind: 'remade', what, name };
}

function setDifferences(is: FoundSet, should: NamedSet, family: IpFamily): readonly Difference[] {
	const isMake =
		is.foreign.length === 0 &&
		is.interval === should.interval &&
		is.timeout === should.timeout &&
		sameTexts(is.types, typesOf(should.fields, family)) &&
		sameComment(is.comment, should.comment);
	if (!isMake) return [remade('set', is.name)];
	return setElementDifference(is, should, family);
}

function mapDifferences(is: FoundMap, should: VerdictMap, family: IpFamily): readonly Difference[] {
	const isMake =
		is.foreign.length === 0 &&
		sameTexts(is.types, typesOf(should.fields, family)) &&
		sameComment(is.comment, should.comment);
	return isMake ? mapElementDifference(is, should) : [remade('map', is.name)];
}

function chainDifferences(is: FoundChain, should: Chain, family: IpFamily): readonly Difference[] {
	const isMake = is.foreign.length === 0 && sameHook(is.hook, should.hook) && sameComment(is.comment, should.comment);
	if (!isMake) return [remade('chain', is.name)];
	const foundKeys = foundRuleKeys(is, family);
	const wantedKeys = wantedRuleKeys(should, family);
	const most = Math.max(foundKeys.length, wantedKeys.length);
	for (let first = 0; first < most; first++) {
		if (foundKeys[first] === wantedKeys[first]) continue;
		return [{ kind: 'rules', chain: is.name, first, found: foundKeys.length, wanted: wantedKeys.length }];
	}
	return [];
}

function sameHook(a: Hook | null, b: Hook | null): boolean {
	if (a === null || b === null) return a === b;
	return a.type === b.type && a.hook === b.hook && a.priority === b.priority;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
	return a.length === b.length && a.every((text, index) => text === b[index]);
}

function sameComment(found: string | null, wanted: string | null): boolean {
	return found === null || (wanted !== null && found === commentText(wanted));
}
