import type { Endpoint } from '../model/cluster-state.ts';
import type { HintRefusal, HintRules } from './hint-rules.ts';

/** Which hints decide about the endpoints of the cluster choice. */
export type TopologyMode = 'same-node' | 'same-zone' | 'none';

/** Where the rules are for. */
export interface Location {
	readonly node: string;
	readonly zone: string | null;
}

/** Which hints decide; for those that do not though they come first, why not. */
export interface Topology {
	readonly mode: TopologyMode;
	readonly withoutNodeHints: HintRefusal | null;
	readonly withoutZoneHints: HintRefusal | null;
}

/**
 * Same-node hints are used when every ready endpoint has some and one names this node; else same-zone hints when every
 * ready endpoint has some and one names this zone; else none. So a single unhinted endpoint turns topology off, and
 * no mode ever leaves the list empty (kube-proxy `pkg/proxy/topology.go` topologyModeFromHints, 1.37).
 */
export function topologyOf(endpoints: readonly Endpoint[], here: Location, rules: HintRules): Topology {
	const asked = rules.readyOnly ? endpoints.filter((endpoint) => endpoint.ready) : endpoints;
	const withoutNodeHints = rules.withoutNodeHints ?? unusable(asked, nodeHints, here.node);
	if (withoutNodeHints === null) return { mode: 'same-node', withoutNodeHints, withoutZoneHints: null };
	const withoutZoneHints = rules.withoutZoneHints ?? unusableZone(asked, here, rules);
	return { mode: withoutZoneHints === null ? 'same-zone' : 'none', withoutNodeHints, withoutZoneHints };
}

/** kube-proxy compares a missing zone label as the empty text. */
function unusableZone(asked: readonly Endpoint[], here: Location, rules: HintRules): HintRefusal | null {
	if (here.zone === null && !rules.unnamedZone) return { why: 'node-without-zone' };
	const refusal = unusable(asked, zoneHints, zoneName(here));
	return here.zone === null && refusal !== null ? { why: 'node-without-zone' } : refusal;
}

/** Why hints of a kind cannot be used; null when they can. */
function unusable(
	asked: readonly Endpoint[],
	hints: (endpoint: Endpoint) => readonly string[],
	own: string,
): HintRefusal | null {
	if (asked.length === 0) return { why: 'none-ready' };
	const unhinted = asked.find((endpoint) => hints(endpoint).length === 0);
	if (unhinted === undefined) {
		return asked.some((endpoint) => hints(endpoint).includes(own)) ? null : { why: 'none-hinted-here' };
	}
	const hinted = asked.some((endpoint) => hints(endpoint).length > 0);
	return hinted ? { why: 'unhinted', target: unhinted.target } : { why: 'none-hinted' };
}

/** Whether an endpoint is used under a mode. */
export function isHintedHere(endpoint: Endpoint, mode: TopologyMode, here: Location): boolean {
	if (mode === 'same-node') return endpoint.nodeHints.includes(here.node);
	if (mode === 'same-zone') return endpoint.zoneHints.includes(zoneName(here));
	return true;
}

function nodeHints(endpoint: Endpoint): readonly string[] {
	return endpoint.nodeHints;
}

function zoneHints(endpoint: Endpoint): readonly string[] {
	return endpoint.zoneHints;
}

function zoneName(here: Location): string {
	return here.zone ?? '';
}
