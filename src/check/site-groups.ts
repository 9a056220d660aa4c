import { type Client, ClientClasses } from '../diff/clients.ts';
import { addressOwners, type Group, groupsFor, groupsOf } from '../diff/groups.ts';
import { nodeNames, type SitePair, sitePairs } from '../diff/sites.ts';
import { takenAddresses } from '../diff/taken.ts';
import type { ClusterState, Service } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, type IpFamily } from '../model/ip.ts';
import { sortedBy } from '../model/order.ts';
import type { NetworkSettings } from '../model/settings.ts';

/** A node as one state of the cluster sees it, in one family; there is an imaginary one where the input has no Node. */
export type Site = SitePair['after'];

/** Nodes that some Services treat alike; the first stands for all. */
export interface SiteGroup {
	readonly site: Site;
	/** names, sorted bytewise */
	readonly nodes: readonly string[];
	/** every kind of client of a Service there, or of no Service */
	readonly clientsOf: (service: Service | null) => readonly Client[];
}

/**
 * Groups the nodes of a family that Services treat alike, but for the nodes' own names and addresses.
 * @param names nodes that count; null for all
 */
export type GroupSites = (
	services: readonly Service[],
	family: IpFamily,
	names: ReadonlySet<string> | null,
) => readonly SiteGroup[];

/** Prepares the grouping. A cluster that is compared with itself has the same sites before and after. */
export function siteGrouping(state: ClusterState, network: NetworkSettings): GroupSites {
	const sites = sitePairs(nodeNames(state.nodes, state.nodes).both, state, state, network);
	const classes = new ClientClasses(takenAddresses(state));
	const owners = byFamily((family) => addressOwners(sites[family]));
	const known = new Map<ReadonlySet<string> | null, ByFamily<readonly Group[]>>();
	const alike = (names: ReadonlySet<string> | null): ByFamily<readonly Group[]> => {
		const isChosen = ({ name }: SitePair) => names === null || names.has(name);
		const made = known.get(names) ?? byFamily((family) => groupsOf(sites[family].filter(isChosen), classes));
		known.set(names, made);
		return made;
	};
	return (services, family, names) => {
		const groups = services.reduce<readonly Group[]>((found, service) => {
			return groupsFor({ before: service, after: service }, family, found, owners[family], classes);
		}, alike(names)[family]);
		const found = groups.map(
			(group): SiteGroup => ({
				site: group[0].after,
				nodes: group.map(({ name }) => name).sort(),
				clientsOf: (service) => classes.all({ before: service, after: service }, group[0]),
			}),
		);
		return sortedBy(found, ({ nodes }) => nodes[0] ?? '');
	};
}

/** Whether a Service is there in a family. */
export function isServedIn({ ports }: Service, family: IpFamily): boolean {
	return ports.some((port) => port.addresses[family] !== null);
}
