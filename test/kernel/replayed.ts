import { openSandbox } from '../../src/host/sandbox/sandbox.ts';
import type { FlowChange } from '../../src/model/change-set.ts';
import type { NotReplayed, Replay } from '../../src/model/replay.ts';
import type { Settings } from '../../src/model/settings.ts';
import { NO_SYMBOLS } from '../../src/model/symbols.ts';
import { readCluster } from '../../src/pipeline.ts';
import { replay } from '../../src/proof/replay.ts';
import { compared } from '../support/comparisons.ts';
import { show } from '../support/compiled.ts';
import { documents, settings } from '../support/objects.ts';

/** Compares two lists of Kubernetes objects and replays what changes. @param alter makes other flows of those that were found */
export async function replayed(
	before: readonly unknown[],
	after: readonly unknown[],
	changes: Partial<Settings> = {},
	alter: (flows: readonly FlowChange[]) => readonly FlowChange[] = (flows) => flows,
): Promise<Replay | NotReplayed> {
	const network = settings(changes);
	const stateOf = (objects: readonly unknown[]) => readCluster(documents(...objects), network).state;
	const { flows } = compared(before, after, changes);
	return replay(
		{
			before: stateOf(before),
			after: stateOf(after),
			flows: alter(flows),
			symbols: NO_SYMBOLS,
			network,
			preferred: [],
			show,
		},
		openSandbox,
	);
}

/** What a replay says where nothing differs. */
export function agreeing(sent: number, nodes: readonly string[]): Replay {
	return { kind: 'replayed', sent, agreeing: sent, nodes, mismatches: [], strays: [], skipped: [] };
}
