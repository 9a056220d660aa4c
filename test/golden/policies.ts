import { endpoint, node, service, serviceCidr, slice } from '../support/objects.ts';

// Every legal combination of the policies, as one Service seen from node n1 in zone a; n2 is in the same zone, n3 and n4
// are in zone b. Dual stack; nothing carries hints, so that what a distribution asks for is computed.

export const AXES = {
	type: ['clusterip', 'nodeport', 'loadbalancer'],
	internal: ['unset', 'cluster', 'local'],
	external: ['cluster', 'local'],
	distribution: ['none', 'preferclose', 'samezone', 'samenode', 'auto'],
	endpoints: ['here', 'zone', 'otherzone', 'terminatinghere', 'terminating', 'none'],
} as const;

/** One value of each axis; a plain ClusterIP Service has no external policy. */
export interface Combination {
	readonly type: (typeof AXES.type)[number];
	readonly internal: (typeof AXES.internal)[number];
	readonly external: (typeof AXES.external)[number] | null;
	readonly distribution: (typeof AXES.distribution)[number];
	readonly endpoints: (typeof AXES.endpoints)[number];
}

/** All combinations, in the order of the axes. */
export function combinations(): readonly Combination[] {
	return AXES.type.flatMap((type) =>
		AXES.internal.flatMap((internal) =>
			(type === 'clusterip' ? [null] : AXES.external).flatMap((external) =>
				AXES.distribution.flatMap((distribution) =>
					AXES.endpoints.map((endpoints) => ({ type, internal, external, distribution, endpoints })),
				),
			),
		),
	);
}

/** `nodeport.internal-local.external-cluster.distribution-samezone.endpoints-here` */
export function combinationName(each: Combination): string {
	const external = each.external === null ? [] : [`external-${each.external}`];
	const facets = [`distribution-${each.distribution}`, `endpoints-${each.endpoints}`];
	return [each.type, `internal-${each.internal}`, ...external, ...facets].join('.');
}

const ZONES: Readonly<Record<number, string>> = { 1: 'a', 2: 'a', 3: 'b', 4: 'b' };

/** The endpoints, one on each node named: `ready` or `terminating`. */
const PLACES: Readonly<Record<Combination['endpoints'], Readonly<Record<number, 'ready' | 'terminating'>>>> = {
	here: { 1: 'ready', 2: 'ready', 3: 'ready' },
	zone: { 2: 'ready', 3: 'ready', 4: 'ready' },
	otherzone: { 3: 'ready', 4: 'ready' },
	terminatinghere: { 1: 'terminating', 2: 'ready', 3: 'ready' },
	terminating: { 1: 'terminating', 2: 'terminating', 3: 'terminating' },
	none: {},
};

const TYPES = { clusterip: 'ClusterIP', nodeport: 'NodePort', loadbalancer: 'LoadBalancer' } as const;
const POLICIES = { cluster: 'Cluster', local: 'Local' } as const;
const DISTRIBUTIONS = { preferclose: 'PreferClose', samezone: 'PreferSameZone', samenode: 'PreferSameNode' } as const;

/** What readers of a golden file need to know of the nodes. */
export const ABOUT_NODES = 'Rules of node n1. Nodes n1 and n2 are in zone a, n3 and n4 in zone b, with 4 CPUs each.';

/** The nodes of every combination. */
export function nodes(): readonly Record<string, unknown>[] {
	return [1, 2, 3, 4].map((number) => {
		const { status, ...rest } = node(number, ZONES[number]);
		return { ...rest, status: { ...(status as object), allocatable: { cpu: '4' } } };
	});
}

/** What differs between combinations: the Service and its slices. */
export function objects(each: Combination): readonly Record<string, unknown>[] {
	const { type, internal, external, distribution } = each;
	const port = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 };
	const spec = {
		type: TYPES[type],
		internalTrafficPolicy: internal === 'unset' ? undefined : POLICIES[internal],
		externalTrafficPolicy: external === null ? undefined : POLICIES[external],
		trafficDistribution: distribution === 'none' || distribution === 'auto' ? undefined : DISTRIBUTIONS[distribution],
		ports: [type === 'clusterip' ? port : { ...port, nodePort: 30080 }],
	};
	const annotations = distribution === 'auto' ? { 'service.kubernetes.io/topology-mode': 'Auto' } : undefined;
	const ingress = type === 'loadbalancer' ? [{ ip: '198.51.100.10' }, { ip: '2001:db8::10' }] : undefined;
	const fields = { metadata: { annotations }, spec, status: { loadBalancer: { ingress } } };
	return [
		withoutUnset(service('web', ['10.96.0.20', 'fd00:10:96::20'], fields)),
		sliceOf(each, 'IPv4', (number) => `10.244.${number}.5`),
		sliceOf(each, 'IPv6', (number) => `fd00:10:244:${number}::5`),
	];
}

/** The Service networks, so that what no Service has is dropped. */
export function networks(): Record<string, unknown> {
	return serviceCidr('10.96.0.0/16', 'fd00:10:96::/112');
}

function sliceOf({ endpoints }: Combination, addressType: string, address: (number: number) => string) {
	const found = Object.entries(PLACES[endpoints]).map(([number, state]) => {
		const ready = state === 'ready';
		const conditions = { ready, serving: true, terminating: !ready };
		return endpoint({
			address: address(Number(number)),
			node: `n${number}`,
			zone: ZONES[Number(number)] ?? '',
			...conditions,
		});
	});
	return slice('web', found, { addressType });
}

function withoutUnset(object: Record<string, unknown>): Record<string, unknown> {
	return JSON.parse(JSON.stringify(object));
}
