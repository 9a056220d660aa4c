import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, Service } from '../model/cluster-state.ts';
import { type Group as GroupOf, groupBy } from '../model/group-by.ts';
import type { IpFamily } from '../model/ip.ts';
import type { ClientClasses, Ranges } from './clients.ts';
import type { Pair } from './pairs.ts';
import { answersNodePorts, type Site, type SitePair } from './sites.ts';

/** Nodes whose rules for a Service are alike but for the nodes' own names and addresses; one at least. */
export type Group = GroupOf<SitePair>;

/** Nodes that all Services without anything local treat alike. */
export function groupsOf(sites: readonly SitePair[], clients: ClientClasses): readonly Group[] {
	const groups = groupBy(sites, (site) => {
		const sides = [site.before, site.after];
		return [
			isDeepStrictEqual(site.before.view.addresses, site.after.view.addresses) ? '' : site.name,
			...sides.map(({ here }) => here.zone ?? '/'),
			...sides.map(({ pods }) => pods),
			...sides.map(ownNodePortKey),
			clients.ownKey(site, [null, null]),
		].join('|');
	});
	return [...groups.values()];
}

/** Which of the node's addresses NodePorts answer at, by their place: nodes are alike that answer at their primary ones. */
function ownNodePortKey(site: Site): string {
	return site.view.addresses.map((address) => (answersNodePorts(site, address) ? 'y' : 'n')).join('');
}

/** The same nodes, those apart that a Service treats by their names or addresses. */
export function groupsFor(
	pair: Pair<Service>,
	family: IpFamily,
	groups: readonly Group[],
	owners: ReadonlyMap<string, readonly string[]>,
	clients: ClientClasses,
): readonly Group[] {
	const named = namedNodes(pair, family, owners);
	const ranges: Ranges = [pair.before?.sourceRanges[family] ?? null, pair.after?.sourceRanges[family] ?? null];
	const hasRanges = ranges.some((list) => list !== null);
	return groups.flatMap((group) => {
		if (!hasRanges && !group.some((site) => named.has(site.name))) return [group];
		const parts = groupBy(group, (site) =>
			named.has(site.name) ? site.name : hasRanges ? `|${clients.ownKey(site, ranges)}` : '',
		);
		return [...parts.values()];
	});
}

/** Nodes that a Service knows: by an endpoint, a hint, or an address that the node has too. */
function namedNodes(
	pair: Pair<Service>,
	family: IpFamily,
	owners: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
	const named = new Set<string>();
	for (const service of [pair.before, pair.after]) {
		for (const port of service?.ports ?? []) {
			for (const endpoint of port.endpoints[family]) for (const name of nodesOf(endpoint)) named.add(name);
			const addresses = port.addresses[family];
			if (addresses === null) continue;
			for (const address of [addresses.clusterIp ?? '', ...addresses.externalIps, ...addresses.loadBalancerIps]) {
				for (const name of owners.get(address) ?? []) named.add(name);
			}
		}
	}
	return named;
}

function nodesOf({ node, nodeHints }: Endpoint): readonly string[] {
	return node === null ? nodeHints : [node, ...nodeHints];
}

/** Which nodes have an address of their own, on either side. */
export function addressOwners(sites: readonly SitePair[]): ReadonlyMap<string, readonly string[]> {
	const owners = new Map<string, string[]>();
	for (const { name, before, after } of sites) {
		for (const address of new Set([...before.view.addresses, ...after.view.addresses])) {
			owners.set(address, [...(owners.get(address) ?? []), name]);
		}
	}
	return owners;
}
