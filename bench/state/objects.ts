import { nodeIp, podCidr, SERVICE_NETWORK } from './address-plan.ts';
import { type Random, randomSuffix, randomTime, randomUid } from './random.ts';

// Objects as `kubectl get -o json` prints them: keys in alphabetical order, with all the fields that nobody reads.

type Json = Readonly<Record<string, unknown>>;

/** What names a Service and everything that belongs to it. */
export interface ServiceName {
	readonly namespace: string;
	readonly name: string;
	readonly uid: string;
}

const ZONES = ['eu-1a', 'eu-1b', 'eu-1c'] as const;

/** The name of a node, counted from 0: n1, n2, … */
export function nodeName(node: number): string {
	return `n${node + 1}`;
}

function zone(node: number): string {
	return ZONES[node % ZONES.length] ?? ZONES[0];
}

function labels({ name, namespace }: ServiceName): Json {
	return {
		'app.kubernetes.io/instance': name,
		'app.kubernetes.io/managed-by': 'Helm',
		'app.kubernetes.io/name': name,
		'app.kubernetes.io/part-of': namespace,
		'helm.sh/chart': 'service-4.2.1',
	};
}

/** A Service; `spec` and `status` add to or replace what a plain one has. */
export function service(random: Random, id: ServiceName, clusterIp: string, spec: Json, status: Json = {}): Json {
	const { name, namespace, uid } = id;
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: {
			annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace },
			creationTimestamp: randomTime(random),
			labels: labels(id),
			name,
			namespace,
			resourceVersion: String(1_000_000 + Math.floor(random() * 9_000_000)),
			uid,
		},
		spec: {
			clusterIP: clusterIp,
			clusterIPs: [clusterIp],
			internalTrafficPolicy: 'Cluster',
			ipFamilies: ['IPv4'],
			ipFamilyPolicy: 'SingleStack',
			selector: { 'app.kubernetes.io/instance': name, 'app.kubernetes.io/name': name },
			sessionAffinity: 'None',
			type: 'ClusterIP',
			...spec,
		},
		status: { loadBalancer: {}, ...status },
	};
}

/** Where a pod runs. */
export interface Placed {
	readonly ip: string;
	readonly node: number;
}

/** An endpoint as the EndpointSlice controller writes it. */
export function endpoint(random: Random, id: ServiceName, { ip, node }: Placed, ready = true): Json {
	return {
		addresses: [ip],
		conditions: { ready, serving: ready, terminating: false },
		nodeName: nodeName(node),
		targetRef: {
			kind: 'Pod',
			name: `${id.name}-6c5bd76d9f-${randomSuffix(random)}`,
			namespace: id.namespace,
			uid: randomUid(random),
		},
		zone: zone(node),
	};
}

/** One EndpointSlice of a Service. */
export function endpointSlice(
	random: Random,
	id: ServiceName,
	ports: readonly Json[],
	endpoints: readonly Json[],
): Json {
	const time = randomTime(random);
	return {
		addressType: 'IPv4',
		apiVersion: 'discovery.k8s.io/v1',
		endpoints,
		kind: 'EndpointSlice',
		metadata: {
			annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': time },
			creationTimestamp: time,
			generateName: `${id.name}-`,
			generation: 1 + Math.floor(random() * 40),
			labels: {
				...labels(id),
				'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
				'kubernetes.io/service-name': id.name,
			},
			name: `${id.name}-${randomSuffix(random)}`,
			namespace: id.namespace,
			ownerReferences: [
				{
					apiVersion: 'v1',
					blockOwnerDeletion: true,
					controller: true,
					kind: 'Service',
					name: id.name,
					uid: id.uid,
				},
			],
			resourceVersion: String(1_000_000 + Math.floor(random() * 9_000_000)),
			uid: randomUid(random),
		},
		ports,
	};
}

/** A node with its pod network. */
export function node(random: Random, number: number): Json {
	const name = nodeName(number);
	return {
		apiVersion: 'v1',
		kind: 'Node',
		metadata: {
			creationTimestamp: randomTime(random),
			labels: {
				'kubernetes.io/arch': 'amd64',
				'kubernetes.io/hostname': name,
				'kubernetes.io/os': 'linux',
				'topology.kubernetes.io/region': 'eu-1',
				'topology.kubernetes.io/zone': zone(number),
			},
			name,
			resourceVersion: String(1_000_000 + Math.floor(random() * 9_000_000)),
			uid: randomUid(random),
		},
		spec: { podCIDR: podCidr(number), podCIDRs: [podCidr(number)] },
		status: {
			addresses: [
				{ address: nodeIp(number), type: 'InternalIP' },
				{ address: name, type: 'Hostname' },
			],
			capacity: { cpu: '16', memory: '65536Mi', pods: '250' },
			conditions: [{ reason: 'KubeletReady', status: 'True', type: 'Ready' }],
			nodeInfo: { architecture: 'amd64', kubeletVersion: 'v1.37.0', operatingSystem: 'linux' },
		},
	};
}

/** The network that ClusterIPs come from. */
export function serviceCidr(random: Random): Json {
	return {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'ServiceCIDR',
		metadata: {
			creationTimestamp: randomTime(random),
			name: 'kubernetes',
			resourceVersion: String(1 + Math.floor(random() * 1_000)),
			uid: randomUid(random),
		},
		spec: { cidrs: [SERVICE_NETWORK] },
	};
}
