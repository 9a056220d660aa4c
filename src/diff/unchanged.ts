import type { Service } from '../model/cluster-state.ts';
import type { ClientClasses } from './clients.ts';
import { isNodePortReachable, targetCount } from './frontends.ts';
import type { Group } from './groups.ts';
import type { SitePair } from './sites.ts';

/** All nodes that a family's comparison goes over, and whether anything of one of them differs. */
export interface Nodes {
	readonly groups: readonly Group[];
	readonly byName: ReadonlyMap<string, SitePair>;
	readonly allSame: boolean;
	/** whether NodePorts answer on each of them */
	readonly allReachable: boolean;
}

/** Prepares the nodes of a family for counting. */
export function nodesOf(groups: readonly Group[]): Nodes {
	const sites = groups.flat();
	return {
		groups,
		byName: new Map(sites.map((site) => [site.name, site])),
		allSame: sites.every((site) => site.same),
		allReachable: groups.every(([site]) => isNodePortReachable(site)),
	};
}

/**
 * How many flow classes an unchanged Service has on all nodes together, which nobody need follow. Most Services of a pull request
 * are such, so that they are counted without dividing nodes.
 * @returns null where nodes have to be looked at one by one
 */
export function unchangedFlows(service: Service, nodes: Nodes, classes: ClientClasses): number | null {
	const [first] = nodes.groups;
	if (first === undefined) return 0;
	const { family } = first[0].after.here;
	const hasNodePort = service.ports.some(({ nodePort }) => nodePort !== null);
	if (!nodes.allSame || service.sourceRanges[family] !== null || (hasNodePort && !nodes.allReachable)) return null;
	const clients = nodes.groups.reduce((sum, group) => sum + group.length * classes.common(group[0]).length, 0);
	return targetCount(service, family) * (clients + localEndpoints(service, nodes));
}

/** Pairs of an endpoint's address and the node it is on; one with the node's own address counts as the node. */
function localEndpoints(service: Service, { groups, byName }: Nodes): number {
	const family = groups[0]?.[0].after.here.family ?? 'ip';
	const found = new Set<string>();
	for (const { endpoints } of service.ports) {
		for (const { node, address } of endpoints[family]) {
			const site = node === null ? undefined : byName.get(node);
			if (site !== undefined && !site.after.view.addresses.includes(address)) found.add(`${node} ${address}`);
		}
	}
	return found.size;
}
