import { describe, expect, it } from 'vitest';
import { readClient, readDestination, readFamily } from '../../src/cli/read-ends.ts';

describe('the ends of a traced connection', () => {
	it.each([
		[readClient, 'node', { kind: 'node' }],
		[readClient, 'external', { kind: 'external' }],
		[readClient, 'pod:shop/cart-7d9f.0', { kind: 'pod', pod: { namespace: 'shop', name: 'cart-7d9f.0' } }],
		[readClient, 'pod:cart-0', { kind: 'pod', pod: { namespace: 'default', name: 'cart-0' } }],
		[readClient, 'ip:010.0.0.1', { kind: 'address', family: 'ip', address: '10.0.0.1' }],
		[readClient, 'ip:FD00::1', { kind: 'address', family: 'ip6', address: 'fd00::1' }],
		[readClient, 'ip:[fd00::1]', { kind: 'address', family: 'ip6', address: 'fd00::1' }],
		[readDestination, 'nodeport:30080', { kind: 'nodeport', port: 30080, protocol: 'tcp' }],
		[readDestination, 'nodeport:30080/sctp', { kind: 'nodeport', port: 30080, protocol: 'sctp' }],
		[
			readDestination,
			'svc:shop/tcp',
			{ kind: 'service', namespace: 'shop', service: 'tcp', port: null, protocol: null, at: 'cluster-ip' },
		],
		[
			readDestination,
			'lb:web:80/udp',
			{ kind: 'service', namespace: 'default', service: 'web', port: 80, protocol: 'udp', at: 'load-balancer' },
		],
		[
			readDestination,
			'ip:10.0.0.1:80',
			{ kind: 'address', family: 'ip', address: '10.0.0.1', port: 80, protocol: 'tcp' },
		],
		[readFamily, 'ipv6', 'ip6'],
	] as const)('%o reads %j', (reader, text, expected) => {
		expect(reader(text)).toEqual(expected);
	});

	it.each([
		[
			readClient,
			[
				'',
				'pod',
				'pod:',
				'pod:a/b/c',
				'pod:A/b',
				'pod:a/\u001b[31m',
				'node:n1',
				'ip:localhost',
				'ip:10.0.0.0/8',
				'svc:a/b',
			],
		],
		[
			readDestination,
			[
				'',
				'svc:',
				'svc:/web',
				'svc:a/',
				'svc:a/b/c',
				'svc:a/b:',
				'svc:a/b:c:d',
				'svc:a/b:x;y',
				'svc:a/b:0',
				'svc:a/b:80/icmp',
			],
		],
		[
			readDestination,
			['nodeport:', 'nodeport:http', 'nodeport:65536', 'nodeport:1e3', 'nodeport:80/', 'pod:a/b', 'node'],
		],
		[
			readDestination,
			['ip:10.0.0.1', 'ip:10.0.0.1:', 'ip:fd00::1:80', 'ip:[fd00::1]', 'ip:x:80', 'ip:10.0.0.1:80/', 'ip:10.0.0.1:0'],
		],
		[readFamily, ['', 'ip', 'IPv4', 'ipv4,ipv6']],
	] as const)('%o refuses what is none', (reader, texts) => {
		for (const text of texts) expect(() => reader(text), JSON.stringify(text)).toThrow(/^It wants /);
	});
});
