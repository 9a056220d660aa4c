import type { Json } from '../../src/model/json.ts';
import type { Table } from '../../src/model/ruleset.ts';
import type { FoundTable } from '../../src/readback/found.ts';
import { readTable } from '../../src/readback/read-table.ts';
import {
	listedChain,
	listedElement,
	listedMap,
	listedMapElement,
	listedSet,
	listedTable,
} from '../../src/readback/text/listed-lines.ts';

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

/** A table as nft prints it as text, with a number of elements on a line as nft has it. */
export function textListing(table: Table, onALine = 2): string {
	const { family } = table;
	const sets = table.sets.map((set) => [...listedSet(set, family), ...block(set.elements.map(listedElement), onALine)]);
	const maps = table.maps.map((map) => [
		...listedMap(map, family),
		...block(map.elements.map(listedMapElement), onALine),
	]);
	const chains = table.chains.map((chain) => listedChain(chain, family));
	const objects = [...sets, ...maps, ...chains].map((lines) => [...lines, '\t}'].join('\n'));
	return `${listedTable(table).join('\n')}\n${objects.join('\n\n')}\n}\n`;
}

function block(elements: readonly string[], onALine: number): readonly string[] {
	if (elements.length === 0) return [];
	const lines = Array.from({ length: Math.ceil(elements.length / onALine) }, (_, index) =>
		elements.slice(index * onALine, (index + 1) * onALine).join(', '),
	);
	return `\t\telements = { ${lines.join(',\n\t\t\t     ')} }`.split('\n');
}
