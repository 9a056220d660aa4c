import { describe, expect, it } from 'vitest';
import { isSameUdpPort } from '../../src/conntrack/udp-service-port.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { udpPort, udpPortsOf } from './ports.ts';

const DNS = { name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 };
const PORTS = [{ name: 'dns', protocol: 'UDP', port: 5353 }];

describe('what of a service port decides about UDP flows', () => {
	it('all addresses, and every endpoint that serves: ready or not, here or not, whatever hints and policies say', () => {
		const spec = {
			type: 'LoadBalancer',
			externalIPs: ['198.51.100.1'],
			internalTrafficPolicy: 'Local',
			externalTrafficPolicy: 'Local',
			ports: [DNS],
		};
		const status = { loadBalancer: { ingress: [{ ip: '198.51.100.2' }] } };
		const endpoints = [
			endpoint({ address: '10.244.1.5', node: 'n1' }),
			endpoint({ address: '10.244.2.5', node: 'n2', zones: ['elsewhere'] }),
			endpoint({ address: '10.244.2.6', ready: false, serving: true, terminating: true }),
			endpoint({ address: '10.244.2.7', ready: false, serving: false, terminating: true }),
			endpoint({ address: '10.244.2.8', ready: false }),
		];
		const dns = service('dns', ['10.96.0.10'], { spec, status });
		const found = udpPortsOf([node(1), node(2), dns, slice('dns', endpoints, { ports: PORTS })], 'ip');
		expect(found).toEqual(
			new Map([
				[
					'shop/dns:dns',
					udpPort({
						externalAddresses: ['198.51.100.1', '198.51.100.2'],
						nodePort: 30053,
						serving: new Set(['10.244.1.5:5353', '10.244.2.5:5353', '10.244.2.6:5353']),
					}),
				],
			]),
		);
	});

	it('each family by itself, and no other protocol', () => {
		const ports = [{ name: 'web', port: 80 }, { name: 'sctp', protocol: 'SCTP', port: 9 }, DNS];
		const dns = service('dns', ['fd00:10:96::a'], { spec: { ports } });
		const objects = [node(1), dns, slice('dns', [endpoint({ address: 'fd00:10:244:1::5' })], { ports: PORTS })];
		expect(udpPortsOf(objects, 'ip')).toEqual(new Map());
		const expected = udpPort({
			clusterIp: 'fd00:10:96::a',
			nodePort: 30053,
			serving: new Set(['[fd00:10:244:1::5]:5353']),
		});
		expect(udpPortsOf(objects, 'ip6')).toEqual(new Map([['shop/dns:dns', expected]]));
	});

	it.each([
		{ clusterIp: null },
		{ externalAddresses: ['198.51.100.1'] },
		{ port: 54 },
		{ nodePort: 30053 },
		{ serving: new Set(['10.244.1.6:5353']) },
		{ serving: new Set<string>() },
	])('another one is not the same: %o', (changes) => {
		expect(isSameUdpPort(udpPort(), udpPort())).toBe(true);
		expect(isSameUdpPort(udpPort(), udpPort(changes))).toBe(false);
		expect(isSameUdpPort(udpPort(changes), udpPort())).toBe(false);
	});

	it('one that is not there is like no other', () => {
		expect(isSameUdpPort(null, null)).toBe(true);
		expect(isSameUdpPort(udpPort(), null)).toBe(false);
		expect(isSameUdpPort(null, udpPort())).toBe(false);
	});
});
