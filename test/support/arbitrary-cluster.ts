import fc from 'fast-check';
import { endpoint, node, service, serviceCidr, slice } from './objects.ts';

// Random clusters that an API server would accept, as Kubernetes objects: three nodes in two zones, a few Services of
// every kind with every policy, endpoints in every condition, with and without hints, in both families.

type Objects = readonly Record<string, unknown>[];

const NODE_NUMBERS = [1, 2, 3] as const;
const ZONES: Readonly<Record<number, string>> = { 1: 'a', 2: 'a', 3: 'b' };

const conditions = fc.constantFrom(
	{ ready: true, serving: true, terminating: false },
	{ ready: true, serving: true, terminating: false },
	{ ready: true, serving: true, terminating: true },
	{ ready: false, serving: true, terminating: true },
	{ ready: false, serving: true, terminating: false },
	{ ready: false, serving: false, terminating: false },
);

/** How the endpoints of a Service are hinted: none, all for their zone, all for node and zone, or one left out. */
const hinting = fc.constantFrom('none', 'none', 'zone', 'node', 'partial');

const backends = fc.uniqueArray(
	fc.record({
		on: fc.constantFrom(...NODE_NUMBERS),
		host: fc.integer({ min: 2, max: 9 }),
		conditions,
		homeless: fc.boolean(),
		/** One in eight is on its node's own address. */
		onHost: fc.nat({ max: 7 }).map((drawn) => drawn === 7),
	}),
	{ maxLength: 6, selector: ({ on, host, onHost }) => (onHost ? `node ${on}` : `${on}.${host}`) },
);

/** loadBalancerSourceRanges: none, networks of both families, the nodes, or IPv4 only. */
const sourceRanges = fc.constantFrom<readonly string[]>(
	[],
	[],
	['203.0.113.0/24', '10.244.1.0/24', '2001:db8:113::/64', 'fd00:10:244:1::/64'],
	['203.0.113.0/24', '2001:db8:113::/64'],
	['192.168.10.0/24', 'fd00:192:168:10::/64'],
	['203.0.113.0/24'],
);

const families = fc.constantFrom<readonly ('4' | '6')[]>(['4'], ['6'], ['4', '6'], ['6', '4']);

const shape = fc.record({
	families,
	type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
	internal: fc.constantFrom('Cluster', 'Local'),
	external: fc.constantFrom('Cluster', 'Local'),
	affinity: fc.boolean(),
	protocols: fc.constantFrom(['TCP'], ['UDP'], ['TCP', 'UDP']),
	externalIp: fc.boolean(),
	ingress: fc.boolean(),
	ranges: sourceRanges,
	hinting,
	backends,
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** The objects of one Service, its number being part of every address and port it has. */
export const arbitraryService = (number: number): fc.Arbitrary<Objects> => shape.map((each) => objectsOf(number, each));

/** A whole cluster: nodes, Services and their slices. */
export const arbitraryCluster: fc.Arbitrary<readonly Objects[]> = fc
	.tuple(...Array.from({ length: 4 }, (_, number) => arbitraryService(number + 1)))
	.map((services) => [nodes(), ...services]);

/** The nodes of every random cluster, and its Service networks. */
export function nodes(): Objects {
	return [
		...NODE_NUMBERS.map((number) => node(number, ZONES[number] ?? null)),
		serviceCidr('10.96.0.0/16', 'fd00:10:96::/112'),
	];
}

function objectsOf(number: number, each: Shape): Objects {
	const name = `service-${number}`;
	const ip = (family: '4' | '6', v4: string, v6: string) => `${family === '4' ? v4 : v6}${number}`;
	const ports = each.protocols.map((protocol, index) => ({
		name: protocol.toLowerCase(),
		protocol,
		port: 80,
		...(each.type === 'ClusterIP' ? {} : { nodePort: 30000 + number * 10 + index }),
	}));
	const external = each.families.map((family) => ip(family, '198.51.100.10', '2001:db8::10'));
	const spec = {
		type: each.type,
		internalTrafficPolicy: each.internal,
		externalTrafficPolicy: each.external,
		sessionAffinity: each.affinity ? 'ClientIP' : 'None',
		ports,
		externalIPs: each.externalIp ? each.families.map((family) => ip(family, '198.51.100.20', '2001:db8::20')) : [],
		loadBalancerSourceRanges: each.ranges,
	};
	const status = { loadBalancer: { ingress: each.ingress ? external.map((address) => ({ ip: address })) : [] } };
	const clusterIps = each.families.map((family) => ip(family, '10.96.0.2', 'fd00:10:96::2'));
	return [
		service(name, clusterIps, { spec, status }),
		...each.families.map((family) => sliceOf(name, family, number, each)),
	];
}

function sliceOf(name: string, family: '4' | '6', number: number, each: Shape): Record<string, unknown> {
	const endpoints = each.backends.map(({ on, host, conditions: found, homeless, onHost }, index) => {
		const hinted = each.hinting === 'zone' || each.hinting === 'node' || (each.hinting === 'partial' && index > 0);
		return endpoint({
			address: onHost ? nodeAddress(family, on) : podAddress(family, on, `${number}${host}`),
			...(homeless && each.hinting === 'none' ? {} : { node: `n${on}` }),
			...found,
			...(hinted ? { zones: [ZONES[on] ?? ''] } : {}),
			...(each.hinting === 'node' ? { nodes: [`n${on}`] } : {}),
		});
	});
	const ports = each.protocols.map((protocol) => ({ name: protocol.toLowerCase(), protocol, port: 8000 + number }));
	return slice(name, endpoints, { ports, addressType: family === '4' ? 'IPv4' : 'IPv6' });
}

function podAddress(family: '4' | '6', on: number, host: string): string {
	return family === '4' ? `10.244.${on}.${host}` : `fd00:10:244:${on}::${host}`;
}

function nodeAddress(family: '4' | '6', number: number): string {
	return family === '4' ? `192.168.10.${number}` : `fd00:192:168:10::${number}`;
}
