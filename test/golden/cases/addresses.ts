import { node, service, serviceCidr } from '../../support/objects.ts';
import type { GoldenCase } from '../golden-case.ts';
import {
	DNS,
	DNS_TCP,
	dualService,
	HTTPS,
	inBoth,
	ingress,
	LOAD_BALANCED,
	LOAD_BALANCER,
	LOCAL,
	NODE_PORT,
	type Place,
	slicePorts,
	slices,
} from './dual-stack.ts';

const PLACES: readonly Place[] = [{ on: 1 }, { on: 2 }];
const BOTH = slices('web', PLACES);
const SERVICE_CIDRS = serviceCidr('10.96.0.0/16', 'fd00:10:96::/112');
const EXTERNAL_IPS = inBoth((plan) => plan.external(11));
const EXTERNAL = { externalIPs: EXTERNAL_IPS, externalTrafficPolicy: 'Cluster' };
const OLDER = { creationTimestamp: '2024-01-01T00:00:00Z' };
const OTHER_PROXY = { 'service.kubernetes.io/service-proxy-name': 'other' };
const YOUNGER = { creationTimestamp: '2025-01-01T00:00:00Z' };

/** A Service with two endpoints. */
function web(spec: Record<string, unknown> = {}, status?: Record<string, unknown>) {
	return [dualService('web', 20, status === undefined ? { spec } : { spec, status }), ...BOTH];
}

/** Another one beside it, on port 443. */
function api(spec: Record<string, unknown>) {
	return [
		dualService('api', 21, { spec: { ports: [HTTPS], ...spec } }),
		...slices('api', PLACES, { ports: slicePorts(HTTPS) }),
	];
}

const NODE_PORTS = web(NODE_PORT);
const LOCAL_LOAD_BALANCER = web({ ...LOAD_BALANCER, ...LOCAL }, LOAD_BALANCED);

const NODE_PORT_CASES: readonly GoldenCase[] = [
	{
		name: 'node-port-primary',
		note: "By default NodePorts answer at the node's primary address of each family.",
		objects: NODE_PORTS,
	},
	{
		name: 'node-port-all',
		note: 'At every address of the node but loopback.',
		flags: ['--nodeport-addresses', 'all'],
		objects: NODE_PORTS,
	},
	{
		name: 'node-port-localhost',
		note: 'Loopback networks hold no address at which rules could answer: nowhere.',
		flags: ['--nodeport-addresses', 'localhost'],
		objects: NODE_PORTS,
	},
	{
		name: 'node-port-networks',
		note: "At the node's addresses in these networks.",
		flags: ['--nodeport-addresses', '192.168.0.0/16,172.16.0.0/12,fd00:192:168::/48'],
		objects: NODE_PORTS,
	},
	{
		name: 'node-port-networks-of-one-family',
		note: 'Networks of IPv4 alone: IPv6 answers at every address, as with kube-proxy.',
		flags: ['--nodeport-addresses', '192.168.0.0/16'],
		objects: NODE_PORTS,
	},
	{
		name: 'node-port-primary-and-network',
		note: 'At the primary addresses, and at those in another network.',
		flags: ['--nodeport-addresses', 'primary,172.16.0.0/12'],
		objects: NODE_PORTS,
	},
	{
		name: 'node-port-no-endpoint',
		note: 'Refused where NodePorts answer.',
		objects: [dualService('web', 20, { spec: NODE_PORT }), ...slices('web', [])],
	},
	{
		name: 'node-port-all-no-endpoint',
		note: 'Refused at every address but loopback.',
		flags: ['--nodeport-addresses', 'all'],
		objects: [dualService('web', 20, { spec: NODE_PORT }), ...slices('web', [])],
	},
	{
		name: 'node-port-local-none-here',
		note: 'Dropped for outsiders; pods and this node are sent elsewhere.',
		objects: [dualService('web', 20, { spec: { ...NODE_PORT, ...LOCAL } }), ...slices('web', [{ on: 2 }])],
	},
	{
		name: 'node-port-tcp-and-udp',
		note: 'One number, TCP for one Service and UDP for another.',
		objects: [
			dualService('tcp', 20, { spec: { ...NODE_PORT, ports: [{ ...DNS_TCP, nodePort: 30053 }] } }),
			...slices('tcp', PLACES, { ports: slicePorts(DNS_TCP) }),
			dualService('udp', 21, { spec: { ...NODE_PORT, ports: [{ ...DNS, nodePort: 30053 }] } }),
			...slices('udp', PLACES, { ports: slicePorts(DNS) }),
		],
	},
	{
		name: 'node-port-claimed-twice',
		note: 'The older Service keeps the NodePort; the other keeps its ClusterIPs.',
		objects: [
			dualService('web', 20, { spec: NODE_PORT, metadata: YOUNGER }),
			...BOTH,
			dualService('elder', 21, { spec: NODE_PORT, metadata: OLDER }),
			...slices('elder', PLACES),
		],
		problems: ['claimed-twice'],
	},
];

const EXTERNAL_IP_CASES: readonly GoldenCase[] = [
	{
		name: 'external-ips',
		note: 'External IPs are masqueraded, as NodePorts are.',
		objects: web(EXTERNAL),
	},
	{
		name: 'external-ips-policy-local',
		note: 'A ClusterIP Service with external IPs may have an external policy too.',
		objects: web({ ...EXTERNAL, ...LOCAL }),
	},
	{
		name: 'external-ip-unreadable',
		note: 'What is no address is left out, the others are served.',
		objects: web({ ...EXTERNAL, externalIPs: ['one.example.com', ...EXTERNAL_IPS] }),
		problems: ['bad-address'],
	},
	{
		name: 'external-ip-equals-cluster-ip',
		note: 'The address is one key, and counts as external: masqueraded for every client.',
		objects: web({ ...EXTERNAL, externalIPs: inBoth((plan) => plan.clusterIp(20)) }),
	},
	{
		name: 'external-ip-equals-load-balancer-address',
		note: 'The address is one key.',
		objects: web({ ...LOAD_BALANCER, externalIPs: inBoth((plan) => plan.external(10)) }, LOAD_BALANCED),
	},
	{
		name: 'external-ip-shared',
		note: 'Two Services share an address on different ports.',
		objects: [...web(EXTERNAL), ...api(EXTERNAL)],
	},
	{
		name: 'external-ip-claimed-twice',
		note: 'The older Service keeps address and port; the other keeps its ClusterIPs.',
		objects: [
			dualService('web', 20, { spec: EXTERNAL, metadata: YOUNGER }),
			...BOTH,
			dualService('elder', 21, { spec: EXTERNAL, metadata: OLDER }),
			...slices('elder', PLACES),
		],
		problems: ['claimed-twice', 'claimed-twice'],
	},
	{
		name: 'external-ip-equals-cluster-ip-of-another',
		note: 'On another port of that ClusterIP it is served, as by kube-proxy, with a warning.',
		objects: [...web(), ...api({ ...EXTERNAL, externalIPs: inBoth((plan) => plan.clusterIp(20)) })],
		problems: ['address-hijack', 'address-hijack'],
	},
	{
		name: 'external-ip-of-a-node',
		note: "It is served, as by kube-proxy, with a warning: it takes the node's own traffic on that port.",
		objects: web({ ...EXTERNAL, externalIPs: inBoth((plan) => plan.node(1)) }),
		problems: ['address-hijack', 'address-hijack'],
	},
];

const LOAD_BALANCER_CASES: readonly GoldenCase[] = [
	{
		name: 'load-balancer-vip',
		note: 'An address whose ipMode is VIP is served on every node.',
		objects: web(
			LOAD_BALANCER,
			ingress({ ip: '198.51.100.10', ipMode: 'VIP' }, { ip: '2001:db8:51::10', ipMode: 'VIP' }),
		),
	},
	{
		name: 'load-balancer-proxy',
		note: 'An address whose ipMode is Proxy is left to the load balancer, also when pods use it.',
		objects: web(
			LOAD_BALANCER,
			ingress({ ip: '198.51.100.10', ipMode: 'Proxy' }, { ip: '2001:db8:51::10', ipMode: 'VIP' }),
		),
	},
	{
		name: 'load-balancer-hostname',
		note: 'A load balancer that has only a name has no address to serve.',
		objects: web(LOAD_BALANCER, ingress({ hostname: 'web.example.com' })),
	},
	{
		name: 'load-balancer-without-node-ports',
		note: 'allocateLoadBalancerNodePorts is false: addresses but no NodePort.',
		objects: web(
			{ type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: false },
			LOAD_BALANCED,
		),
	},
	{
		name: 'load-balancer-pending',
		note: 'Nothing outside leads here yet: only the ClusterIPs are served, and the external policy does not matter.',
		objects: web({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ...LOCAL }),
	},
	{
		name: 'load-balancer-address-of-a-cluster-ip-service',
		note: 'An address in the status counts whatever the type is.',
		objects: web({}, LOAD_BALANCED),
	},
];

const NODE_CASES: readonly GoldenCase[] = [
	{
		name: 'node-without-addresses',
		note: 'No primary address is known: NodePorts answer at every address, as with kube-proxy.',
		nodes: [{ ...node(1), status: { addresses: [] } }],
		objects: NODE_PORTS,
	},
	{
		name: 'node-of-ipv4-only',
		note: 'A node without IPv6: NodePorts of IPv6 answer at every address, and pods cannot be told there.',
		nodes: [
			{
				...node(1),
				spec: { podCIDRs: ['10.244.1.0/24'] },
				status: { addresses: [{ type: 'InternalIP', address: '192.168.10.1' }] },
			},
		],
		objects: NODE_PORTS,
		problems: ['no-pod-network'],
	},
	{
		name: 'node-with-external-address',
		note: 'An InternalIP is primary, whatever the order.',
		nodes: [
			{
				...node(1),
				status: {
					addresses: [
						{ type: 'Hostname', address: 'n1' },
						{ type: 'ExternalIP', address: '198.51.100.1' },
						{ type: 'InternalIP', address: '192.168.10.1' },
						{ type: 'InternalIP', address: 'fd00:192:168:10::1' },
					],
				},
			},
		],
		objects: NODE_PORTS,
	},
	{
		name: 'node-ip',
		note: 'The address given is primary; the Node object says that of the other family.',
		flags: ['--node-ip', '192.168.20.1'],
		objects: NODE_PORTS,
	},
];

const MASQUERADE_CASES: readonly GoldenCase[] = [
	{
		name: 'masquerade-all',
		note: 'Every client of a ClusterIP is masqueraded; the external policy Local still keeps the address of outsiders.',
		flags: ['--masquerade-all'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'masquerade-bit',
		note: 'The mark is another bit, 0x8000.',
		flags: ['--masquerade-bit', '15'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'detect-local-none',
		note: 'Pods cannot be told from others: nobody is masqueraded on the way to a ClusterIP, and only the node is inside.',
		flags: ['--detect-local', 'none'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'detect-local-node-cidr',
		note: "Only this node's pods count as pods.",
		flags: ['--detect-local', 'node-cidr'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'detect-local-bridge',
		note: 'What comes from the bridge is a pod.',
		flags: ['--detect-local', 'bridge:cbr0'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'detect-local-prefix',
		note: 'What comes from an interface whose name begins so is a pod.',
		flags: ['--detect-local', 'prefix:veth'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'cluster-cidr',
		note: "One pod network of each family, instead of all Nodes'.",
		flags: ['--cluster-cidr', '10.244.0.0/16,fd00:10:244::/48'],
		objects: LOCAL_LOAD_BALANCER,
	},
	{
		name: 'cluster-cidr-of-one-family',
		note: 'Pods of IPv6 cannot be told from others, which is reported.',
		flags: ['--cluster-cidr', '10.244.0.0/16'],
		objects: LOCAL_LOAD_BALANCER,
		problems: ['no-pod-network'],
	},
];

const CLUSTER_IP_CASES: readonly GoldenCase[] = [
	{
		name: 'table',
		note: 'Tables of another name; they can stand beside others.',
		flags: ['--table', 'trial'],
		objects: web(),
	},
	{
		name: 'wrong-port',
		note: 'Any port but 80, and any protocol but TCP, is refused at the ClusterIPs, in check-cluster-ips.',
		objects: web(),
	},
	{
		name: 'service-cidrs',
		note: 'What no Service has in the Service networks is dropped, after wrong ports are refused.',
		objects: [SERVICE_CIDRS, ...web()],
	},
	{
		name: 'service-cidrs-several',
		note: 'Several networks share a rule; one inside another is left out.',
		objects: [
			SERVICE_CIDRS,
			{ ...serviceCidr('10.97.0.0/16'), metadata: { name: 'more' } },
			{ ...serviceCidr('10.96.1.0/24'), metadata: { name: 'inside' } },
			...web(),
		],
	},
	{
		name: 'service-cidr-option',
		note: 'The option replaces the ServiceCIDR objects, for both families.',
		flags: ['--service-cidr', '10.96.0.0/12'],
		objects: [SERVICE_CIDRS, ...web()],
	},
	{
		name: 'cluster-ip-claimed-twice',
		note: 'The older Service keeps the ClusterIPs; the other keeps its external IPs.',
		objects: [
			dualService('web', 20, { spec: EXTERNAL, metadata: YOUNGER }),
			...BOTH,
			dualService('elder', 20, { metadata: OLDER }),
			...slices('elder', PLACES),
		],
		problems: ['claimed-twice', 'claimed-twice'],
	},
	{
		name: 'not-proxied',
		note: 'A headless Service, an ExternalName and one for another proxy make no rules; the normal one does.',
		objects: [
			...web(),
			service('headless', [], { spec: { clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'] } }),
			...slices('headless', [{ on: 1 }], { labels: { 'service.kubernetes.io/headless': '' } }).slice(0, 1),
			service('name', [], {
				spec: { type: 'ExternalName', externalName: 'web.example.com', clusterIPs: undefined, ipFamilies: undefined },
			}),
			dualService('other', 22, { labels: OTHER_PROXY }),
			...slices('other', [{ on: 1 }], { labels: OTHER_PROXY }),
		],
	},
	{
		name: 'no-cluster-ip-yet',
		note: 'A Service to which the API server has not given an address makes no rules, with a warning.',
		objects: [...web(), service('new', [], { spec: { clusterIPs: undefined, ipFamilies: ['IPv4'] } })],
		problems: ['no-cluster-ip'],
	},
];

export const ADDRESSES: readonly GoldenCase[] = [
	...NODE_PORT_CASES,
	...EXTERNAL_IP_CASES,
	...LOAD_BALANCER_CASES,
	...NODE_CASES,
	...MASQUERADE_CASES,
	...CLUSTER_IP_CASES,
];
