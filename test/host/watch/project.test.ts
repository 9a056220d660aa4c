import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectTo } from '../../../src/host/watch/project.ts';
import { PODS, RESOURCES } from '../../../src/host/watch/resources.ts';
import { compileNode } from '../../../src/pipeline.ts';
import { arbitraryCluster } from '../../support/arbitrary-cluster.ts';
import { documents, endpoint, node, service, settings, slice } from '../../support/objects.ts';

function projected(object: Readonly<Record<string, unknown>>): unknown {
	const resource = [...RESOURCES, PODS].find(({ kind }) => kind === object.kind);
	return resource === undefined ? object : projectTo(resource.apiVersion, resource.kind)(object);
}

describe('what is kept of an object', () => {
	it('is all that rules are made of', () => {
		fc.assert(
			fc.property(arbitraryCluster, (groups) => {
				const objects = groups.flat();
				const whole = compileNode(documents(...objects), settings());
				const reduced = compileNode(documents(...objects.map(projected)), settings());
				expect(whole.ruleset).not.toBeNull();
				expect(reduced).toEqual(whole);
			}),
		);
	});

	it('is all that problems are found in', () => {
		const bad = [
			service('a', ['10.96.0.400'], { spec: { ports: [{ port: 80.5 }, 'x'], sessionAffinity: 'Maybe' } }),
			service('b', ['10.96.0.1'], { spec: { ports: 'none', type: 7 } }),
			service('c', ['10.96.0.2'], { metadata: { labels: ['x'] }, spec: { externalIPs: [7] } }),
			service('d', ['10.96.0.3'], { spec: { externalIPs: ['fe80::1%eth0'], loadBalancerSourceRanges: ['x'] } }),
			slice('d', [endpoint({ address: '127.0.0.1' }), endpoint({ address: '10.244.1.5', zones: ['a b'] }), {}]),
			{ ...slice('e', []), addressType: 'IPv5' },
			{ ...node(1), spec: { podCIDRs: 'x' } },
			{ ...node(2), status: { addresses: [{}], conditions: 'x' }, spec: null },
		];
		const whole = compileNode(documents(...bad), settings()).problems;
		expect(whole.length).toBeGreaterThan(8);
		expect(compileNode(documents(...bad.map(projected)), settings()).problems).toEqual(whole);
	});

	it('is little, and nothing that changes by itself', () => {
		const projectNode = projectTo('v1', 'Node');
		const reported = (time: string) => ({
			metadata: {
				name: 'n1',
				uid: 'u',
				labels: { 'topology.kubernetes.io/zone': 'eu-1a', 'kubernetes.io/hostname': 'n1' },
				annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
				managedFields: [{ time }],
			},
			spec: { podCIDR: '10.244.1.0/24', taints: [{ key: 'x', effect: 'NoSchedule', timeAdded: time }] },
			status: {
				allocatable: { cpu: '4', memory: '8Gi' },
				conditions: [
					{ type: 'MemoryPressure', status: 'False', lastHeartbeatTime: time },
					{ type: 'Ready', status: 'True', lastHeartbeatTime: time },
				],
				images: [{ names: ['a'] }],
			},
		});
		expect(projectNode(reported('2026-01-01T00:00:00Z'))).toEqual({
			apiVersion: 'v1',
			kind: 'Node',
			metadata: {
				name: 'n1',
				uid: 'u',
				labels: { 'topology.kubernetes.io/zone': 'eu-1a' },
				annotations: {},
			},
			spec: { podCIDR: '10.244.1.0/24', taints: [{ key: 'x', effect: 'NoSchedule' }] },
			status: { allocatable: { cpu: '4' }, conditions: [{ type: 'Ready', status: 'True' }] },
		});
		expect(projectNode(reported('2026-01-01T00:05:00Z'))).toEqual(projectNode(reported('2026-01-01T00:00:00Z')));
	});

	it('says what it is, as items of a list do not, and takes what is no object', () => {
		expect(projectTo('v1', 'Pod')({ metadata: { name: 'p', labels: { a: 'b' } } })).toEqual({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: 'p', labels: { a: 'b' } },
		});
		expect(projectTo('v1', 'Service')(null)).toEqual({ apiVersion: 'v1', kind: 'Service' });
	});

	it('has the time of the last change of endpoints', () => {
		const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z', other: 'x' };
		const kept = projectTo('discovery.k8s.io/v1', 'EndpointSlice')({ metadata: { name: 's', annotations } });
		expect(kept.metadata).toEqual({
			name: 's',
			annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' },
		});
	});
});
