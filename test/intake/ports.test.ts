import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { pathOf, told } from '../support/problems.ts';

const GOOD = { name: 'good', port: 80 };

function withPorts(...ports: readonly unknown[]) {
	const endpoints = [endpoint({ address: '10.244.1.5' })];
	const names = ['good', 'drop', 'ip', ''].map((name) => ({ name, port: 8080 }));
	return compiled([
		node(1),
		service('web', ['10.96.0.20'], { spec: { ports } }),
		slice('web', endpoints, { ports: [...names, { name: 'good', port: 8080, protocol: 'SCTP' }] }),
	]);
}

const WHOLE = 'not a whole number from 1 to 65535; the port is left out';

describe('ports of a Service', () => {
	it.each([
		[{ name: 'bad', port: 0 }, `spec.ports[0].port is 0, ${WHOLE}`, null],
		[{ name: 'bad', port: 65536 }, `spec.ports[0].port is 65536, ${WHOLE}`, null],
		[{ name: 'bad', port: -1 }, `spec.ports[0].port is -1, ${WHOLE}`, null],
		[{ name: 'bad', port: 80.5 }, `spec.ports[0].port is 80.5, ${WHOLE}`, null],
		[{ name: 'bad', port: 1e300 }, `spec.ports[0].port is 1e+300, ${WHOLE}`, null],
		[{ name: 'bad', port: Number.NaN }, `spec.ports[0].port is NaN, ${WHOLE}`, null],
		[{ name: 'bad', port: 'http' }, `spec.ports[0].port is "http", ${WHOLE}`, null],
		[{ name: 'bad', port: '80' }, `spec.ports[0].port is "80", ${WHOLE}`, 'write it without quotes'],
		[{ name: 'bad', port: [80] }, `spec.ports[0].port is a list, ${WHOLE}`, null],
		[
			{ name: 'bad' },
			'spec.ports[0].port is missing, where a whole number from 1 to 65535 is needed; the port is left out',
			null,
		],
		[{ name: 80, port: 81 }, 'spec.ports[0].name is 80, not a text; the port is left out', 'write it in quotes: "80"'],
		[
			{ name: 'bad', port: 81, nodePort: 65536 },
			'spec.ports[0].nodePort is 65536, not a whole number from 0 to 65535; the port is left out',
			null,
		],
		[7, 'spec.ports[0] is 7, not an object; the port is left out', null],
		[null, 'spec.ports[0] is missing, where an object is needed; the port is left out', null],
	])('fault 68: %j is left out, the others are not', (bad, sentence, hint) => {
		const found = withPorts(bad, GOOD);
		expect(found.map('services')).toEqual({ '10.96.0.20 . tcp . 80': 'goto cluster/shop/web/good' });
		expect(found.problems).toMatchObject([
			{ code: 'bad-field', severity: 'error', object: 'Service shop/web', sentence, hint },
		]);
	});

	it.each([
		[{ name: 'a;flush ruleset', port: 81 }, 'has the name "a;flush ruleset", which Kubernetes does not allow'],
		[{ name: 'x\ny', port: 81 }, 'has the name "x\\ny", which Kubernetes does not allow'],
		[{ name: 'x'.repeat(64), port: 81 }, 'which Kubernetes does not allow'],
		[{ name: 'good', port: 81 }, 'has the name good, like an earlier port of the Service'],
		[{ name: 'other', port: 80 }, 'has the number 80/tcp, like an earlier port of the Service'],
		[{ name: 'other', port: 81, protocol: 'ICMP' }, 'has the protocol ICMP, which is not TCP, UDP or SCTP'],
		[{ name: 'other', port: 81, protocol: '\u0130' }, 'which is not TCP, UDP or SCTP'],
	])('fault 55, fault 69: %j is left out, with its place', (bad, what) => {
		const found = withPorts(GOOD, bad);
		expect(Object.keys(found.map('services'))).toEqual(['10.96.0.20 . tcp . 80']);
		expect(found.problems[0]?.sentence).toContain(what);
		expect(found.problems.map(pathOf)).toEqual([['spec', 'ports', 1]]);
	});

	it('two ports without names: the second is left out', () => {
		expect(told(withPorts({ port: 80 }, { port: 81 }).problems)).toEqual([
			'error bad-port Service shop/web: spec.ports[1] has no name, like an earlier port of the Service; the port is left out',
		]);
	});

	it('fault 69: SCTP and lower case work, no protocol is TCP', () => {
		const found = withPorts({ name: 'good', port: 80, protocol: 'sctp' }, { name: 'drop', port: 81, protocol: '' });
		expect(found.map('services')).toEqual({
			'10.96.0.20 . sctp . 80': 'goto cluster/shop/web/good',
			'10.96.0.20 . tcp . 81': 'goto cluster/shop/web/drop',
		});
	});

	it('fault 56: names that are words of nft are names', () => {
		const found = withPorts({ name: 'drop', port: 80 }, { name: 'ip', port: 81 });
		expect(Object.values(found.map('services'))).toEqual(['goto cluster/shop/web/drop', 'goto cluster/shop/web/ip']);
	});

	it.each([[undefined], [null], [[]]])('ports %j: nothing is made, and it is said', (ports) => {
		const found = compiled([node(1), service('web', ['10.96.0.20'], { spec: { ports } })]);
		expect(found.map('no-endpoints')).toEqual({});
		expect(found.problems).toMatchObject([
			{
				code: 'no-ports',
				sentence: 'it has no ports; nothing is made for it',
				hint: 'a Service with a clusterIP needs spec.ports',
			},
		]);
	});

	it('no usable port: nothing is made, and it is said', () => {
		expect(told(withPorts({ name: 'bad', port: 0 }).problems).at(-1)).toBe(
			'error no-ports Service shop/web: none of its ports can be used; nothing is made for it',
		);
	});
});
