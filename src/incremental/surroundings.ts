import { isDeepStrictEqual } from 'node:util';
import { type TableCompiler, tableCompiler } from '../compile/compile.ts';
import { sortDocuments } from '../intake/documents.ts';
import { readNode, readServiceCidrs } from '../intake/node.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { nodeView, placeOf } from '../view/node-view.ts';
import type { Here } from '../view/service-port-view.ts';

/** What every service port of one family is compiled with. */
export interface FamilySurroundings {
	readonly family: IpFamily;
	readonly here: Here;
	readonly compiler: TableCompiler;
}

/** What is left of a cluster without its Services, as one node sees it. */
export interface Surroundings {
	/** it has no Services */
	readonly state: ClusterState;
	/** empty while the node is unknown */
	readonly families: readonly FamilySurroundings[];
	readonly problems: readonly Problem[];
}

/** Before anything is known. */
export const NO_SURROUNDINGS: Surroundings = {
	state: { services: [], nodes: [], serviceCidrs: { ip: [], ip6: [] } },
	families: [],
	problems: [],
};

/**
 * Reads what surrounds the Services. What is as it was stays the same object, so that nobody compiles for nothing.
 */
export function readSurroundings(
	nodes: readonly unknown[],
	serviceCidrs: readonly unknown[],
	settings: Settings,
	before: Surroundings,
): Surroundings {
	const problems: Problem[] = [];
	const report = (problem: Problem) => problems.push(problem);
	const values = [...nodes, ...serviceCidrs];
	const documents = values.map((value, index) => ({ file: 'cluster', index, value }));
	const { objects } = sortDocuments(documents, report);
	const state: ClusterState = {
		services: [],
		nodes: (objects.get('Node') ?? []).flatMap((object) => readNode(object, report) ?? []),
		serviceCidrs: readServiceCidrs(settings.behaviour.serviceCidrs ? (objects.get('ServiceCIDR') ?? []) : [], report),
	};
	const { view, problems: ofView } = nodeView(state, settings);
	const node = state.nodes.find((each) => each.name === settings.node) ?? null;
	const families =
		view === null
			? []
			: view.families.map((each): FamilySurroundings => {
					const here = placeOf(settings, node, each.family);
					return { family: each.family, here, compiler: tableCompiler(view, each) };
				});
	return {
		state,
		families: families.map((each) => unchanged(before, each) ?? each),
		problems: [...problems, ...ofView],
	};
}

/** The surroundings of a family as they were, when nothing of them differs. */
function unchanged(before: Surroundings, now: FamilySurroundings): FamilySurroundings | null {
	const old = before.families.find(({ family }) => family === now.family);
	if (old === undefined || !isDeepStrictEqual(old.here, now.here)) return null;
	return isDeepStrictEqual(old.compiler.surroundings, now.compiler.surroundings) &&
		isDeepStrictEqual(old.compiler.frame, now.compiler.frame)
		? old
		: null;
}
