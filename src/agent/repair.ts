import { elementKey } from '../model/program.ts';
import type { MapElement, SetElement, Table } from '../model/ruleset.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../plan/transaction.ts';
import type { Difference } from '../readback/differences.ts';

/** What makes a found table the wanted one. */
export interface Repair {
	readonly change: Transaction;
	/** chains that nobody wants; they are empty after the change and can be removed later */
	readonly left: readonly string[];
}

/**
 * Turns differences into a transaction. Null where only a new table will do: the kernel changes neither the type of a
 * set or map nor the hook of a chain.
 */
export function repair(differences: readonly Difference[], wanted: Table): Repair | null {
	const name: TableName = { family: wanted.family, table: wanted.name };
	const parts = { removedElements: [] as Elements[], flushed: [] as string[], removedSets: [] as string[] };
	const added = { sets: [] as string[], chains: [] as string[], elements: [] as Elements[] };
	const left: string[] = [];
	for (const each of differences) {
		if (each.kind === 'rules') {
			parts.flushed.push(each.chain);
			added.chains.push(each.chain);
		} else if (each.kind === 'elements') {
			parts.removedElements.push(...elements(wanted, each.name, [...each.extra, ...each.changed]));
			added.elements.push(...elements(wanted, each.name, [...each.missing, ...each.changed]));
		} else if (each.what === 'chain' && each.kind === 'extra') {
			parts.flushed.push(each.name);
			left.push(each.name);
		} else if (each.what === 'chain' && each.kind === 'missing') added.chains.push(each.name);
		else if (each.what === 'set' && each.kind === 'extra') parts.removedSets.push(each.name);
		else if (each.what === 'set' && each.kind === 'missing') added.sets.push(each.name);
		else return null;
	}
	const change = transaction(name, {
		removedElements: parts.removedElements,
		flushedChains: parts.flushed,
		removedSets: parts.removedSets,
		addedSets: wanted.sets.filter((set) => added.sets.includes(set.name)),
		chains: wanted.chains.filter((chain) => added.chains.includes(chain.name)),
		addedElements: added.elements,
	});
	return { change, left };
}

/** Elements of a set or map by their keys; those that are not wanted have nothing but a key. */
function elements(wanted: Table, container: string, keys: readonly (readonly string[])[]): readonly Elements[] {
	if (keys.length === 0) return [];
	const map = wanted.maps.find((each) => each.name === container);
	if (map === undefined) return [{ kind: 'set-elements', container, elements: keys.map((key) => ({ key })) }];
	const known = new Map(map.elements.map((element) => [elementKey(element), element]));
	return [
		{ kind: 'map-elements', container, elements: keys.map((key) => known.get(elementKey({ key })) ?? unwanted(key)) },
	];
}

/** An element that is only ever removed: its verdict does not matter. */
function unwanted(key: SetElement['key']): MapElement {
	return { key, verdict: { kind: 'drop' }, owner: { namespace: '', service: '', port: '' }, note: null };
}
