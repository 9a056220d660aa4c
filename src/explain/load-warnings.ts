import { sortedBy } from '../model/order.ts';
import type { Fraction } from '../trace/fraction.ts';
import type { EndpointLoad, Sender, Shares } from './shares.ts';
import type { Subject } from './subject.ts';
import { listed, percent } from './words.ts';

/** What is wrong with how load is spread, and what can be done about it. */
export interface LoadWarning {
	/** a stable id in kebab-case, for programs */
	readonly code: 'overloaded-endpoint' | 'zone-without-endpoints' | 'dropped-traffic';
	readonly sentence: string;
	readonly remedies: readonly string[];
}

/** An endpoint with more than this many times its fair share is warned of. */
const MOST_FAIR_SHARES = 2n;

/**
 * Warns where endpoints get more than twice their fair share, where a zone sends but no endpoint is hinted for it, and where
 * traffic is dropped. Remedies are those of the Kubernetes documentation ("Considerations for using traffic distribution
 * control" in the reference of virtual IPs).
 */
export function loadWarnings(load: Shares, senders: readonly Sender[]): readonly LoadWarning[] {
	const [any] = senders;
	if (any === undefined) return [];
	return [...overloaded(load, any.subject), ...zonesWithout(senders), ...dropped(load, senders)];
}

function overloaded({ endpoints, fair }: Shares, subject: Subject): readonly LoadWarning[] {
	if (fair === null) return [];
	const isAbove = ({ after }: EndpointLoad) => after.of * fair.in > MOST_FAIR_SHARES * fair.of * after.in;
	const above = endpoints.filter(isAbove).sort((a, b) => descending(a.after, b.after));
	if (above.length === 0) return [];
	const named = listed(above.map(({ endpoint, after }) => `${endpoint.target} (${percent(after)})`));
	const what = `${above.length === 1 ? 'gets' : 'get'} more than twice a fair share (${percent(fair)}) of the traffic`;
	return [
		{
			code: 'overloaded-endpoint',
			sentence: `${cause(subject)} concentrates load: ${named} ${what}`,
			remedies: remedies(subject),
		},
	];
}

function cause({ service, decision }: Subject): string {
	if (decision.internalLocal) return 'internalTrafficPolicy: Local';
	if (service.topologyMode === 'auto') return 'the topology annotation Auto';
	return service.trafficDistribution === null ? 'hinting' : `trafficDistribution: ${service.trafficDistribution}`;
}

const SPREAD_OVER_NODES =
	'spread the pods over nodes: topologySpreadConstraints with topologyKey kubernetes.io/hostname';
const SPREAD_OVER_ZONES =
	'spread the pods over zones: topologySpreadConstraints with topologyKey topology.kubernetes.io/zone';
const SCALE_BY_ZONE = 'run a Deployment for each zone, and let each scale with the traffic of its own';
const TOPOLOGY_AUTO =
	"annotate the Service with service.kubernetes.io/topology-mode: Auto, which shares endpoints out by the zones' CPU and comes before trafficDistribution";

function remedies({ service, decision, place }: Subject): readonly string[] {
	if (decision.internalLocal) {
		return [SPREAD_OVER_NODES, 'internalTrafficPolicy: Cluster, which uses the endpoints of all nodes'];
	}
	if (service.topologyMode === 'auto') {
		return [SPREAD_OVER_ZONES, SCALE_BY_ZONE, 'remove the annotation: every endpoint gets the same again'];
	}
	const sameNode = service.trafficDistribution === 'PreferSameNode';
	const source = service.trafficDistribution === null ? 'the hints' : 'trafficDistribution';
	return [
		sameNode ? SPREAD_OVER_NODES : SPREAD_OVER_ZONES,
		...(sameNode ? [] : [SCALE_BY_ZONE]),
		...(place.behaviour.autoHints ? [TOPOLOGY_AUTO] : []),
		`remove ${source}: every endpoint gets the same again`,
	];
}

/** Zones of nodes for which no endpoint is hinted though all are hinted: their traffic goes to the whole cluster. */
function zonesWithout(senders: readonly Sender[]): readonly LoadWarning[] {
	const found = new Map<string, number>();
	for (const { subject } of senders) {
		const { zone } = subject.place.here;
		if (zone !== null && fallsBack(subject)) found.set(zone, (found.get(zone) ?? 0) + 1);
	}
	return sortedBy(found, ([zone]) => zone).map(([zone, count]) => ({
		code: 'zone-without-endpoints',
		sentence: `no endpoint is hinted for zone ${zone}: traffic of its ${count === 1 ? 'node' : `${count} nodes`} goes to the whole cluster`,
		remedies: [SPREAD_OVER_ZONES],
	}));
}

function fallsBack({ view, decision, candidates, hintRules }: Subject): boolean {
	if (view.internal !== 'cluster' || decision.found.topology?.mode !== 'none') return false;
	const ready = [...candidates.values()].filter((endpoint) => endpoint.ready);
	const hinted = ready.length > 0 && ready.every(({ zoneHints }) => zoneHints.length > 0);
	return hinted && hintRules.withoutZoneHints === null;
}

function dropped(load: Shares, senders: readonly Sender[]): readonly LoadWarning[] {
	if (load.dropped.after.of === 0n) return [];
	const nodes = senders.filter(({ subject, share }) => subject.view.internal === 'drop' && share.of > 0n);
	const names = listed(nodes.map(({ node }) => node.name));
	return [
		{
			code: 'dropped-traffic',
			sentence: `internalTrafficPolicy: Local drops ${percent(load.dropped.after)} of the traffic: no endpoint is on ${names}`,
			remedies: [
				'run a pod on every node that sends, as a DaemonSet does',
				'internalTrafficPolicy: Cluster with trafficDistribution: PreferSameNode, which goes on to other nodes where there is none',
			],
		},
	];
}

function descending(a: Fraction, b: Fraction): number {
	const difference = b.of * a.in - a.of * b.in;
	return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
