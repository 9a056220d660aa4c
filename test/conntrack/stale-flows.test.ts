import { describe, expect, it } from 'vitest';
import { newStaleFlows, type WhenNoneServes } from '../../src/conntrack/stale-flows.ts';
import type { UdpServicePort } from '../../src/conntrack/udp-service-port.ts';
import type { UdpFlow } from '../../src/model/udp-flow.ts';
import { udpPort } from './ports.ts';

/** `10.96.0.10 53 > 10.244.1.5 5353` */
function flow(text: string): UdpFlow {
	const [address = '', port, , replyAddress = '', replyPort] = text.split(' ');
	return { address, port: Number(port), replyAddress, replyPort: Number(replyPort) };
}

function stale(ports: readonly UdpServicePort[], flows: readonly string[], whenNoneServes: WhenNoneServes = 'keep') {
	const found = newStaleFlows(ports, whenNoneServes);
	for (const text of flows) found.look(flow(text));
	return found
		.patterns()
		.map(
			({ address, port, reply }) => `${address} ${port} > ${reply === null ? 'any' : `${reply.address} ${reply.port}`}`,
		);
}

const ALL = udpPort({ externalAddresses: ['198.51.100.1', '198.51.100.2'], nodePort: 30053 });

describe('a flow is stale', () => {
	it.each([
		'10.96.0.10 53 > 10.244.1.6 5353',
		'198.51.100.1 53 > 10.244.1.6 5353',
		'198.51.100.2 53 > 10.244.1.6 5353',
	])('when the one who answers is no endpoint: %s', (text) => {
		expect(stale([ALL], [text])).toEqual([text]);
	});

	it('when the port of the one who answers is another', () => {
		expect(stale([ALL], ['10.96.0.10 53 > 10.244.1.5 5354'])).toEqual(['10.96.0.10 53 > 10.244.1.5 5354']);
	});

	it('when it was never translated (EC-101)', () => {
		expect(stale([ALL], ['10.96.0.10 53 > 10.96.0.10 53'])).toEqual(['10.96.0.10 53 > 10.96.0.10 53']);
	});

	it('when it was sent to the number of a node port, wherever', () => {
		const flows = [
			'192.168.10.1 30053 > 10.244.1.6 5353',
			'172.30.0.1 30053 > 10.244.1.6 5353',
			'9.9.9.9 30053 > 9.9.9.9 30053',
		];
		expect(stale([ALL], flows)).toEqual(['null 30053 > 10.244.1.6 5353', 'null 30053 > 9.9.9.9 30053']);
	});

	it('by its node port, when as a service port it is not', () => {
		const ports = [udpPort(), udpPort({ clusterIp: '10.96.0.11', nodePort: 53, serving: new Set(['10.244.1.7:1']) })];
		expect(stale(ports, ['10.96.0.10 53 > 10.244.1.5 5353'])).toEqual(['null 53 > 10.244.1.5 5353']);
	});

	it('in IPv6 too', () => {
		const port = udpPort({ clusterIp: 'fd00:10:96::a', serving: new Set(['[fd00:10:244:1::5]:5353']) });
		const flows = ['fd00:10:96::a 53 > fd00:10:244:1::5 5353', 'fd00:10:96::a 53 > fd00:10:244:1::6 5353'];
		expect(stale([port], flows)).toEqual(flows.slice(1));
	});
});

describe('a flow is left alone', () => {
	it.each([
		['its endpoint serves', '10.96.0.10 53 > 10.244.1.5 5353'],
		['its endpoint serves, at the node port', '192.168.10.1 30053 > 10.244.1.5 5353'],
		['it is of another port', '10.96.0.10 54 > 10.244.1.6 5353'],
		['it is of another Service', '10.96.0.11 53 > 10.244.1.6 5353'],
		['it goes to a pod and not to a Service', '10.244.1.6 5353 > 10.244.1.6 5353'],
	])('%s', (_, text) => {
		expect(stale([ALL], [text])).toEqual([]);
	});

	const none = udpPort({ externalAddresses: ['198.51.100.1'], nodePort: 30053, serving: new Set() });
	const flows = [
		'10.96.0.10 53 > 10.244.1.5 5353',
		'198.51.100.1 53 > 10.244.1.6 5353',
		'192.168.10.1 30053 > 10.244.1.5 5353',
	];

	it('nobody serves, up to Kubernetes 1.36 (EC-102)', () => {
		expect(stale([none], flows, 'keep')).toEqual([]);
		expect(newStaleFlows([none], 'keep').filter).toBeNull();
	});

	it('nobody serves: since Kubernetes 1.37 those to the node port only, which may be to some other host', () => {
		expect(stale([none], flows, 'forget')).toEqual(['10.96.0.10 53 > any', '198.51.100.1 53 > any']);
	});
});

describe('what there is to delete', () => {
	it('comes once, the most first, and node ports last', () => {
		const flows = [
			'192.168.10.1 30053 > 10.244.1.6 5353',
			'192.168.10.1 30053 > 10.244.1.6 5353',
			'10.96.0.10 53 > 10.244.1.6 5353',
			'10.96.0.10 53 > 10.244.1.7 5353',
			'10.96.0.10 53 > 10.244.1.7 5353',
		];
		expect(stale([ALL], flows)).toEqual([
			'10.96.0.10 53 > 10.244.1.7 5353',
			'10.96.0.10 53 > 10.244.1.6 5353',
			'null 30053 > 10.244.1.6 5353',
		]);
	});

	it('is bounded, however many hosts somebody sends to at the number of a node port', () => {
		const found = newStaleFlows([ALL], 'keep', 10);
		for (let host = 0; host < 10; host++) found.look(flow(`9.9.9.${host} 30053 > 9.9.9.${host} 30053`));
		expect(found.isMore()).toBe(false);
		for (let host = 0; host < 200; host++) found.look(flow(`9.9.9.${host} 30053 > 9.9.9.${host} 30053`));
		found.look(flow('10.96.0.10 53 > 10.244.1.6 5353'));
		expect(found.isMore()).toBe(true);
		expect(found.patterns()).toHaveLength(11);
		expect(found.patterns()[0]).toMatchObject({ address: '10.96.0.10' });
	});
});

describe('the filter is the narrowest that lets all keys through', () => {
	const at = (address: string, port: number, nodePort: number | null = null) =>
		udpPort({ clusterIp: address, port, nodePort });
	it.each([
		['none', [], null],
		['one address and port', [at('10.96.0.10', 53)], { address: '10.96.0.10', port: 53 }],
		['one address', [at('10.96.0.10', 53), at('10.96.0.10', 54)], { address: '10.96.0.10', port: null }],
		['one port', [at('10.96.0.10', 53), at('10.96.0.11', 53)], { address: null, port: 53 }],
		['node ports go to any address', [at('10.96.0.10', 53, 30053)], { address: null, port: null }],
		[
			'an address less, with a node port',
			[udpPort({ clusterIp: null, nodePort: 30053 })],
			{ address: null, port: 30053 },
		],
	])('%s', (_, ports, filter) => {
		expect(newStaleFlows(ports, 'keep').filter).toEqual(filter);
	});
});
