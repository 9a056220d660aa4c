import type { Document } from '../../src/model/document.ts';
import type { Settings } from '../../src/model/settings.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';

// Kubernetes objects for tests, written as the API server would send them, with what matters to a test as arguments.
// One address plan for all: node nX has 192.168.10.X and pods 10.244.X.0/24; IPv6 is fd00:192:168:10::X and fd00:10:244:X::/64.

type Fields = Record<string, unknown>;

export interface ServiceFields {
	readonly namespace?: string;
	readonly labels?: Fields;
	readonly metadata?: Fields;
	readonly spec?: Fields;
	readonly status?: Fields;
}

/** A Service `shop/NAME` with one TCP port `http`, 80; anything in `spec` replaces what is here. */
export function service(name: string, clusterIps: readonly string[], fields: ServiceFields = {}): Fields {
	const families = clusterIps.map((ip) => (ip.includes(':') ? 'IPv6' : 'IPv4'));
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name, namespace: fields.namespace ?? 'shop', labels: fields.labels ?? {}, ...fields.metadata },
		spec: {
			type: 'ClusterIP',
			clusterIP: clusterIps[0] ?? '',
			clusterIPs: clusterIps,
			ipFamilies: families,
			internalTrafficPolicy: 'Cluster',
			sessionAffinity: 'None',
			selector: { app: name },
			ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
			...fields.spec,
		},
		status: fields.status ?? { loadBalancer: {} },
	};
}

export interface EndpointFields {
	readonly address: string;
	readonly node?: string;
	/** `NAMESPACE/NAME` of its Pod */
	readonly pod?: string;
	readonly zone?: string;
	readonly ready?: boolean;
	readonly serving?: boolean;
	readonly terminating?: boolean;
	readonly zones?: readonly string[];
	readonly nodes?: readonly string[];
}

/** An endpoint, ready unless told otherwise. */
export function endpoint(fields: EndpointFields): Fields {
	const { address, node, pod, zone, ready = true, serving = ready, terminating = false, zones, nodes } = fields;
	const [namespace, name] = pod?.split('/') ?? [];
	const names = (list: readonly string[] | undefined) => list?.map((name) => ({ name }));
	return {
		addresses: [address],
		conditions: { ready, serving, terminating },
		...(node === undefined ? {} : { nodeName: node }),
		...(pod === undefined ? {} : { targetRef: { kind: 'Pod', namespace, name } }),
		...(zone === undefined ? {} : { zone }),
		...(zones || nodes ? { hints: { forZones: names(zones) ?? [], forNodes: names(nodes) ?? [] } } : {}),
	};
}

export interface SliceFields {
	readonly name?: string;
	readonly namespace?: string;
	readonly labels?: Fields;
	readonly addressType?: string;
	readonly ports?: readonly Fields[];
}

/** A slice of the Service `shop/SERVICE` with port `http`, 8080; its family is that of its first endpoint. */
export function slice(serviceName: string, endpoints: readonly Fields[], fields: SliceFields = {}): Fields {
	const first = endpoints[0]?.addresses;
	const isIPv6 = Array.isArray(first) && String(first[0]).includes(':');
	const addressType = fields.addressType ?? (isIPv6 ? 'IPv6' : 'IPv4');
	return {
		apiVersion: 'discovery.k8s.io/v1',
		kind: 'EndpointSlice',
		metadata: {
			name: fields.name ?? `${serviceName}-${addressType.toLowerCase()}`,
			namespace: fields.namespace ?? 'shop',
			labels: { 'kubernetes.io/service-name': serviceName, ...fields.labels },
		},
		addressType,
		ports: fields.ports ?? [{ name: 'http', protocol: 'TCP', port: 8080 }],
		endpoints,
	};
}

/** The Node nX of the address plan. */
export function node(number: number, zone: string | null = null): Fields {
	return {
		apiVersion: 'v1',
		kind: 'Node',
		metadata: { name: `n${number}`, labels: zone === null ? {} : { 'topology.kubernetes.io/zone': zone } },
		spec: { podCIDRs: [`10.244.${number}.0/24`, `fd00:10:244:${number}::/64`] },
		status: {
			addresses: [
				{ type: 'InternalIP', address: `192.168.10.${number}` },
				{ type: 'InternalIP', address: `fd00:192:168:10::${number}` },
			],
		},
	};
}

/** A ServiceCIDR object. */
export function serviceCidr(...cidrs: readonly string[]): Fields {
	return { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs } };
}

/** Objects as the documents of one file. */
export function documents(...objects: readonly unknown[]): readonly Document[] {
	return objects.map((value, index) => ({ file: 'test.yaml', index, value }));
}

/** What the command line's defaults give, for node n1. */
export function settings(changes: Partial<Settings> = {}): Settings {
	return {
		node: 'n1',
		behaviour: NEWEST_BEHAVIOUR,
		families: ['ip', 'ip6'],
		table: 'nft-gen',
		clusterCidrs: [],
		serviceCidrs: [],
		nodePortAddresses: { primary: true, networks: [] },
		hints: 'missing',
		masqueradeAll: false,
		masqueradeBit: 14,
		detectLocal: { mode: 'cluster-cidr' },
		nodeIps: { ip: [], ip6: [] },
		zone: null,
		...changes,
	};
}
