import { elementKey } from '../model/program.ts';
import type { MapElement, SetElement, Table } from '../model/ruleset.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../model/transaction.ts';
import { looksInto } from '../plan/port-change.ts';
import type { Difference } from '../readback/differences.ts';
import { isPlain } from './owner-of.ts';

/** What makes a found table the wanted one. */
export interface Repair {
	readonly change: Transaction;
	/** chains that nobody wants; they are empty after the change and can be removed later */
	readonly left: readonly string[];
}

/**
 * Turns differences into a transaction. A set or map that has to be made anew is, with the rules that look into it: traffic
 * meets the old or the new, and what session affinity remembers stays. Null where only a new table will do: the kernel changes
 * neither the hook nor the comment of a chain, and some names cannot be said to nft.
 */
export function repair(differences: readonly Difference[], wanted: Table): Repair | null {
	if (!differences.every(isRepairable)) return null;
	const objects = differences.filter((each) => each.kind !== 'elements' && each.kind !== 'rules');
	const named = (what: string, ...kinds: readonly string[]) =>
		new Set(objects.filter((each) => each.what === what && kinds.includes(each.kind)).map(({ name }) => name));
	const left = [...named('chain', 'extra')];
	const anew = new Set([...named('set', 'remade'), ...named('map', 'remade')]);
	const missing = named('chain', 'missing');
	const otherRules = new Set(differences.flatMap((each) => (each.kind === 'rules' ? [each.chain] : [])));
	const rewritten = wanted.chains.filter((chain) => otherRules.has(chain.name) || looksInto(chain, anew));
	const [addedSets, addedMaps] = [named('set', 'missing', 'remade'), named('map', 'missing', 'remade')];
	const elements = differences.filter((each) => each.kind === 'elements');
	const change = transaction(nameOf(wanted), {
		removedElements: elements.flatMap((each) => elementsOf(wanted, each.name, [...each.extra, ...each.changed])),
		flushedChains: [...rewritten.map(({ name }) => name).filter((name) => !missing.has(name)), ...left],
		removedSets: [...named('set', 'extra', 'remade')],
		removedMaps: [...named('map', 'extra', 'remade')],
		addedSets: wanted.sets.filter(({ name }) => addedSets.has(name)),
		addedMaps: wanted.maps.filter(({ name }) => addedMaps.has(name)),
		chains: wanted.chains.filter((chain) => missing.has(chain.name) || rewritten.includes(chain)),
		addedElements: elements.flatMap((each) => elementsOf(wanted, each.name, [...each.missing, ...each.changed])),
	});
	return { change, left };
}

function nameOf({ family, name }: Table): TableName {
	return { family, table: name };
}

function isRepairable(each: Difference): boolean {
	if (each.kind === 'elements' || each.kind === 'rules') return true;
	if (each.what === 'chain') return each.kind !== 'remade' && isPlain(each.name);
	return (each.what === 'set' || each.what === 'map') && isPlain(each.name);
}

/** Elements of a set or map by their keys; those that are not wanted have nothing but a key. */
function elementsOf(wanted: Table, container: string, keys: readonly (readonly string[])[]): readonly Elements[] {
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
