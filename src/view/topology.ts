import type { Endpoint } from '../model/cluster-state.ts';

/** Which hints decide about the endpoints of the cluster choice. */
export type TopologyMode = 'same-node' | 'same-zone' | 'none';

/** Where the rules are for. */
export interface Location {
	readonly node: string;
	readonly zone: string | null;
}

/**
 * Same-node hints are used when every ready endpoint has some and one names this node; else same-zone hints when every
 * ready endpoint has some and one names this zone; else none. So a single unhinted endpoint turns topology off, and
 * no mode ever leaves the list empty (kube-proxy `pkg/proxy/topology.go` topologyModeFromHints, 1.37).
 */
export function topologyMode(endpoints: readonly Endpoint[], here: Location): TopologyMode {
	const ready = endpoints.filter((endpoint) => endpoint.ready);
	if (usable(ready, (endpoint) => endpoint.nodeHints, here.node)) return 'same-node';
	if (usable(ready, (endpoint) => endpoint.zoneHints, zoneName(here))) return 'same-zone';
	return 'none';
}

function usable(ready: readonly Endpoint[], hints: (endpoint: Endpoint) => readonly string[], own: string): boolean {
	return (
		ready.every((endpoint) => hints(endpoint).length > 0) && ready.some((endpoint) => hints(endpoint).includes(own))
	);
}

/** Whether an endpoint is used under a mode. */
export function isHintedHere(endpoint: Endpoint, mode: TopologyMode, here: Location): boolean {
	if (mode === 'same-node') return endpoint.nodeHints.includes(here.node);
	if (mode === 'same-zone') return endpoint.zoneHints.includes(zoneName(here));
	return true;
}

/** kube-proxy compares a missing zone label as the empty text. */
function zoneName(here: Location): string {
	return here.zone ?? '';
}
