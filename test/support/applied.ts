import { elementKey } from '../../src/model/program.ts';
import type { Chain, NamedSet, SetElement, VerdictMap } from '../../src/model/ruleset.ts';
import type { Elements, Transaction } from '../../src/model/transaction.ts';

/** A table that refuses what the kernel refuses. */
export interface AppliedTable {
	readonly chains: Map<string, Chain>;
	readonly sets: Map<string, NamedSet>;
	readonly maps: Map<string, VerdictMap>;
	/** by container and key */
	readonly elements: Map<string, Map<string, SetElement>>;
}

export function emptyTable(): AppliedTable {
	return { chains: new Map(), sets: new Map(), maps: new Map(), elements: new Map() };
}

/** Does what a transaction says. @throws Error where the kernel would refuse it */
export function apply(table: AppliedTable, change: Transaction): void {
	for (const each of change.removedElements) {
		for (const element of each.elements)
			refuseUnless(elementsOf(table, each).delete(elementKey(element)), 'ENOENT', each);
	}
	for (const name of change.flushedChains) table.chains.set(name, { ...found(table.chains, name), rules: [] });
	for (const name of change.removedChains) {
		refuseUnless(found(table.chains, name).rules.length === 0, 'EBUSY: it has rules', name);
		refuseUnless(!isMentioned(table, name), 'EBUSY: something leads to it', name);
		table.chains.delete(name);
	}
	for (const name of change.removedSets) {
		refuseUnless(!isMentioned(table, name), 'EBUSY', name);
		found(table.sets, name);
		table.sets.delete(name);
		table.elements.delete(name);
	}
	for (const name of change.removedMaps) {
		refuseUnless(!isMentioned(table, name), 'EBUSY', name);
		found(table.maps, name);
		table.maps.delete(name);
		table.elements.delete(name);
	}
	for (const set of change.addedSets) {
		refuseUnless(!table.sets.has(set.name), 'EEXIST', set.name);
		table.sets.set(set.name, set);
		table.elements.set(set.name, new Map(set.elements.map((element) => [elementKey(element), element])));
	}
	for (const map of change.addedMaps) {
		refuseUnless(!table.maps.has(map.name), 'EEXIST', map.name);
		table.maps.set(map.name, map);
		table.elements.set(map.name, new Map(map.elements.map((element) => [elementKey(element), element])));
	}
	for (const chain of change.chains) {
		const old = table.chains.get(chain.name);
		table.chains.set(chain.name, { ...chain, rules: [...(old?.rules ?? []), ...chain.rules] });
	}
	for (const each of change.addedElements) {
		const elements = elementsOf(table, each);
		for (const element of each.elements) {
			refuseUnless(!elements.has(elementKey(element)), 'EEXIST', each);
			elements.set(elementKey(element), element);
		}
	}
}

/** A table's content, whatever it was made by; owners are not the kernel's business. */
export function contents(table: AppliedTable): unknown {
	const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		chains: sorted(table.chains).map(([name, { hook, rules, comment }]) => ({ name, hook, rules, comment })),
		sets: sorted(table.sets).map(([, set]) => ({ ...set, elements: [] })),
		maps: sorted(table.maps).map(([, map]) => ({ ...map, elements: [] })),
		elements: sorted(table.elements).map(([name, elements]) => [
			name,
			sorted(elements).map(([key, element]) => [key, 'verdict' in element ? element.verdict : null]),
		]),
	};
}

function elementsOf(table: AppliedTable, { container }: Elements): Map<string, SetElement> {
	const elements = table.elements.get(container);
	if (elements === undefined) throw new Error(`ENOENT: ${container}`);
	return elements;
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
	const each = map.get(name);
	if (each === undefined) throw new Error(`ENOENT: ${name}`);
	return each;
}

/** Names are unlike any other text in a rule, so that looking for them as texts is enough. */
function isMentioned(table: AppliedTable, name: string): boolean {
	const rules = [...table.chains.values()].flatMap((chain) => chain.rules);
	const elements = [...table.elements.values()].flatMap((each) => [...each.values()]);
	return [...rules, ...elements].some((each) => JSON.stringify(each).includes(`"${name}"`));
}

function refuseUnless(holds: boolean, why: string, what: unknown): void {
	if (!holds) throw new Error(`${why}: ${JSON.stringify(what)}`);
}
