import type { IpFamily } from '../../src/model/ip.ts';
import { node, serviceCidr } from '../support/objects.ts';
import type { Place } from './wiring.ts';

/** Who sends packets in the tests; a stranger is an outsider of another network. */
export type ClientName = 'pod' | 'node' | 'elsewhere' | 'outside' | 'stranger';

export interface Client {
	readonly place: Place;
	/** the address packets are sent from; null leaves it to the kernel */
	readonly source: string | null;
	/** the address that an endpoint sees when nothing is masqueraded */
	readonly address: string;
}

/** The addresses of one family, all by small numbers. */
export interface Plan {
	readonly name: 'IPv4' | 'IPv6';
	readonly family: IpFamily;
	readonly clusterIp: (number: number) => string;
	/** external and load-balancer addresses, which are routed to the node */
	readonly external: (number: number) => string;
	readonly pod: (node: number, number: number) => string;
	readonly node: (number: number) => string;
	/** an address of node n1 that is not its primary one */
	readonly secondAddress: string;
	readonly loopback: string;
	/** the networks that the outsider and the stranger live in */
	readonly networks: { readonly outside: string; readonly stranger: string; readonly nodes: string };
	readonly client: (name: ClientName) => Client;
	/** an endpoint as rulesets write it */
	readonly target: (node: number, number: number, port?: number) => string;
}

const ipv4: Plan = {
	name: 'IPv4',
	family: 'ip',
	clusterIp: (number) => `10.96.0.${number}`,
	external: (number) => `198.51.100.${number}`,
	pod: (at, number) => `10.244.${at}.${number}`,
	node: (number) => `192.168.10.${number}`,
	secondAddress: '172.30.0.1',
	loopback: '127.0.0.1',
	networks: { outside: '203.0.113.0/24', stranger: '192.0.2.0/24', nodes: '192.168.10.0/24' },
	client: (name) => client(name, '10.244.1.200', '10.244.2.200', '192.168.10.1', '203.0.113.9', '192.0.2.9'),
	target: (at, number, port = 8080) => `10.244.${at}.${number}:${port}`,
};

const ipv6: Plan = {
	name: 'IPv6',
	family: 'ip6',
	clusterIp: (number) => `fd00:10:96::${number}`,
	external: (number) => `2001:db8:51::${number}`,
	pod: (at, number) => `fd00:10:244:${at}::${number}`,
	node: (number) => `fd00:192:168:10::${number}`,
	secondAddress: '2001:db8:30::1',
	loopback: '::1',
	networks: { outside: '2001:db8:113::/64', stranger: '2001:db8:2::/64', nodes: 'fd00:192:168:10::/64' },
	client: (name) =>
		client(name, 'fd00:10:244:1::200', 'fd00:10:244:2::200', 'fd00:192:168:10::1', '2001:db8:113::9', '2001:db8:2::9'),
	target: (at, number, port = 8080) => `[fd00:10:244:${at}::${number}]:${port}`,
};

/** Both families; tests run in each. */
export const PLANS: readonly Plan[] = [ipv4, ipv6];

function client(
	name: ClientName,
	pod: string,
	elsewhere: string,
	own: string,
	outside: string,
	stranger: string,
): Client {
	switch (name) {
		case 'pod':
			return { place: 'pods', source: pod, address: pod };
		case 'elsewhere':
			return { place: 'elsewhere', source: elsewhere, address: elsewhere };
		case 'node':
			return { place: 'node', source: null, address: own };
		case 'outside':
			return { place: 'outside', source: outside, address: outside };
		case 'stranger':
			return { place: 'outside', source: stranger, address: stranger };
	}
}

/** Three nodes, n1 and n2 in zone a and n3 in zone b, and the Service networks. */
export function cluster(): readonly unknown[] {
	return [node(1, 'a'), node(2, 'a'), node(3, 'b'), serviceCidr('10.96.0.0/16', 'fd00:10:96::/112')];
}
