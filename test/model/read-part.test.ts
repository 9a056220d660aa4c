import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPart } from '../../src/model/read-part.ts';
import { hostileCluster } from '../support/hostile.ts';
import { read } from '../support/intake.ts';

const METADATA = {
	name: 'web',
	annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'kept' },
	managedFields: [{ manager: 'kubectl' }],
};
const READ_METADATA = { name: 'web', annotations: { note: 'kept' } };

describe('what is read of an object', () => {
	it.each([
		'Service',
		'EndpointSlice',
		'Node',
		'Pod',
		'ServiceCIDR',
		'Deployment',
		'StatefulSet',
		'DaemonSet',
		'ReplicaSet',
	])('all of a %s, but not who manages it and what kubectl applied', (kind) => {
		const object = { apiVersion: 'v1', kind, metadata: METADATA, spec: { anything: 1 } };
		expect(readPart(object)).toEqual({ ...object, metadata: READ_METADATA });
	});

	it('of a Pod not what runs in its containers, and of a Node not its images', () => {
		const ports = [{ name: 'http', containerPort: 8080 }];
		const container = { name: 'main', ports, restartPolicy: 'Always', image: 'x', env: [{ name: 'A', value: 'b' }] };
		const pod = {
			kind: 'Pod',
			spec: { nodeName: 'n1', volumes: [{}], containers: [container], initContainers: [container] },
			status: { podIP: '10.244.1.5', containerStatuses: [{}] },
		};
		const left = [{ name: 'main', ports, restartPolicy: 'Always' }];
		expect(readPart(pod)).toEqual({
			kind: 'Pod',
			spec: { nodeName: 'n1', containers: left, initContainers: left },
			status: { podIP: '10.244.1.5' },
		});
		expect(readPart({ kind: 'Node', status: { images: [{}], addresses: [] } })).toEqual({
			kind: 'Node',
			status: { addresses: [] },
		});
	});

	it('of a kind that is passed over only the kind', () => {
		const object = { apiVersion: 'v1', kind: 'Secret', metadata: METADATA, data: { password: 'x' } };
		expect(readPart(object)).toEqual({ apiVersion: 'v1', kind: 'Secret' });
		expect(readPart({ kind: 'Secret' })).toEqual({ kind: 'Secret' });
	});

	it('of lists all items, which a typed list tells what they are', () => {
		const secret = { kind: 'Secret', data: {} };
		const list = { kind: 'List', metadata: {}, items: [secret, { kind: 'List', items: [secret] }] };
		const left = { kind: 'Secret' };
		expect(readPart(list)).toEqual({ ...list, items: [left, { kind: 'List', items: [left] }] });
		expect(readPart({ kind: 'PodList', items: [{ metadata: METADATA }] })).toEqual({
			kind: 'PodList',
			items: [{ metadata: READ_METADATA }],
		});
		expect(readPart({ metadata: METADATA }, 'Pod')).toEqual({ metadata: READ_METADATA });
	});

	it.each([
		null,
		7,
		'Service',
		[{ kind: 'Secret', data: {} }],
		{ metadata: METADATA },
		{ kind: 7, metadata: METADATA },
		{ kind: 'Pod', metadata: 'x', spec: { containers: ['x', null, 7] }, status: [1] },
		{ kind: 'List', items: 7 },
		{ kind: 'List' },
	])('of what is no object of a known form, all: %j', (value) => {
		expect(readPart(value)).toEqual(value);
	});

	it('of an object with nothing to leave out, the object itself', () => {
		const object = { kind: 'Service', metadata: { name: 'web' }, spec: { ports: [] } };
		expect(readPart(object)).toBe(object);
	});

	it('of lists that are nested without end, something', () => {
		let deep: unknown = 1;
		for (let depth = 0; depth < 100_000; depth++) deep = { kind: 'List', items: [deep] };
		expect(readPart(deep)).toMatchObject({ kind: 'List' });
	});

	it('names like those of every object are names', () => {
		const object = JSON.parse(
			'{"kind": "Pod", "metadata": {"managedFields": 1, "__proto__": {"a": 1}, "constructor": 2}}',
		);
		expect(JSON.stringify(readPart(object))).toBe('{"kind":"Pod","metadata":{"__proto__":{"a":1},"constructor":2}}');
	});

	it('is all that decides about rules and problems', () => {
		fc.assert(
			fc.property(hostileCluster, (objects) => {
				const whole = objects.map((object) => withUnread(object));
				expect(read(...whole.map((object) => readPart(object)))).toEqual(read(...whole));
			}),
			{ numRuns: 200 },
		);
	});
});

/** An object of a cluster says more of itself than the ones in tests. */
function withUnread(object: unknown): unknown {
	if (typeof object !== 'object' || object === null || !('metadata' in object)) return object;
	const { metadata } = object;
	const isMap = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
	return isMap ? { ...object, metadata: { ...metadata, managedFields: [{ manager: 'kubectl' }] } } : object;
}
