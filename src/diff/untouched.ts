import { compileTable } from '../compile/compile.ts';
import type { NodeCohort } from '../model/change-set.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { nodeView } from '../view/node-view.ts';
import { countRules } from './rule-count.ts';

/** How many rules and elements of a cohort's representative stay as they are. @param before the side they are counted on */
export function untouchedRules(
	{ representative, rules }: NodeCohort,
	before: ClusterState,
	settings: NetworkSettings,
): number {
	const { view } = nodeView(before, { ...settings, node: representative });
	if (view === null) return 0;
	const all = view.families.map((family) => countRules(compileTable(view, family)));
	return all.reduce((sum, count) => sum + count, 0) - rules.removed;
}
