import { z } from 'zod';
import type { IpFamily } from '../../src/model/ip.ts';
import type { Table } from '../../src/model/ruleset.ts';
import type { Lab } from './lab.ts';

/** What is in a table: a line for each set, map and chain with the number of its elements or rules. */
export type Objects = readonly string[];

const named = z.object({ name: z.string() });
const withElements = named.extend({ elem: z.array(z.unknown()).optional() });
const listing = z.object({
	nftables: z.array(
		z.object({
			set: withElements.optional(),
			map: withElements.optional(),
			chain: named.optional(),
			rule: z.object({ chain: z.string() }).optional(),
		}),
	),
});

/** What the kernel says is in a table, as `nft -j list table` prints it. */
export async function loadedObjects(lab: Lab, family: IpFamily, table: string): Promise<Objects> {
	const { nftables } = listing.parse(JSON.parse(await lab.run('nft', ['-j', 'list', 'table', family, table])));
	const rules = nftables.flatMap(({ rule }) => rule?.chain ?? []);
	const lines = nftables.map(({ set, map, chain }) => {
		if (set !== undefined) return `set ${set.name}: ${set.elem?.length ?? 0}`;
		if (map !== undefined) return `map ${map.name}: ${map.elem?.length ?? 0}`;
		if (chain === undefined) return null;
		return `chain ${chain.name}: ${rules.filter((name) => name === chain.name).length}`;
	});
	return lines.filter((line) => line !== null).sort();
}

/** What should be in it. */
export function wantedObjects(table: Table): Objects {
	return [
		...table.sets.map((set) => `set ${set.name}: ${set.elements.length}`),
		...table.maps.map((map) => `map ${map.name}: ${map.elements.length}`),
		...table.chains.map((chain) => `chain ${chain.name}: ${chain.rules.length}`),
	].sort();
}
