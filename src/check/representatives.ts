import { compile } from '../compile/compile.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import { sortedBy } from '../model/order.ts';
import type { Ruleset } from '../model/ruleset.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { nodeView } from '../view/node-view.ts';
import { type SiteGroup, siteGrouping } from './site-groups.ts';

/**
 * The whole rulesets of a few nodes that stand for all: one of each group whose rules are alike but for their own endpoints, the
 * one with the most of these. Sorted bytewise by node.
 */
export function representatives(state: ClusterState, network: NetworkSettings): readonly Ruleset[] {
	const groupSites = siteGrouping(state, network);
	const counts = endpointCounts(state);
	const busiest = ({ nodes }: SiteGroup) =>
		[...nodes].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).slice(0, 1);
	const names = new Set(network.families.flatMap((family) => groupSites([], family, null).flatMap(busiest)));
	return sortedBy(names, (name) => name).flatMap((node) => {
		const { view } = nodeView(state, { ...network, node });
		return view === null ? [] : [compile(view)];
	});
}

function endpointCounts({ services }: ClusterState): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const { endpoints } of services.flatMap(({ ports }) => ports)) {
		for (const { node } of IP_FAMILIES.flatMap((family) => endpoints[family])) {
			if (node !== null) counts.set(node, (counts.get(node) ?? 0) + 1);
		}
	}
	return counts;
}
