import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain, Ruleset, Table } from '../../src/model/ruleset.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import { pieces } from '../../src/proof/pieces.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { compiled } from '../support/compiled.ts';

/** What an empty table is after some transactions that only add. @throws Error when one needs what is not there yet */
function after({ family, name, comment }: Table, changes: readonly Transaction[]): Table {
	const sets = new Map<string, Table['sets'][number]>();
	const maps = new Map<string, Table['maps'][number]>();
	const chains = new Map<string, Chain>();
	for (const change of changes.filter((each) => each.family === family && each.table === name)) {
		for (const set of change.addedSets) sets.set(set.name, set);
		for (const map of change.addedMaps) maps.set(map.name, map);
		for (const chain of change.chains) {
			chains.set(chain.name, { ...chain, rules: [...(chains.get(chain.name)?.rules ?? []), ...chain.rules] });
		}
		for (const { kind, container, elements } of change.addedElements) {
			const [set, map] = [sets.get(container), maps.get(container)];
			if (kind === 'set-elements' && set) sets.set(container, { ...set, elements: [...set.elements, ...elements] });
			else if (kind === 'map-elements' && map)
				maps.set(container, { ...map, elements: [...map.elements, ...elements] });
			else throw new Error(`there is no ${container} yet`);
		}
	}
	return {
		kind: 'table',
		family,
		name,
		comment,
		sets: [...sets.values()],
		maps: [...maps.values()],
		chains: [...chains.values()],
	};
}

function weights(changes: readonly Transaction[]): readonly number[] {
	return changes.map(({ chains, addedElements }) => {
		const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
		return rules + addedElements.reduce((sum, { elements }) => sum + elements.length, 0);
	});
}

function longestChain({ tables }: Ruleset): number {
	return Math.max(...tables.flatMap(({ chains }) => chains.map(({ rules }) => rules.length)));
}

describe('a ruleset in pieces', () => {
	it('is the ruleset again when they are made one after the other, and none is large', () => {
		fc.assert(
			fc.property(arbitraryCluster, fc.integer({ min: 1, max: 20 }), (cluster, most) => {
				const { ruleset } = compiled(cluster.flat());
				const made = pieces(ruleset, most);
				expect(ruleset.tables.map((table) => after(table, made))).toEqual(ruleset.tables);
				expect(Math.max(...weights(made))).toBeLessThanOrEqual(Math.max(most, longestChain(ruleset)));
			}),
			{ numRuns: 40 },
		);
	});
});
