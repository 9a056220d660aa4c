import { tableCompiler } from '../compile/compile.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import { groupBy } from '../model/group-by.ts';
import { IP_FAMILIES, type IpFamily } from '../model/ip.ts';
import { sortedBy } from '../model/order.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { ClientClasses } from './clients.ts';
import { Collection } from './collection.ts';
import type { Comparison, FrameChange } from './comparison.ts';
import { addressOwners, groupsFor, groupsOf } from './groups.ts';
import { pairServices, type ServicePair } from './pairs.ts';
import { diffService } from './service-diff.ts';
import { hasSameFrame, nodeNames, ownFrameKey, type Site, type SitePair, sitePairs } from './sites.ts';
import { takenAddresses } from './taken.ts';
import { nodesOf, unchangedFlows } from './unchanged.ts';

/**
 * Compares two states of a cluster: every kind of client at every address of every Service, on every node that both have.
 * Work is shared between nodes that a Service treats alike, so that it grows with what differs, not with nodes times Services.
 */
export function compare(before: ClusterState, after: ClusterState, settings: NetworkSettings): Comparison {
	const services = pairServices(before.services, after.services);
	const nodes = nodeNames(before.nodes, after.nodes);
	const sites = sitePairs(nodes.both, before, after, settings);
	const classes = new ClientClasses(takenAddresses(before, after));
	const collection = new Collection();
	for (const family of IP_FAMILIES) compareFamily(family, services, sites[family], classes, settings, collection);
	const changed = services.filter((pair) => !pair.same);
	return {
		services: changed.map(({ before: ours, after: theirs }) => {
			const { namespace = '', name = '' } = theirs ?? ours ?? {};
			return { namespace, name, before: ours, after: theirs };
		}),
		unchangedServices: services.length - changed.length,
		nodes,
		...collection.result(),
		frames: IP_FAMILIES.flatMap((family) => frameChanges(family, sites[family])),
	};
}

function compareFamily(
	family: IpFamily,
	services: readonly ServicePair[],
	sites: readonly SitePair[],
	classes: ClientClasses,
	settings: NetworkSettings,
	collection: Collection,
): void {
	const groups = groupsOf(sites, classes);
	const owners = addressOwners(sites);
	const nodes = nodesOf(groups);
	for (const pair of services) {
		if (!isServed(pair, family)) continue;
		const counted = pair.same && pair.after !== null ? unchangedFlows(pair.after, nodes, classes) : null;
		if (counted !== null) {
			collection.addUnchanged(counted);
			continue;
		}
		for (const group of groupsFor(pair, family, groups, owners, classes)) {
			collection.add(family, group, diffService(pair, group[0], classes, settings.behaviour));
		}
	}
}

/** Most Services are of one family. */
function isServed({ before, after }: ServicePair, family: IpFamily): boolean {
	return [before, after].some((service) => service?.ports.some((port) => port.addresses[family] !== null));
}

function frameChanges(family: IpFamily, sites: readonly SitePair[]): readonly FrameChange[] {
	const changed = sites.filter(({ before, after }) => !hasSameFrame(before, after));
	const groups = groupBy(changed, ({ before, after }) =>
		[before, after].flatMap((site) => [site.pods, ownFrameKey(site)]).join('|'),
	);
	return [...groups.values()].map((group) => ({
		family,
		nodes: sortedBy(
			group.map((site) => site.name),
			(name) => name,
		),
		before: frameOf(group[0].before),
		after: frameOf(group[0].after),
	}));
}

function frameOf({ node, view }: Site): FrameChange['before'] {
	return tableCompiler(node, view).frame;
}
