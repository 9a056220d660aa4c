import { isDeepStrictEqual } from 'node:util';
import { elementKey, type PortProgram } from '../model/program.ts';
import type { Action, Chain, MapElement, Match } from '../model/ruleset.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../model/transaction.ts';
import { type Holders, release, take } from './holders.ts';

/**
 * What takes a table from one program of a service port to another. A chain that differs is flushed and rewritten; one
 * that leaves is flushed only, because kernels before 6.2 still count what led to it (`cleanup` removes it later).
 * @param before null when the service port is new
 * @param after null when it leaves
 * @param holders who puts what into shared sets, before; changed to say so of after
 */
export function portChange(
	name: TableName,
	before: PortProgram | null,
	after: PortProgram | null,
	holders: Holders,
): Transaction {
	const sets = difference(before?.sets ?? [], after?.sets ?? [], (set) => set.name, isDeepStrictEqual);
	// The kernel lets a set go only when no rule looks into it: one that is made anew takes those rules along.
	const remade = new Set(sets.changed.map((set) => set.name));
	const same = (a: Chain, b: Chain) => sameChain(a, b) && !looksInto(b, remade);
	const chains = difference(before?.chains ?? [], after?.chains ?? [], (chain) => chain.name, same);
	const maps = mapChange(before, after);
	const shared = sharedChange(before, after, holders);
	return transaction(name, {
		removedElements: [...maps.removed, ...shared.removed],
		flushedChains: [...chains.left, ...chains.changed].map((chain) => chain.name),
		removedSets: [...sets.left, ...sets.changed].map((set) => set.name),
		addedSets: [...sets.changed, ...sets.come],
		chains: [...chains.changed, ...chains.come],
		addedElements: [...maps.added, ...shared.added],
	});
}

/** Whether two chains do the same. Whose they are is nothing the kernel knows. */
export function sameChain(a: Chain, b: Chain): boolean {
	if (a === b) return true;
	return (
		a.name === b.name &&
		a.comment === b.comment &&
		isDeepStrictEqual(a.hook, b.hook) &&
		isDeepStrictEqual(a.rules, b.rules)
	);
}

/** Whether a rule of a chain looks into, or writes to, one of some sets and maps. */
export function looksInto({ rules }: Chain, names: ReadonlySet<string>): boolean {
	const isThere = (each: Match | Action) =>
		((each.kind === 'member' || each.kind === 'remember') && names.has(each.set)) ||
		(each.kind === 'dispatch' && names.has(each.map));
	return names.size > 0 && rules.some((rule) => [...rule.when, ...rule.then].some(isThere));
}

/** What left a list, what came, and the new form of what changed. */
export interface Difference<T> {
	readonly left: readonly T[];
	readonly come: readonly T[];
	readonly changed: readonly T[];
}

/** Compares two lists of named things. */
export function difference<T>(
	before: readonly T[],
	after: readonly T[],
	nameOf: (each: T) => string,
	same: (a: T, b: T) => boolean,
): Difference<T> {
	if (before === after) return { left: [], come: [], changed: [] };
	// Most of what is new is new as a whole.
	if (before.length === 0) return { left: [], come: after, changed: [] };
	const old = new Map(before.map((each) => [nameOf(each), each]));
	const names = new Set(after.map(nameOf));
	const come: T[] = [];
	const changed: T[] = [];
	for (const each of after) {
		const other = old.get(nameOf(each));
		if (other === undefined) come.push(each);
		else if (!same(other, each)) changed.push(each);
	}
	return { left: before.filter((each) => !names.has(nameOf(each))), come, changed };
}

/** Compares elements by what the kernel knows of them. */
export function mapDifference(before: readonly MapElement[], after: readonly MapElement[]): Difference<MapElement> {
	return difference(before, after, elementKey, sameElement);
}

function sameElement(a: MapElement, b: MapElement): boolean {
	return a.note === b.note && isDeepStrictEqual(a.verdict, b.verdict);
}

interface ElementsChange {
	readonly removed: readonly Elements[];
	readonly added: readonly Elements[];
}

/** Maps are a service port's alone: intake gives no address and port to two of them. */
function mapChange(before: PortProgram | null, after: PortProgram | null): ElementsChange {
	const removed: Elements[] = [];
	const added: Elements[] = [];
	for (const container of names(before?.mapElements, after?.mapElements)) {
		const found = mapDifference(before?.mapElements.get(container) ?? [], after?.mapElements.get(container) ?? []);
		removed.push({ kind: 'map-elements', container, elements: [...found.left, ...found.changed] });
		added.push({ kind: 'map-elements', container, elements: [...found.changed, ...found.come] });
	}
	return { removed: withoutEmpty(removed), added: withoutEmpty(added) };
}

function sharedChange(before: PortProgram | null, after: PortProgram | null, holders: Holders): ElementsChange {
	const removed: Elements[] = [];
	const added: Elements[] = [];
	for (const set of names(before?.setElements, after?.setElements)) {
		const old = before?.setElements.get(set) ?? [];
		const found = difference(old, after?.setElements.get(set) ?? [], elementKey, () => true);
		const come = found.come.filter((element) => take(holders, set, element));
		const left = found.left.filter((element) => release(holders, set, element));
		removed.push({ kind: 'set-elements', container: set, elements: left });
		added.push({ kind: 'set-elements', container: set, elements: come });
	}
	return { removed: withoutEmpty(removed), added: withoutEmpty(added) };
}

function withoutEmpty(lists: readonly Elements[]): readonly Elements[] {
	return lists.filter((list) => list.elements.length > 0);
}

function names(
	before: ReadonlyMap<string, unknown> | undefined,
	after: ReadonlyMap<string, unknown> | undefined,
): ReadonlySet<string> {
	return new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
}
