import type { Chain, Table } from '../../model/ruleset.ts';

/** Where the rules of a chain lead: the names of chains that they jump or go to, by a map too. Each once, in order. */
export function targetsOf(chain: Chain, table: Table): readonly string[] {
	const targets = chain.rules.flatMap((rule) =>
		rule.then.flatMap((action) => {
			if (action.kind === 'goto' || action.kind === 'jump') return [action.chain];
			return action.kind === 'dispatch' ? mapTargets(action.map, table) : [];
		}),
	);
	return [...new Set(targets)];
}

function mapTargets(name: string, { maps }: Table): readonly string[] {
	const elements = maps.find((map) => map.name === name)?.elements ?? [];
	return elements.flatMap(({ verdict }) => (verdict.kind === 'goto' ? [verdict.chain] : []));
}

/** Where every chain of a table leads. A name that no chain has leads nowhere. */
export type ChainGraph = ReadonlyMap<string, readonly string[]>;

/** The chains of a table, and where they lead. */
export function chainGraph(table: Table): ChainGraph {
	return new Map(table.chains.map((chain) => [chain.name, targetsOf(chain, table)]));
}

/** All chains that some chains lead to, these included. */
export function reachedFrom(starts: readonly string[], graph: ChainGraph): ReadonlySet<string> {
	const reached = new Set(starts);
	// What is added on the way is walked too: a set's iteration meets it.
	for (const name of reached) for (const next of graph.get(name) ?? []) reached.add(next);
	return reached;
}
