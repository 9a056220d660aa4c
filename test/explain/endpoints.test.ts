import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { behaviourOf } from '../../src/versions/behaviour.ts';
import { explained, verdictsOf } from '../support/explained.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

type Endpoint = Parameters<typeof endpoint>[0];

const NODES = [node(1, 'a'), node(2, 'a'), node(3, 'b')];
const NODEPORT = { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30080 }] };

interface Case {
	readonly spec?: Record<string, unknown>;
	readonly metadata?: Record<string, unknown>;
	readonly changes?: Partial<Settings>;
	readonly nodes?: readonly unknown[];
	readonly endpoints: readonly Endpoint[];
}

/** Why node n1 uses endpoints or not. */
function verdicts({ spec = {}, metadata = {}, changes = {}, nodes = NODES, endpoints }: Case): readonly string[] {
	const objects = [...nodes, service('web', ['10.96.0.20'], { spec, metadata }), slice('web', endpoints.map(endpoint))];
	return verdictsOf(explained(objects, { hints: 'as-is', ...changes }));
}

const HERE = { address: '10.244.1.5', node: 'n1' };
const THERE = { address: '10.244.3.5', node: 'n3' };
const DRAINING = { ready: false, serving: true, terminating: true };

const release = (minor: number, gates: Readonly<Record<string, boolean>> = {}): Partial<Settings> => ({
	behaviour: behaviourOf(minor, new Map(Object.entries(gates))),
});

const AUTO = { annotations: { 'service.kubernetes.io/topology-aware-hints': 'Auto' } };

describe('why an endpoint is used or not', () => {
	it.each<[string, Case, readonly string[]]>([
		[
			'it is ready, or not',
			{ endpoints: [HERE, { ...THERE, ready: false }] },
			[
				'10.244.1.5 cluster kept: ready=true',
				'10.244.3.5 cluster left out: ready=false, serving=false, terminating=false',
			],
		],
		[
			'it is ready whatever else it is, by publishNotReadyAddresses',
			{ endpoints: [{ ...HERE, serving: false, terminating: true }] },
			['10.244.1.5 cluster kept: ready=true, serving=false, terminating=true'],
		],
		[
			'it drains while another is ready',
			{ endpoints: [HERE, { ...THERE, ...DRAINING }] },
			[
				'10.244.1.5 cluster kept: ready=true',
				'10.244.3.5 cluster left out: ready=false, serving=true, terminating=true: used only while no endpoint is ready',
			],
		],
		[
			'it drains and none is ready',
			{
				endpoints: [
					{ ...HERE, ...DRAINING },
					{ ...THERE, ready: false, terminating: true },
				],
			},
			[
				'10.244.1.5 cluster kept: serving while it terminates; no endpoint is ready',
				'10.244.3.5 cluster left out: ready=false, serving=false, terminating=true',
			],
		],
		[
			'its hints name this zone, or others',
			{
				endpoints: [
					{ ...HERE, zones: ['a'] },
					{ ...THERE, zones: ['b', 'c'] },
				],
			},
			[
				'10.244.1.5 cluster kept: hints name zone a',
				'10.244.3.5 cluster left out: hints name zones b, c, node is in a',
			],
		],
		[
			'its hints name this node, or another',
			{
				endpoints: [
					{ ...HERE, nodes: ['n1'] },
					{ ...THERE, nodes: ['n3'] },
				],
			},
			[
				'10.244.1.5 cluster kept: hints name this node',
				'10.244.3.5 cluster left out: hints name node n3, not this one',
			],
		],
		[
			'no endpoint is hinted for the node, but one for its zone',
			{
				endpoints: [
					{ address: '10.244.2.5', node: 'n2', zones: ['a'], nodes: ['n2'] },
					{ ...THERE, zones: ['b'], nodes: ['n3'] },
				],
			},
			[
				'10.244.2.5 cluster kept: hints name zone a (no endpoint is hinted for this node)',
				'10.244.3.5 cluster left out: hints name zone b, node is in a',
			],
		],
		[
			'no endpoint is hinted for the zone',
			{ endpoints: [{ ...THERE, zones: ['b'] }] },
			['10.244.3.5 cluster kept: fallback: no endpoint is hinted for zone a'],
		],
		[
			'no endpoint is hinted for the node or its zone',
			{ endpoints: [{ ...THERE, zones: ['b'], nodes: ['n3'] }] },
			['10.244.3.5 cluster kept: fallback: no endpoint is hinted for this node, no endpoint is hinted for zone a'],
		],
		[
			'one endpoint has no hint',
			{ endpoints: [{ ...HERE, zones: ['a'] }, THERE] },
			[
				'10.244.1.5 cluster kept: fallback: 10.244.3.5:8080 has no hint for a zone',
				'10.244.3.5 cluster kept: fallback: 10.244.3.5:8080 has no hint for a zone',
			],
		],
		[
			'the node has no zone',
			{ nodes: [node(1)], endpoints: [{ ...THERE, zones: ['b'] }] },
			['10.244.3.5 cluster kept: fallback: this node has no zone'],
		],
		[
			'internalTrafficPolicy Local',
			{
				spec: { internalTrafficPolicy: 'Local' },
				endpoints: [{ ...HERE, zones: ['b'] }, { ...THERE, zones: ['a'] }, { address: '10.244.9.5' }],
			},
			[
				'10.244.1.5 local kept: ready=true, on this node',
				'10.244.3.5 local left out: internalTrafficPolicy: Local, endpoint is on n3',
				'10.244.9.5 local left out: internalTrafficPolicy: Local, endpoint has no nodeName',
			],
		],
		[
			'externalTrafficPolicy Local, for clients outside only',
			{ spec: { ...NODEPORT, externalTrafficPolicy: 'Local' }, endpoints: [HERE, THERE] },
			[
				'10.244.1.5 cluster kept: ready=true',
				'10.244.1.5 local kept: ready=true, on this node',
				'10.244.3.5 cluster kept: ready=true',
				'10.244.3.5 local left out: externalTrafficPolicy: Local, endpoint is on n3',
			],
		],
		[
			'both policies Local',
			{ spec: { ...NODEPORT, externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' }, endpoints: [THERE] },
			[
				'10.244.3.5 cluster kept: ready=true',
				'10.244.3.5 local left out: internalTrafficPolicy and externalTrafficPolicy: Local, endpoint is on n3',
			],
		],
		[
			'a Local policy and one that drains beside a ready one here',
			{
				spec: { internalTrafficPolicy: 'Local' },
				endpoints: [HERE, { address: '10.244.1.6', node: 'n1', ...DRAINING }],
			},
			[
				'10.244.1.5 local kept: ready=true, on this node',
				'10.244.1.6 local left out: ready=false, serving=true, terminating=true: used only while no endpoint here is ready',
			],
		],
		[
			'a Local policy and none ready here',
			{ spec: { internalTrafficPolicy: 'Local' }, endpoints: [{ ...HERE, ...DRAINING }, THERE] },
			[
				'10.244.1.5 local kept: serving while it terminates; no endpoint here is ready',
				'10.244.3.5 local left out: internalTrafficPolicy: Local, endpoint is on n3',
			],
		],
		[
			'1.25: endpoints that terminate are not used',
			{ changes: release(25), endpoints: [HERE, { ...THERE, ...DRAINING }] },
			[
				'10.244.1.5 cluster kept: ready=true',
				'10.244.3.5 cluster left out: ready=false, serving=true, terminating=true: Kubernetes 1.25 does not use it',
			],
		],
		[
			'1.23 with ProxyTerminatingEndpoints: under externalTrafficPolicy Local only',
			{ changes: release(23, { ProxyTerminatingEndpoints: true }), endpoints: [{ ...THERE, ...DRAINING }] },
			[
				'10.244.3.5 cluster left out: ready=false, serving=true, terminating=true: Kubernetes 1.23 does not use it unless externalTrafficPolicy is Local',
			],
		],
		[
			'1.23: internalTrafficPolicy Local stands before all',
			{ changes: release(23), spec: { ...NODEPORT, internalTrafficPolicy: 'Local' }, endpoints: [HERE, THERE] },
			[
				'10.244.1.5 cluster kept: ready=true',
				'10.244.3.5 cluster left out: internalTrafficPolicy: Local, endpoint is on n3',
			],
		],
		[
			'1.28: hints need an annotation',
			{
				changes: release(28),
				endpoints: [
					{ ...HERE, zones: ['a'] },
					{ ...THERE, zones: ['b'] },
				],
			},
			[
				'10.244.1.5 cluster kept: hints are not used: Kubernetes 1.28 uses no hints unless an annotation asks for them',
				'10.244.3.5 cluster kept: hints are not used: Kubernetes 1.28 uses no hints unless an annotation asks for them',
			],
		],
		[
			'1.28: hints are used where there is one',
			{
				changes: release(28),
				metadata: AUTO,
				endpoints: [
					{ ...HERE, zones: ['a'] },
					{ ...THERE, zones: ['b'] },
				],
			},
			['10.244.1.5 cluster kept: hints name zone a', '10.244.3.5 cluster left out: hints name zone b, node is in a'],
		],
	])('%s', (_what, given, expected) => {
		expect(verdicts(given)).toEqual(expected);
	});

	it('1.35: of two records of an address the one on this node counts, else the first', () => {
		const objects = [
			...NODES,
			service('web', ['10.96.0.20']),
			slice('web', [endpoint({ address: '10.244.9.5', node: 'n2' })], { name: 'web-a' }),
			slice('web', [endpoint({ address: '10.244.9.5', node: 'n1' })], { name: 'web-b' }),
		];
		expect(verdictsOf(explained(objects, release(35)))).toEqual([
			'10.244.9.5 cluster left out: the address counts once, and another record of it is on this node',
			'10.244.9.5 cluster kept: ready=true',
		]);
		expect(verdictsOf(explained(objects, { node: 'n3', ...release(35) }))).toEqual([
			'10.244.9.5 cluster kept: ready=true',
			'10.244.9.5 cluster left out: the address counts once, and another record of it comes first',
		]);
	});
});
