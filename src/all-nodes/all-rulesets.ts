import { tableCompiler } from '../compile/compile.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import { byFamily } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import type { Ruleset } from '../model/ruleset.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { emptyNodeView, placeOf, podDetection, viewProblems } from '../view/node-view.ts';
import { sharedPrograms } from './shared-programs.ts';
import { sharedTables } from './shared-tables.ts';

/** A node's rules, and what the reader should know about it. */
export interface NodeRules {
	readonly ruleset: Ruleset;
	readonly problems: readonly Problem[];
}

/**
 * The rules of every Node of the cluster, one after the other: what `compileNode` gives for each, with everything that nodes have in
 * common made once. Parts that are equal are mostly the same objects.
 */
export function* allRulesets(state: ClusterState, network: NetworkSettings): Generator<NodeRules> {
	const programsOf = byFamily((family) => sharedPrograms(family, state.services, network.behaviour));
	const tablesOf = byFamily(() => sharedTables());
	const common = byFamily((family) => podDetection(state, { ...network, node: '' }, null, family));
	for (const node of state.nodes) {
		const settings = { ...network, node: node.name };
		const pods = network.detectLocal.mode === 'node-cidr' ? undefined : common;
		const view = emptyNodeView(state, settings, node, pods);
		const tables = view.families.map((each) => {
			const compiler = tableCompiler(view, each);
			const here = placeOf(settings, node, each.family);
			return tablesOf[each.family](compiler.frame, programsOf[each.family](here, compiler.surroundings));
		});
		yield {
			ruleset: { kind: 'ruleset', node: view.node, zone: view.zone, tables },
			problems: viewProblems(state, settings, node, view),
		};
	}
}
