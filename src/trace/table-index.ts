import { elementKey } from '../model/program.ts';
import type { Chain, Hook, MapElement, Table } from '../model/ruleset.ts';

/** Ways to find things of a table. */
export interface TableIndex {
	readonly chains: ReadonlyMap<string, Chain>;
	/** base chains in the order in which the kernel enters them */
	readonly byHook: ReadonlyMap<Hook['hook'], readonly Chain[]>;
	/** elements by their keys, by map */
	readonly maps: ReadonlyMap<string, ReadonlyMap<string, MapElement>>;
}

const INDEXES = new WeakMap<Table, TableIndex>();

/** The index of a table, which is made once: many packets go through one table. */
export function indexOf(table: Table): TableIndex {
	const known = INDEXES.get(table);
	if (known !== undefined) return known;
	const made: TableIndex = {
		chains: new Map(table.chains.map((chain) => [chain.name, chain])),
		byHook: baseChains(table),
		maps: new Map(
			table.maps.map(({ name, elements }) => [name, new Map(elements.map((each) => [elementKey(each), each]))]),
		),
	};
	INDEXES.set(table, made);
	return made;
}

function baseChains({ chains }: Table): TableIndex['byHook'] {
	const byHook = new Map<Hook['hook'], Chain[]>();
	for (const chain of chains) {
		if (chain.hook === null) continue;
		byHook.set(chain.hook.hook, [...(byHook.get(chain.hook.hook) ?? []), chain]);
	}
	for (const list of byHook.values()) list.sort((a, b) => (a.hook?.priority ?? 0) - (b.hook?.priority ?? 0));
	return byHook;
}
