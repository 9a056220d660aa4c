import type { Behaviour, ZoneHintsUse } from '../model/behaviour.ts';
import { nearest } from '../model/nearest.ts';
import { CHANGES, GATES, type Gate, type GateName, NEWEST, OLDEST } from './table.ts';

/** The minor version of a release of Kubernetes 1. */
export type Release = number;

/** Feature gates that somebody turned on or off. */
export type GateSettings = ReadonlyMap<string, boolean>;

export const NEWEST_RELEASE: Release = NEWEST;
export const OLDEST_RELEASE: Release = OLDEST;

/** `1.37` */
export function releaseName(release: Release): string {
	return `1.${release}`;
}

/** The releases we know, oldest first. */
export function releases(): readonly Release[] {
	return Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => OLDEST + index);
}

/** A release out of `1.30`, `v1.30.4` or `v1.30.4-gke.100`; null where it is none we know. */
export function readRelease(text: string): Release | null {
	const minor = Number(/^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(text)?.[1] ?? Number.NaN);
	return minor >= OLDEST && minor <= NEWEST ? minor : null;
}

/** What kube-proxy and the EndpointSlice controller of a release do, with its gates as given and by default else. */
export function behaviourOf(release: Release, gates: GateSettings = new Map()): Behaviour {
	const isOn = (name: GateName) => gates.get(name) ?? release >= GATES[name].on;
	const has = (change: keyof typeof CHANGES) => release >= CHANGES[change];
	const topologyModeKey = has('topologyModeKey');
	const preferSame = isOn('PreferSameTrafficDistribution') ? ['PreferSameZone', 'PreferSameNode'] : [];
	const preferClose = isOn('ServiceTrafficDistribution');
	return {
		release: releaseName(release),
		labelsByKind: has('labelsByKind'),
		internalPolicy: isOn('ServiceInternalTrafficPolicy'),
		policiesApart: has('policiesApart'),
		externalIpPolicy: has('externalIpPolicy'),
		externalIps: isOn('AllowServiceExternalIPs'),
		loadBalancerIpMode: isOn('LoadBalancerIPMode'),
		serviceCidrs: has('serviceCidrs') && isOn('MultiCIDRServiceAllocator'),
		rivals: has('rivalsByRunning') ? 'running' : 'on-node',
		rivalsByPort: has('rivalsByPort'),
		sidecarPorts: has('sidecarPorts'),
		terminatingInSlices: isOn('EndpointSliceTerminatingCondition'),
		terminating: isOn('ProxyTerminatingEndpoints'),
		distributions: preferClose ? ['PreferClose', ...preferSame] : [],
		topologyModeKey,
		autoHints: isOn('TopologyAwareHints'),
		zoneHints: zoneHintsUse(isOn('TopologyAwareHints'), preferClose, topologyModeKey),
		readyHintsOnly: has('readyHintsOnly'),
		withoutControlPlane: has('readyHintsOnly'),
		unnamedZone: has('unnamedZone'),
		unnamedZoneHints: !has('noUnnamedZoneHints'),
		nodeHints: isOn('PreferSameTrafficDistribution'),
		forgetsLastFlows: has('forgetsLastFlows'),
	};
}

/** kube-proxy reads no zone hint while TopologyAwareHints is off (until 1.32, `pkg/proxy/endpointslicecache.go`). */
function zoneHintsUse(enabled: boolean, byThemselves: boolean, anyValue: boolean): ZoneHintsUse {
	if (!enabled) return 'never';
	if (byThemselves) return 'always';
	return anyValue ? 'annotated' : 'annotated-auto';
}

/** What the newest release does. */
export const NEWEST_BEHAVIOUR: Behaviour = behaviourOf(NEWEST);

/** Why a gate cannot be set so in a release; null when it can. kube-proxy refuses to start for the same reasons. */
export function refuseGate(name: string, enabled: boolean, release: Release): string | null {
	const known = Object.entries<Gate>(GATES);
	const gate = known.find(([each]) => each === name)?.[1];
	if (gate === undefined) {
		const names = known.map(([each]) => each);
		return `there is no feature gate ${name} that decides about Services; did you mean ${nearest(name, names).join(', ')}?`;
	}
	const where = `in Kubernetes ${releaseName(release)}`;
	if (release < gate.added) return `feature gate ${name} came with ${releaseName(gate.added)} and is unknown ${where}`;
	if (gate.removed !== null && release >= gate.removed) {
		return `feature gate ${name} was removed in ${releaseName(gate.removed)} and is unknown ${where}`;
	}
	const locked = gate.locked !== null && release >= gate.locked;
	return locked && !enabled ? `feature gate ${name} cannot be turned off ${where}` : null;
}
