import { service } from '../../support/objects.ts';
import type { GoldenCase } from '../golden-case.ts';
import {
	dualService,
	HTTP,
	HTTPS,
	inBoth,
	ingress,
	LOAD_BALANCED,
	LOAD_BALANCER,
	LOCAL,
	type Place,
	slicePorts,
	slices,
} from './dual-stack.ts';

const IPV4 = '203.0.113.0/24';
const IPV6 = '2001:db8:113::/64';
const HERE: Place = { on: 1 };
const ELSEWHERE: Place = { on: 2 };
const BOTH = slices('web', [HERE, ELSEWHERE]);

/** A Service with a load balancer that these networks may use. */
function web(ranges: readonly string[], spec: Record<string, unknown> = {}, status = LOAD_BALANCED) {
	const all = { ...LOAD_BALANCER, loadBalancerSourceRanges: ranges, ...spec };
	return dualService('web', 20, { spec: all, status });
}

function networks(count: number): readonly string[] {
	return Array.from({ length: count }, (_, index) => `203.0.113.${index * 4}/30`);
}

export const SOURCE_RANGES: readonly GoldenCase[] = [
	{
		name: 'none',
		note: 'Without loadBalancerSourceRanges everybody may use the load balancer.',
		objects: [web([], { loadBalancerSourceRanges: undefined }), ...BOTH],
	},
	{
		name: 'one',
		note: 'Only one network may use the load-balancer address; NodePort and ClusterIP are open to all.',
		objects: [
			service('web', ['10.96.0.20'], {
				spec: { ...LOAD_BALANCER, loadBalancerSourceRanges: [IPV4] },
				status: ingress({ ip: '198.51.100.10' }),
			}),
			...BOTH.slice(0, 1),
		],
	},
	{
		name: 'one-of-each-family',
		note: 'Each family has its own.',
		objects: [web([IPV4, IPV6]), ...BOTH],
	},
	{
		name: 'one-family-only',
		note: 'Networks of IPv4 alone: the IPv6 address is open to everybody, as with kube-proxy.',
		objects: [web([IPV4]), ...BOTH],
	},
	{
		name: 'overlapping',
		note: 'Networks inside others and those named twice are left out.',
		objects: [
			web(['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8', IPV4, '203.0.113.7/32', 'fd00::/8', 'fd00:10:244::/48']),
			...BOTH,
		],
	},
	{
		name: 'host-bits-and-blanks',
		note: 'Blanks are trimmed and host bits masked, as Kubernetes does, with a warning for the bits.',
		objects: [web([' 203.0.113.7/25 ', IPV6]), ...BOTH],
		problems: ['odd-network'],
	},
	{
		name: '32-networks',
		note: 'Up to 32 networks are a rule each.',
		objects: [web(networks(32)), ...BOTH],
	},
	{
		name: '33-networks',
		note: 'More than 32 networks share a rule.',
		objects: [web(networks(33)), ...BOTH],
	},
	{
		name: 'everybody',
		note: '0.0.0.0/0 is everybody, whatever stands beside it; of IPv6 nothing is named, so it is open too.',
		objects: [web(['0.0.0.0/0', IPV4]), ...BOTH],
	},
	{
		name: 'unreadable',
		note: 'None can be read: nobody may use the load-balancer addresses, where kube-proxy would let everybody in.',
		objects: [web(['everyone', '10.0.0.0/33']), ...BOTH],
		problems: ['bad-network', 'bad-network', 'no-source-allowed'],
	},
	{
		name: 'unreadable-beside-a-good-one',
		note: 'What cannot be read is left out; IPv6, of which nothing is named, is open.',
		objects: [web([IPV4, '10.0.0.0/33']), ...BOTH],
		problems: ['bad-network'],
	},
	{
		name: 'unreadable-in-one-family',
		note: 'The only IPv6 network cannot be read: IPv6 is closed, where kube-proxy would open it; IPv4 is as asked.',
		objects: [web([IPV4, '2001:db8::/129']), ...BOTH],
		problems: ['bad-network', 'no-source-allowed'],
	},
	{
		name: 'node-inside',
		note: "The node is in the networks, and may have the load balancer's address as its source when it connects to it.",
		objects: [web(['192.168.0.0/16', 'fd00:192:168::/48']), ...BOTH],
	},
	{
		name: 'node-inside-33-networks',
		note: 'The same where the networks share a rule.',
		objects: [web(['192.168.10.1/32', ...networks(32)]), ...BOTH],
	},
	{
		name: 'another-node-inside',
		note: 'The network holds node n2 but not n1, whose rules these are: the address is not added.',
		objects: [web(['192.168.10.2/32', 'fd00:192:168:10::2/128']), ...BOTH],
	},
	{
		name: 'several-load-balancer-addresses',
		note: 'All addresses are guarded by one chain, and all are added where the node is inside.',
		objects: [
			web(['192.168.0.0/16'], {}, ingress({ ip: '198.51.100.10' }, { ip: '198.51.100.11' }, { ip: '2001:db8:51::10' })),
			...BOTH,
		],
	},
	{
		name: 'two-ports',
		note: 'Each port has a chain of its own.',
		objects: [
			web([IPV4, IPV6], {
				ports: [
					{ ...HTTP, nodePort: 30080 },
					{ ...HTTPS, nodePort: 30443 },
				],
			}),
			...slices('web', [HERE, ELSEWHERE], { ports: slicePorts(HTTP, HTTPS) }),
		],
	},
	{
		name: 'external-policy-local',
		note: 'Who is let in goes to the endpoint here. Pods and the node itself are outside these networks and dropped.',
		objects: [web([IPV4, IPV6], LOCAL), ...BOTH],
	},
	{
		name: 'external-policy-local-none-here',
		note: 'Those let in are dropped later, because there is no endpoint here.',
		objects: [web([IPV4, IPV6], LOCAL), ...slices('web', [ELSEWHERE])],
	},
	{
		name: 'no-endpoint',
		note: 'Those let in are refused, all others dropped.',
		objects: [web([IPV4, IPV6]), ...slices('web', [])],
	},
	{
		name: 'no-load-balancer-address',
		note: 'The load balancer has no address yet: there is nothing to guard.',
		objects: [web([IPV4, IPV6], {}, ingress()), ...BOTH],
	},
	{
		name: 'external-ips',
		note: 'An external IP is open to all, unless it is also an address of the load balancer.',
		objects: [
			web([IPV4, IPV6], { externalIPs: inBoth((plan) => [plan.external(10), plan.external(11)]).flat() }),
			...BOTH,
		],
	},
	{
		name: 'another-service-at-the-address',
		note: 'Another Service at the same address has another port, which is open to all.',
		objects: [
			web([IPV4, IPV6]),
			...BOTH,
			dualService('api', 21, {
				spec: { ...LOAD_BALANCER, ports: [{ ...HTTPS, nodePort: 30443 }] },
				status: LOAD_BALANCED,
			}),
			...slices('api', [HERE], { ports: slicePorts(HTTPS) }),
		],
	},
];
