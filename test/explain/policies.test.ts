import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { behaviourOf } from '../../src/versions/behaviour.ts';
import { explained } from '../support/explained.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const NODES = [node(1, 'a'), node(2, 'b')];
const HERE = { address: '10.244.1.5', node: 'n1' };
const THERE = { address: '10.244.2.5', node: 'n2' };
const NODEPORT = { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30080 }] };
const HINTED = [
	{ ...HERE, zones: ['a'] },
	{ ...THERE, zones: ['b'] },
];

interface Case {
	readonly spec?: Record<string, unknown>;
	readonly annotations?: Record<string, string>;
	readonly status?: Record<string, unknown>;
	readonly endpoints?: readonly Parameters<typeof endpoint>[0][];
	readonly changes?: Partial<Settings>;
}

/** The policies in force, beaten and without effect on node n1, but for internalTrafficPolicy Cluster. */
function policies({ spec = {}, annotations = {}, status = {}, endpoints = [HERE, THERE], changes = {} }: Case) {
	const objects = [
		...NODES,
		service('web', ['10.96.0.20', 'fd00:10:96::20'], { spec, status, metadata: { annotations } }),
		slice('web', endpoints.map(endpoint)),
	];
	return explained(objects, { hints: 'as-is', ...changes })
		.policies.filter(({ policy, value }) => policy !== 'internalTrafficPolicy' || value !== 'Cluster')
		.map(({ policy, value, force, beatenBy, sentence }) => {
			return `${policy} ${value}: ${force}${beatenBy === null ? '' : ` by ${beatenBy}`}; ${sentence}`;
		});
}

const AUTO = { 'service.kubernetes.io/topology-mode': 'Auto' };

describe('a policy', () => {
	it.each<[string, Case, readonly string[]]>([
		['Cluster is not worth a word where nothing is outside', {}, []],
		[
			'internalTrafficPolicy Local beats trafficDistribution and hints',
			{ spec: { internalTrafficPolicy: 'Local', trafficDistribution: 'PreferClose' }, endpoints: HINTED },
			[
				'internalTrafficPolicy Local: in force; traffic to the ClusterIP goes to endpoints on this node only',
				"trafficDistribution PreferClose: beaten by internalTrafficPolicy: Local; asks for endpoints in the client's zone, but a Local policy comes first",
				'hints in the slices: beaten by internalTrafficPolicy: Local; a Local policy comes first',
			],
		],
		[
			'externalTrafficPolicy Local beats them for its own traffic',
			{
				spec: { ...NODEPORT, externalTrafficPolicy: 'Local', trafficDistribution: 'PreferSameZone' },
				endpoints: HINTED,
			},
			[
				'externalTrafficPolicy Local: in force; clients outside reach endpoints on this node only; pods and the node itself go by Cluster',
				"trafficDistribution PreferSameZone: in force; asks for endpoints in the client's zone; beaten by externalTrafficPolicy: Local for its own traffic",
				'hints in the slices: in force; only endpoints hinted for zone a are used',
			],
		],
		[
			'externalTrafficPolicy Local, where pods cannot be told from others',
			{ spec: { ...NODEPORT, externalTrafficPolicy: 'Local' }, changes: { detectLocal: { mode: 'none' } } },
			[
				'externalTrafficPolicy Local: in force; clients outside reach endpoints on this node only; only the node itself goes by Cluster',
			],
		],
		[
			'externalTrafficPolicy Local has no effect where nothing is outside in this family',
			{ spec: { externalTrafficPolicy: 'Local', externalIPs: ['2001:db8::7'] } },
			['externalTrafficPolicy Local: no effect; there is no address for clients outside'],
		],
		[
			'the annotation Auto beats trafficDistribution',
			{ spec: { trafficDistribution: 'PreferSameNode' }, annotations: AUTO, endpoints: HINTED },
			[
				"topology annotation Auto: in force; asks for endpoints in proportion to the zones' CPU",
				'trafficDistribution PreferSameNode: beaten by topology annotation: Auto; the annotation comes first',
				'hints in the slices: in force; only endpoints hinted for zone a are used',
			],
		],
		[
			'an annotation that is not Auto asks for nothing',
			{ annotations: { 'service.kubernetes.io/topology-mode': 'maybe' } },
			['topology annotation not Auto: no effect; only Auto asks for hints'],
		],
		[
			'an annotation that is not Auto lets hints be used, in 1.28',
			{
				annotations: { 'service.kubernetes.io/topology-mode': 'maybe' },
				endpoints: HINTED,
				changes: { behaviour: behaviourOf(28) },
			},
			[
				'topology annotation not Auto: in force; asks for no hints, but lets those there are be used',
				'hints in the slices: in force; only endpoints hinted for zone a are used; nothing in the Service asks for them',
			],
		],
		[
			'Auto gives nothing without its feature gate',
			{
				annotations: { 'service.kubernetes.io/topology-aware-hints': 'Auto' },
				changes: { behaviour: behaviourOf(23) },
			},
			[
				'topology annotation Auto: no effect; Kubernetes 1.23 makes no hints for it without TopologyAwareHints',
				'hints none: no effect; Kubernetes 1.23 uses no hints unless TopologyAwareHints is on: every ready endpoint is used',
			],
		],
		[
			'trafficDistribution without hints in the slices has no effect',
			{ spec: { trafficDistribution: 'PreferSameNode' } },
			[
				"trafficDistribution PreferSameNode: no effect; asks for endpoints on the client's node, else in its zone, but no endpoint has a hint for a zone",
				'hints none: no effect; no endpoint has a hint for a zone: every ready endpoint is used',
			],
		],
		[
			'hints that are computed are said to be',
			{ spec: { trafficDistribution: 'PreferSameNode' }, changes: { hints: 'missing' } },
			[
				"trafficDistribution PreferSameNode: in force; asks for endpoints on the client's node, else in its zone",
				'hints computed: in force; only endpoints hinted for this node are used',
			],
		],
		[
			'hints count though nothing asks for them',
			{ endpoints: HINTED },
			[
				'hints in the slices: in force; only endpoints hinted for zone a are used; nothing in the Service asks for them',
			],
		],
		[
			'hints for no endpoint of this zone have no effect',
			{ spec: { trafficDistribution: 'PreferClose' }, endpoints: [{ ...THERE, zones: ['b'] }] },
			[
				"trafficDistribution PreferClose: no effect; asks for endpoints in the client's zone, but no endpoint is hinted for zone a",
				'hints in the slices: no effect; no endpoint is hinted for zone a: every ready endpoint is used',
			],
		],
		[
			'session affinity keeps a client for a time',
			{ spec: { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } } },
			[
				'sessionAffinity ClientIP: in force; a client goes to the same endpoint again until 600 s after its last connection',
			],
		],
		[
			'internalTrafficPolicy Local confines all traffic, in 1.23',
			{ spec: { ...NODEPORT, internalTrafficPolicy: 'Local' }, changes: { behaviour: behaviourOf(23) } },
			[
				'internalTrafficPolicy Local: in force; all traffic, from outside too, goes to endpoints on this node only',
				'externalTrafficPolicy Cluster: in force; traffic to external addresses may go to endpoints on any node',
			],
		],
	])('%s', (_what, given, expected) => {
		expect(policies(given)).toEqual(expected);
	});

	it.each<[string, readonly string[], string, string | null]>([
		[
			'drops others',
			['203.0.113.0/24'],
			'198.51.100.1',
			'loadBalancerSourceRanges 203.0.113.0/24: in force; others are dropped, before anything else decides',
		],
		[
			'is cut where it is long',
			['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16', '10.5.0.0/16'],
			'198.51.100.1',
			'loadBalancerSourceRanges 10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16 and 2 more: in force; others are dropped, before anything else decides',
		],
		[
			'of the other family lets everybody in',
			['2001:db8::/64'],
			'198.51.100.1',
			'loadBalancerSourceRanges none for IPv4: no effect; everybody may come in',
		],
		[
			'restricts nothing without a load-balancer IP',
			['203.0.113.0/24'],
			'2001:db8::1',
			'loadBalancerSourceRanges 203.0.113.0/24: no effect; there is no load-balancer IP',
		],
	])('a list of source ranges %s', (_what, loadBalancerSourceRanges, ip, expected) => {
		const spec = { ...NODEPORT, type: 'LoadBalancer', loadBalancerSourceRanges };
		expect(policies({ spec, status: { loadBalancer: { ingress: [{ ip }] } } })[0]).toBe(expected);
	});

	it('for traffic inside is without effect where another Service has the ClusterIP', () => {
		const older = { metadata: { creationTimestamp: '2024-01-01T00:00:00Z' } };
		const objects = [...NODES, service('a-web', ['10.96.0.20']), service('b-web', ['10.96.0.20'], older)];
		expect(explained(objects).policies[0]).toMatchObject({ force: 'no effect', sentence: 'there is no ClusterIP' });
	});
});
