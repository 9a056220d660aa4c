import { isDeepStrictEqual } from 'node:util';
import { elementKey } from '../model/program.ts';
import type { Chain, NamedSet, Table, VerdictMap } from '../model/ruleset.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../model/transaction.ts';
import { difference, sameChain } from './port-change.ts';

/**
 * What takes a table from one frame to another, without its Services. Null where that needs a new table: the kernel
 * changes neither the type of a set or map nor the hook of a chain.
 * @param before null when there is no table yet
 */
export function frameChange(before: Table | null, after: Table): Transaction | null {
	const name: TableName = { family: after.family, table: after.name };
	if (before === null) return transaction(name, { addedSets: after.sets, addedMaps: after.maps, chains: after.chains });
	if (before === after) return transaction(name, {});
	const sets = difference(before.sets, after.sets, nameOf, sameDefinition);
	const maps = difference(before.maps, after.maps, nameOf, sameDefinition);
	const chains = difference(before.chains, after.chains, nameOf, sameChain);
	const redefined = [...sets.changed, ...maps.left, ...maps.come, ...maps.changed, ...chains.left, ...chains.come];
	if (redefined.length > 0 || chains.changed.some((chain) => isHookChanged(before, chain))) return null;
	const kept = after.sets.filter((set) => !sets.come.includes(set));
	return transaction(name, {
		removedElements: kept.flatMap((set) => missing(set, elementsOf(before, set), elementsOf(after, set))),
		flushedChains: chains.changed.map(nameOf),
		removedSets: sets.left.map(nameOf),
		addedSets: sets.come,
		chains: chains.changed,
		addedElements: kept.flatMap((set) => missing(set, elementsOf(after, set), elementsOf(before, set))),
	});
}

function nameOf(each: { readonly name: string }): string {
	return each.name;
}

function sameDefinition(a: NamedSet | VerdictMap, b: NamedSet | VerdictMap): boolean {
	return isDeepStrictEqual({ ...a, elements: [] }, { ...b, elements: [] });
}

function isHookChanged(before: Table, chain: Chain): boolean {
	return !isDeepStrictEqual(before.chains.find((each) => each.name === chain.name)?.hook, chain.hook);
}

function elementsOf(table: Table, { name }: NamedSet): NamedSet['elements'] {
	return table.sets.find((set) => set.name === name)?.elements ?? [];
}

/** Those of some elements that are not among others, if any. */
function missing(set: NamedSet, some: NamedSet['elements'], others: NamedSet['elements']): readonly Elements[] {
	const keys = new Set(others.map(elementKey));
	const elements = some.filter((element) => !keys.has(elementKey(element)));
	return elements.length === 0 ? [] : [{ kind: 'set-elements', container: set.name, elements }];
}
