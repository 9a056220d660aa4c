import { sortDocuments } from '../intake/documents.ts';
import type { Kind } from '../intake/kube-object.ts';
import type { Document } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { kept, type Shape } from './kept-fields.ts';

/** What a capture holds. */
export interface Captured {
	/** sorted by kind, namespace and name; each says its apiVersion and kind */
	readonly objects: readonly unknown[];
	readonly problems: readonly Problem[];
	/** objects of each kind */
	readonly read: ReadonlyMap<string, number>;
}

/**
 * The objects that a preview needs, with the fields that intake and the overlay read and nothing else: no environment, volumes,
 * images, owners or other annotations, and nothing that changes by itself. The same state gives the same objects.
 * Problems are those of objects that cannot be told apart, and are left out; what else is wrong with one is found by who reads it.
 */
export function capturedObjects(documents: readonly Document[]): Captured {
	const problems: Problem[] = [];
	const { objects } = sortDocuments(documents, (problem) => problems.push(problem));
	const all = [...objects.values()].flat();
	return {
		objects: all.map(({ kind, value }) => kept(value, { apiVersion: 'scalar', kind: 'scalar', ...SHAPES[kind] })),
		problems,
		read: new Map([...objects].map(([kind, found]) => [kind, found.length])),
	};
}

const NAMES: Shape = { name: 'scalar', namespace: 'scalar' };

const SLICE_LABELS: Shape = {
	'kubernetes.io/service-name': 'scalar',
	'service.kubernetes.io/headless': 'scalar',
	'service.kubernetes.io/service-proxy-name': 'scalar',
	'endpointslice.kubernetes.io/managed-by': 'scalar',
};

const SERVICE: Readonly<Record<string, Shape>> = {
	metadata: {
		...NAMES,
		creationTimestamp: 'scalar',
		labels: { 'service.kubernetes.io/service-proxy-name': 'scalar', 'service.kubernetes.io/headless': 'scalar' },
		annotations: {
			'service.kubernetes.io/topology-mode': 'scalar',
			'service.kubernetes.io/topology-aware-hints': 'scalar',
		},
	},
	spec: {
		type: 'scalar',
		clusterIP: 'scalar',
		clusterIPs: 'scalars',
		ipFamilies: 'scalars',
		ipFamilyPolicy: 'scalar',
		ports: [{ name: 'scalar', protocol: 'scalar', port: 'scalar', nodePort: 'scalar', targetPort: 'scalar' }],
		externalIPs: 'scalars',
		loadBalancerSourceRanges: 'scalars',
		allocateLoadBalancerNodePorts: 'scalar',
		internalTrafficPolicy: 'scalar',
		externalTrafficPolicy: 'scalar',
		trafficDistribution: 'scalar',
		sessionAffinity: 'scalar',
		sessionAffinityConfig: { clientIP: { timeoutSeconds: 'scalar' } },
		healthCheckNodePort: 'scalar',
		selector: 'map',
		publishNotReadyAddresses: 'scalar',
	},
	status: { loadBalancer: { ingress: [{ ip: 'scalar', ipMode: 'scalar' }] } },
};

const ENDPOINT: Shape = {
	addresses: 'scalars',
	conditions: { ready: 'scalar', serving: 'scalar', terminating: 'scalar' },
	nodeName: 'scalar',
	targetRef: { kind: 'scalar', namespace: 'scalar', name: 'scalar' },
	zone: 'scalar',
	hints: { forZones: [{ name: 'scalar' }], forNodes: [{ name: 'scalar' }] },
};

const CONDITIONS: Shape = [{ type: 'scalar', status: 'scalar' }];
const CONTAINERS: Shape = [
	{ restartPolicy: 'scalar', ports: [{ name: 'scalar', protocol: 'scalar', containerPort: 'scalar' }] },
];

const SHAPES: Readonly<Record<Kind, Readonly<Record<string, Shape>>>> = {
	Service: SERVICE,
	EndpointSlice: {
		metadata: { ...NAMES, labels: SLICE_LABELS },
		addressType: 'scalar',
		ports: [{ name: 'scalar', protocol: 'scalar', port: 'scalar' }],
		endpoints: [ENDPOINT],
	},
	// All labels: people name groups of nodes by them.
	Node: {
		metadata: { name: 'scalar', labels: 'map' },
		spec: { podCIDR: 'scalar', podCIDRs: 'scalars' },
		status: {
			addresses: [{ type: 'scalar', address: 'scalar' }],
			allocatable: { cpu: 'scalar' },
			conditions: CONDITIONS,
		},
	},
	// All labels: a changed selector may ask for any of them.
	Pod: {
		metadata: { ...NAMES, labels: 'map', deletionTimestamp: 'scalar' },
		spec: { nodeName: 'scalar', containers: CONTAINERS, initContainers: CONTAINERS },
		status: { phase: 'scalar', podIP: 'scalar', podIPs: [{ ip: 'scalar' }], conditions: CONDITIONS },
	},
	ServiceCIDR: { metadata: { name: 'scalar' }, spec: { cidrs: 'scalars' } },
};
