import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, type ServiceFields, service, slice } from '../support/objects.ts';
import { told } from '../support/problems.ts';

const OLD = { creationTimestamp: '2024-01-01T00:00:00Z' };
const NEW = { creationTimestamp: '2025-01-01T00:00:00Z' };

function two(a: ServiceFields, b: ServiceFields, clusterIps = ['10.96.0.20', '10.96.0.21']) {
	const [first = '', second = ''] = clusterIps;
	return compiled([
		node(1),
		service('a', [first], a),
		service('b', [second], b),
		slice('a', [endpoint({ address: '10.244.1.5' })]),
		slice('b', [endpoint({ address: '10.244.1.6' })]),
	]);
}

const EXTERNAL = { externalIPs: ['1.2.3.4'] };

function nodePort(number: number, protocol = 'TCP') {
	return { type: 'NodePort', ports: [{ name: 'http', port: 80, protocol, nodePort: number }] };
}

describe('two Services that claim the same', () => {
	it('EC-73 one external address and port: the older Service keeps it, the other loses this address only', () => {
		const found = two({ spec: EXTERNAL, metadata: NEW }, { spec: EXTERNAL, metadata: OLD });
		expect(found.map('services')).toEqual({
			'1.2.3.4 . tcp . 80': 'goto external/shop/b/http',
			'10.96.0.20 . tcp . 80': 'goto cluster/shop/a/http',
			'10.96.0.21 . tcp . 80': 'goto cluster/shop/b/http',
		});
		expect(told(found.problems)).toEqual([
			'error claimed-twice Service shop/a: it claims 1.2.3.4 port 80/tcp, which belongs to Service shop/b; this claim is left out',
		]);
	});

	it('EC-73 ages are compared as times, not as texts', () => {
		const noon = { creationTimestamp: '2024-01-01T12:00:00+09:00' };
		const morning = { creationTimestamp: '2024-01-01T04:00:00Z' };
		const found = two({ spec: EXTERNAL, metadata: morning }, { spec: EXTERNAL, metadata: noon });
		expect(found.map('services')).toHaveProperty(['1.2.3.4 . tcp . 80'], 'goto external/shop/b/http');
	});

	it.each([
		['no age is known', {}, {}, 'a'],
		['only the second has an age', {}, OLD, 'b'],
		['an age is nonsense', { creationTimestamp: 'long ago' }, NEW, 'b'],
		['both are of one age', OLD, OLD, 'a'],
	])('EC-73 where %s the result is still one', (_when, a, b, winner) => {
		const found = two({ spec: EXTERNAL, metadata: a }, { spec: EXTERNAL, metadata: b });
		expect(found.map('services')).toHaveProperty(['1.2.3.4 . tcp . 80'], `goto external/shop/${winner}/http`);
	});

	it('a ClusterIP is stronger than the external address of an older Service', () => {
		const found = two({ spec: { externalIPs: ['10.96.0.21'] }, metadata: OLD }, { metadata: NEW });
		expect(found.map('services')).toHaveProperty(['10.96.0.21 . tcp . 80'], 'goto cluster/shop/b/http');
		expect(found.problems[0]?.code).toBe('claimed-twice');
	});

	it('one ClusterIP: the loser keeps its other addresses', () => {
		const found = two({ metadata: NEW, spec: EXTERNAL }, { metadata: OLD }, ['10.96.0.20', '10.96.0.20']);
		expect(found.map('services')).toEqual({
			'1.2.3.4 . tcp . 80': 'goto external/shop/a/http',
			'10.96.0.20 . tcp . 80': 'goto cluster/shop/b/http',
		});
	});

	it('one address with different ports or protocols is no conflict', () => {
		const udp = { ...EXTERNAL, ports: [{ name: 'http', port: 80, protocol: 'UDP' }] };
		expect(told(two({ spec: EXTERNAL }, { spec: udp }).problems)).toEqual([]);
	});

	it('fault 70: one NodePort: the older Service keeps it', () => {
		const found = two({ spec: nodePort(30080), metadata: NEW }, { spec: nodePort(30080), metadata: OLD });
		expect(found.map('nodeports')).toEqual({ 'tcp . 30080': 'goto external/shop/b/http' });
		expect(told(found.problems)).toEqual([
			'error claimed-twice Service shop/a: it claims NodePort 30080/tcp, which belongs to Service shop/b; this claim is left out',
		]);
	});

	it('a port that was left out claims nothing', () => {
		const ports = [
			{ name: 'http', port: 80 },
			{ name: 'again', port: 80, nodePort: 30080 },
		];
		const found = two({ spec: { type: 'NodePort', ports }, metadata: OLD }, { spec: nodePort(30080), metadata: NEW });
		expect(found.map('nodeports')).toEqual({ 'tcp . 30080': 'goto external/shop/b/http' });
	});
});
