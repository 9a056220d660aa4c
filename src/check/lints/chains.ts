import { CHAIN } from '../../compile/names.ts';
import { chainGraph, reachedFrom } from './chain-graph.ts';
import type { Lint, Linted } from './lint.ts';

/**
 * Finds chains that no base chain leads to: the kernel takes them, and no packet meets their rules. The chain that refuses is in
 * every table, also where each Service has endpoints and none leads to it.
 */
export function orphanChains({ table }: Linted): readonly Lint[] {
	const bases = table.chains.filter(({ hook }) => hook !== null).map(({ name }) => name);
	const reached = reachedFrom(bases, chainGraph(table));
	return table.chains
		.filter(({ name }) => !reached.has(name) && name !== CHAIN.refuse)
		.map(({ name, owner }) => ({ id: 'orphan-chain', owner, sentence: `no base chain leads to chain ${name}` }));
}

/** Finds chains that lead back to themselves. The kernel refuses those that a base chain leads to, and takes all others. */
export function jumpLoops({ table }: Linted): readonly Lint[] {
	const graph = chainGraph(table);
	return table.chains
		.filter(({ name }) => reachedFrom(graph.get(name) ?? [], graph).has(name))
		.map(({ name, owner }) => ({ id: 'jump-loop', owner, sentence: `chain ${name} leads back to itself` }));
}
