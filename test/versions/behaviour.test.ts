import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../src/model/behaviour.ts';
import { behaviourOf, readRelease, refuseGate, releases } from '../../src/versions/behaviour.ts';

/** The releases, as minor versions, in which a behaviour holds. */
function holdsIn(holds: (behaviour: Behaviour) => boolean): readonly number[] {
	return releases().filter((release) => holds(behaviourOf(release)));
}

function from(first: number): readonly number[] {
	return releases().filter((release) => release >= first);
}

const FIRST: readonly (readonly [what: string, first: number, holds: (behaviour: Behaviour) => boolean])[] = [
	['internalTrafficPolicy is read', 22, ({ internalPolicy }) => internalPolicy],
	['an address at two ports is two endpoints', 22, ({ rivalsByPort }) => rivalsByPort],
	['Pods that terminate stay in their slices', 22, ({ terminatingInSlices }) => terminatingInSlices],
	['only ready endpoints are hinted, and asked for hints', 23, ({ readyHintsOnly }) => readyHintsOnly],
	['control-plane nodes do not count for Auto', 23, ({ withoutControlPlane }) => withoutControlPlane],
	['the two traffic policies are independent', 24, ({ policiesApart }) => policiesApart],
	['the controller makes hints for Auto', 24, ({ autoHints }) => autoHints],
	['zone hints are used', 24, ({ zoneHints }) => zoneHints !== 'never'],
	['endpoints that terminate can serve', 26, ({ terminating }) => terminating],
	['the annotation topology-mode is read', 27, ({ topologyModeKey }) => topologyModeKey],
	['zone hints need no annotation Auto, any will do', 27, ({ zoneHints }) => /^(annotated|always)$/.test(zoneHints)],
	['externalTrafficPolicy counts for external IPs', 29, ({ externalIpPolicy }) => externalIpPolicy],
	['ipMode is read', 30, ({ loadBalancerIpMode }) => loadBalancerIpMode],
	['zone hints need no annotation', 31, ({ zoneHints }) => zoneHints === 'always'],
	['PreferClose means something', 31, ({ distributions }) => distributions.includes('PreferClose')],
	['ServiceCIDR objects are read', 33, ({ serviceCidrs }) => serviceCidrs],
	['a node without a zone counts as one in the unnamed zone', 33, ({ unnamedZone }) => unnamedZone],
	['trafficDistribution hints no endpoint for the unnamed zone', 33, ({ unnamedZoneHints }) => !unnamedZoneHints],
	['ports of sidecars count', 33, ({ sidecarPorts }) => sidecarPorts],
	['PreferSameZone means something', 34, ({ distributions }) => distributions.includes('PreferSameZone')],
	['PreferSameNode means something', 34, ({ distributions }) => distributions.includes('PreferSameNode')],
	['node hints are used', 34, ({ nodeHints }) => nodeHints],
	['of two records for an endpoint the running one wins', 36, ({ rivals }) => rivals === 'running'],
	['each label hides objects of one kind', 36, ({ labelsByKind }) => labelsByKind],
	['UDP flows to a service port without endpoints are forgotten', 37, ({ forgetsLastFlows }) => forgetsLastFlows],
	['external IPs get rules', 21, ({ externalIps }) => externalIps],
];

describe('what a release does', () => {
	it.each(FIRST)('%s, since 1.%d', (_what, first, holds) => {
		expect(holdsIn(holds)).toEqual(from(first));
	});

	it.each([
		[21, 'ServiceInternalTrafficPolicy', true, ({ internalPolicy }: Behaviour) => internalPolicy],
		[24, 'ProxyTerminatingEndpoints', true, ({ terminating }: Behaviour) => terminating],
		[23, 'TopologyAwareHints', true, ({ zoneHints }: Behaviour) => zoneHints === 'annotated-auto'],
		[30, 'ServiceTrafficDistribution', true, ({ distributions }: Behaviour) => distributions.join() === 'PreferClose'],
		[32, 'ServiceTrafficDistribution', false, ({ zoneHints }: Behaviour) => zoneHints === 'annotated'],
		[32, 'TopologyAwareHints', false, ({ zoneHints }: Behaviour) => zoneHints === 'never'],
		[30, 'MultiCIDRServiceAllocator', true, ({ serviceCidrs }: Behaviour) => serviceCidrs],
		[33, 'PreferSameTrafficDistribution', true, ({ nodeHints }: Behaviour) => nodeHints],
		[37, 'AllowServiceExternalIPs', false, ({ externalIps }: Behaviour) => !externalIps],
	] as const)('1.%d with %s=%s', (release, gate, enabled, holds) => {
		expect(holds(behaviourOf(release))).toBe(false);
		expect(refuseGate(gate, enabled, release)).toBeNull();
		expect(holds(behaviourOf(release, new Map([[gate, enabled]])))).toBe(true);
	});
});

it('1.29 has the gate MultiCIDRServiceAllocator, but no kube-proxy that reads ServiceCIDR objects', () => {
	expect(behaviourOf(29, new Map([['MultiCIDRServiceAllocator', true]])).serviceCidrs).toBe(false);
});

describe('a feature gate', () => {
	it.each([
		['TopologyAwareHint', true, 30, 'did you mean TopologyAwareHints'],
		['PreferSameTrafficDistribution', true, 32, 'came with 1.33 and is unknown in Kubernetes 1.32'],
		['ServiceInternalTrafficPolicy', true, 28, 'was removed in 1.28 and is unknown in Kubernetes 1.28'],
		['ServiceInternalTrafficPolicy', false, 26, 'cannot be turned off in Kubernetes 1.26'],
	])('%s=%s is refused in 1.%d', (name, enabled, release, why) => {
		expect(refuseGate(name, enabled, release)).toContain(why);
	});
});

describe('a version', () => {
	it.each([
		['1.21', 21],
		['v1.30.4', 30],
		['1.28.9-gke.100', 28],
		['v1.33.1+k3s1', 33],
		['1.37', 37],
	])('%s is a release', (text, release) => {
		expect(readRelease(text)).toBe(release);
	});

	it.each(['1.20', '1.38', '2.30', '1', '30', '1.3x', '', '1.-30'])('%s is none we know', (text) => {
		expect(readRelease(text)).toBeNull();
	});
});
