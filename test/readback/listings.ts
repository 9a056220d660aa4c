import type { Table } from '../../src/model/ruleset.ts';
import type { FoundTable } from '../../src/readback/found.ts';
import type { Json } from '../../src/readback/json.ts';
import { readTable } from '../../src/readback/read-table.ts';

/** What nft prints first of everything in a table. */
export const HEADER = { family: 'ip', table: 't', handle: 1 };

/** What nft prints of a table with certain objects. */
export function listing(...objects: readonly Json[]): Json {
	return {
		nftables: [{ metainfo: { version: '1.0.6' } }, { table: { family: 'ip', name: 't', handle: 1 } }, ...objects],
	};
}

/** A table with certain objects, read back. */
export function found(...objects: readonly Json[]): FoundTable {
	const table = readTable(listing(...objects));
	if ('unreadable' in table) throw new Error(table.unreadable);
	return table;
}

/** A table as it should be. */
export function wanted(changes: Partial<Table> = {}): Table {
	return { kind: 'table', family: 'ip', name: 't', comment: 'of n1', sets: [], maps: [], chains: [], ...changes };
}
