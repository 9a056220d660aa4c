import type { Behaviour } from '../model/behaviour.ts';
import type { ClusterState, Endpoint, Service, SliceEndpoint } from '../model/cluster-state.ts';
import { byFamily, familyName, IP_FAMILIES, type IpFamily } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import type { HintsMode } from '../model/settings.ts';
import { shareOut } from './share-out.ts';
import { type ZoneShares, zoneShares } from './zone-shares.ts';

/** The cluster with hints as its rules are to be made with. */
export interface Hinted {
	readonly state: ClusterState;
	readonly problems: readonly Problem[];
}

/** What all Services of a cluster share. */
interface Cluster {
	readonly shares: ZoneShares | null;
	readonly zoneOfNode: ReadonlyMap<string, string | null>;
	readonly behaviour: Behaviour;
	readonly problems: Problem[];
}

/**
 * Gives endpoints the hints that the EndpointSlice controller would write, where the mode asks for it. The annotation
 * topology-mode Auto beats trafficDistribution (endpointslice `reconciler.go`, KEP-2433, KEP-4444). Slices made by hand stay as they
 * are (`endpointslice_controller.go` syncService).
 */
export function withHints(state: ClusterState, mode: HintsMode, behaviour: Behaviour): Hinted {
	if (mode === 'as-is') return { state, problems: [] };
	const cluster: Cluster = {
		shares: zoneShares(state.nodes, behaviour),
		zoneOfNode: new Map(state.nodes.map((node) => [node.name, node.zone])),
		behaviour,
		problems: [],
	};
	const services = state.services.map((service) => {
		if (!service.hasSelector) return service;
		if (mode === 'missing' && (!asksForHints(service, behaviour) || hasHints(service))) return service;
		return rehinted(service, cluster);
	});
	return { state: { ...state, services }, problems: cluster.problems };
}

function asksForHints(service: Service, { autoHints }: Behaviour): boolean {
	return service.topologyMode === 'auto' ? autoHints : service.trafficDistribution !== null;
}

function hasHints({ ports }: Service): boolean {
	const isHinted = (endpoint: Endpoint) => endpoint.zoneHints.length + endpoint.nodeHints.length > 0;
	return ports.some((port) => IP_FAMILIES.some((family) => port.endpoints[family].some(isHinted)));
}

type Hint = (endpoint: Endpoint) => Endpoint;

function rehinted(service: Service, cluster: Cluster): Service {
	const hints = byFamily((family) => hintOf(service, family, cluster));
	const ports = service.ports.map((port) => ({
		...port,
		endpoints: byFamily((family) => port.endpoints[family].map(hints[family])),
	}));
	return { ...service, ports, hintsComputed: asksForHints(service, cluster.behaviour) };
}

function hintOf(service: Service, family: IpFamily, cluster: Cluster): Hint {
	if (!asksForHints(service, cluster.behaviour)) return withoutHints;
	if (service.topologyMode === 'auto') return autoHint(service, family, cluster);
	const sameNode = service.trafficDistribution === 'PreferSameNode';
	const unnamed = cluster.behaviour.unnamedZoneHints ? [''] : [];
	return (endpoint) => {
		const zone = zoneOf(endpoint, cluster);
		if (!endpoint.ready) return withoutHints(endpoint);
		return {
			...endpoint,
			zoneHints: zone === null ? unnamed : [zone],
			nodeHints: sameNode && endpoint.node !== null ? [endpoint.node] : [],
		};
	};
}

function withoutHints(endpoint: Endpoint): Endpoint {
	return { ...endpoint, zoneHints: [], nodeHints: [] };
}

/** The controller copies a node's zone to its endpoints; a slice written by hand may leave it out. */
function zoneOf(endpoint: SliceEndpoint, { zoneOfNode }: Cluster): string | null {
	return endpoint.zone ?? zoneOfNode.get(endpoint.node ?? '') ?? null;
}

/**
 * An endpoint counts once however many ports it has, also if it has none of the Service's, and gets one hint for all of them.
 * Pods that share an address count each for itself (endpointslice `topologycache/sliceinfo.go` getTotalReadyEndpoints).
 */
function autoHint(service: Service, family: IpFamily, cluster: Cluster): Hint {
	const endpoints = [...new Map(service.sharedOut[family].map((each) => [identity(each), each])).values()];
	if (endpoints.length === 0) return withoutHints;
	const hintables = endpoints.map((each) => ({
		zone: zoneOf(each, cluster),
		ready: each.ready || !cluster.behaviour.readyHintsOnly,
	}));
	const shared = shareOut(hintables, cluster.shares);
	if (typeof shared === 'string') {
		cluster.problems.push(noHints(service, family, shared));
		return withoutHints;
	}
	const zoneFor = new Map(endpoints.map((endpoint, index) => [identity(endpoint), shared[index] ?? null]));
	return (endpoint) => {
		const zone = zoneFor.get(identity(endpoint)) ?? null;
		return { ...endpoint, zoneHints: zone === null ? [] : [zone], nodeHints: [] };
	};
}

/** What makes an endpoint the same one in two slices (endpointslice `util/endpointset.go` hashEndpoint). */
function identity({ address, pod }: SliceEndpoint): string {
	return pod === null ? address : `${address} ${pod.namespace}/${pod.name}`;
}

function noHints(service: Service, family: IpFamily, why: string): Problem {
	return {
		code: 'auto-without-hints',
		severity: 'warning',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence: `topology-mode Auto gives no hints for ${familyName(family)}: ${why}; all endpoints are used`,
		hint: 'trafficDistribution: PreferSameZone has no such conditions',
	};
}
