import type { IpFamily } from './ip.ts';
import type { Chain, MapElement, NamedSet, SetElement, VerdictMap } from './ruleset.ts';

/** Elements of one set. */
export interface SetElements {
	readonly kind: 'set-elements';
	readonly container: string;
	readonly elements: readonly SetElement[];
}

/** Elements of one map. */
export interface MapElements {
	readonly kind: 'map-elements';
	readonly container: string;
	readonly elements: readonly MapElement[];
}

export type Elements = SetElements | MapElements;

/**
 * A change of one table that the kernel makes whole or not at all. The fields are in the order in which it happens:
 * what leaves is gone before what comes, so that an element may move from one Service to another.
 */
export interface Transaction {
	readonly kind: 'transaction';
	readonly family: IpFamily;
	readonly table: string;
	readonly removedElements: readonly Elements[];
	/** Names of chains whose rules go; those that stay get new ones below. */
	readonly flushedChains: readonly string[];
	/** They have to be flushed and without an element that leads to them; kernels before 6.2 want that one transaction earlier. */
	readonly removedChains: readonly string[];
	readonly removedSets: readonly string[];
	readonly removedMaps: readonly string[];
	readonly addedSets: readonly NamedSet[];
	readonly addedMaps: readonly VerdictMap[];
	/** With the rules they get; those that are there already keep what they are besides. */
	readonly chains: readonly Chain[];
	readonly addedElements: readonly Elements[];
}

/** Which table a transaction is for. */
export type TableName = Pick<Transaction, 'family' | 'table'>;

/** A transaction of which some parts are given; the others are empty. */
export function transaction(name: TableName, parts: Partial<Transaction>): Transaction {
	return {
		kind: 'transaction',
		family: name.family,
		table: name.table,
		removedElements: [],
		flushedChains: [],
		removedChains: [],
		removedSets: [],
		removedMaps: [],
		addedSets: [],
		addedMaps: [],
		chains: [],
		addedElements: [],
		...parts,
	};
}
