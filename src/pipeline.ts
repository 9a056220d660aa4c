import { compile } from './compile/compile.ts';
import { withHints } from './hints/with-hints.ts';
import { type Intake, intake } from './intake/intake.ts';
import type { ClusterState } from './model/cluster-state.ts';
import type { Document } from './model/document.ts';
import type { NodeView } from './model/node-view.ts';
import type { Problem } from './model/problem.ts';
import type { Ruleset } from './model/ruleset.ts';
import type { Settings } from './model/settings.ts';
import { nodeView } from './view/node-view.ts';

/** The cluster with hints as rules are made of it, the same for every node, with all that was noticed on the way. */
export interface Cluster {
	readonly state: ClusterState;
	readonly problems: readonly Problem[];
	readonly intake: Intake;
}

/** One node's rules, or null where there can be none, with all that was noticed on the way. */
export interface Compiled {
	readonly ruleset: Ruleset | null;
	readonly view: NodeView | null;
	readonly problems: readonly Problem[];
	readonly intake: Intake;
}

/** Documents in, the cluster out. */
export function readCluster(documents: readonly Document[], settings: Pick<Settings, 'behaviour' | 'hints'>): Cluster {
	const read = intake(documents, settings.behaviour);
	const { state, problems } = withHints(read.state, settings.hints, settings.behaviour);
	return { state, problems: [...read.problems, ...problems], intake: read };
}

/** The conductor: documents in, one node's ruleset out. Text is made of it by render/. */
export function compileNode(documents: readonly Document[], settings: Settings): Compiled {
	const cluster = readCluster(documents, settings);
	const { view, problems } = nodeView(cluster.state, settings);
	return {
		ruleset: view === null ? null : compile(view),
		view,
		problems: [...cluster.problems, ...problems],
		intake: cluster.intake,
	};
}
