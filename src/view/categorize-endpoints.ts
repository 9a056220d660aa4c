import type { Endpoint } from '../model/cluster-state.ts';
import type { EndpointChoice } from '../model/node-view.ts';
import { sortedBy } from '../model/order.ts';
import type { HintRules } from './hint-rules.ts';
import { isHintedHere, type Location, type Topology, type TopologyMode, topologyOf } from './topology.ts';

/** Which lists the traffic of a service port can ask for. */
export interface Uses {
	readonly cluster: boolean;
	readonly local: boolean;
}

/** What decides between a service port's endpoints beside their own state. */
export interface EndpointRules {
	readonly hints: HintRules;
	/** whether endpoints that terminate serve where none is ready */
	readonly terminating: boolean;
}

/** The endpoints of one service port as one node sees them. */
export interface Categories {
	readonly cluster: readonly Endpoint[];
	readonly local: readonly Endpoint[];
	/** The union of both. */
	readonly reachable: readonly Endpoint[];
	/** Whether any endpoint in the cluster could serve, here or not: it tells a refusal from a drop. */
	readonly hasAny: boolean;
	/** which hints decided the cluster list; null where there is none */
	readonly topology: Topology | null;
	readonly clusterReason: string | null;
	readonly localReason: string | null;
}

/**
 * Decides which endpoints this node uses under the Cluster and the Local policy. Ready ones, or, where there is none,
 * those that still serve while they terminate, decided for each list on its own; hints narrow the cluster list only
 * (kube-proxy `pkg/proxy/topology.go` CategorizeEndpoints, 1.37).
 * @param endpoints all of the service port, sorted
 */
export function categorizeEndpoints(
	endpoints: readonly Endpoint[],
	uses: Uses,
	here: Location,
	rules: EndpointRules,
): Categories {
	const isFallback = rules.terminating ? isDraining : () => false;
	const topology = uses.cluster ? topologyOf(endpoints, here, rules.hints) : null;
	const cluster = topology === null ? EMPTY : chooseCluster(endpoints, topology.mode, here, isFallback);
	const local = uses.local ? chooseLocal(endpoints, here, isFallback) : EMPTY;
	return {
		cluster: cluster.endpoints,
		local: local.endpoints,
		reachable: union(cluster.endpoints, local.endpoints),
		hasAny:
			cluster.endpoints.length > 0 ||
			(uses.local && endpoints.some((endpoint) => endpoint.ready || isFallback(endpoint))),
		topology,
		clusterReason: cluster.reason,
		localReason: local.reason,
	};
}

const EMPTY: EndpointChoice = { endpoints: [], reason: null };

type IsFallback = (endpoint: Endpoint) => boolean;

function chooseCluster(
	endpoints: readonly Endpoint[],
	mode: TopologyMode,
	here: Location,
	isFallback: IsFallback,
): EndpointChoice {
	const ready = endpoints.filter((endpoint) => endpoint.ready && isHintedHere(endpoint, mode, here));
	if (ready.length > 0) return { endpoints: ready, reason: hintReason(mode, here) };
	return {
		endpoints: endpoints.filter(isFallback),
		reason: 'no endpoint is ready: these still serve while they terminate',
	};
}

function chooseLocal(endpoints: readonly Endpoint[], here: Location, isFallback: IsFallback): EndpointChoice {
	const local = endpoints.filter((endpoint) => endpoint.node === here.node);
	const ready = local.filter((endpoint) => endpoint.ready);
	if (ready.length > 0) return { endpoints: ready, reason: null };
	return { endpoints: local.filter(isFallback), reason: 'none here is ready: these still serve while they terminate' };
}

function hintReason(mode: TopologyMode, here: Location): string | null {
	if (mode === 'same-node') return `only endpoints hinted for node ${here.node}`;
	if (mode === 'same-zone') return `only endpoints hinted for zone ${here.zone}`;
	return null;
}

function isDraining(endpoint: Endpoint): boolean {
	return endpoint.serving && endpoint.terminating;
}

function union(cluster: readonly Endpoint[], local: readonly Endpoint[]): readonly Endpoint[] {
	if (local.length === 0) return cluster;
	const known = new Set(cluster);
	const others = local.filter((endpoint) => !known.has(endpoint));
	return others.length === 0 ? cluster : sortedBy([...cluster, ...others], (endpoint) => endpoint.target);
}
