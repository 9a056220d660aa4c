import { isMap } from '../../model/is-map.ts';
import { property } from './answers.ts';
import { shared, sharedText } from './shared-values.ts';

/** What is kept of an object of the API: the fields that intake and the agent read, in their places. */
export type KeptObject = Readonly<Record<string, unknown>>;

/**
 * What to keep of a value: all of it, what a function makes of it, these fields of a map, or this of every entry of a
 * list. A value that is no map or no list stays as it is, for intake to complain about.
 */
type Shape = true | Keep | readonly [Shape] | { readonly [field: string]: Shape };

type Keep = (value: unknown) => unknown;

/** A Node's other conditions change all the time and say nothing to us. */
function readyOnly(conditions: unknown): unknown {
	if (!Array.isArray(conditions)) return conditions;
	return keepConditions(conditions.filter((condition) => property(condition, 'type') === 'Ready'));
}

const keepConditions = keeper([{ type: true, status: true }]);

/** Other conditions than the three that there are, or values that are none, stay as they are, for intake to complain about. */
function sharedConditions(value: unknown): unknown {
	const kept = keepStates(value);
	const states = ['ready', 'serving', 'terminating'].map((name) => property(kept, name));
	if (!states.every((state) => state === undefined || typeof state === 'boolean')) return kept;
	return shared(states.join(), kept, CONDITIONS);
}

const keepStates = keeper({ ready: true, serving: true, terminating: true });
const CONDITIONS = new Map<string, unknown>();

const PROXY_LABELS: Shape = {
	'service.kubernetes.io/service-proxy-name': true,
	'service.kubernetes.io/headless': true,
	'kubernetes.io/service-name': true,
	'endpointslice.kubernetes.io/managed-by': true,
};

const NODE_LABELS: Shape = {
	'topology.kubernetes.io/zone': true,
	'node-role.kubernetes.io/control-plane': true,
	'node-role.kubernetes.io/master': true,
};

const ANNOTATIONS: Shape = {
	'service.kubernetes.io/topology-mode': true,
	'service.kubernetes.io/topology-aware-hints': true,
	// When the change began that this object tells of, for the duration of network programming.
	'endpoints.kubernetes.io/last-change-trigger-time': true,
};

function metadata(labels: Shape): Shape {
	return {
		name: true,
		namespace: true,
		uid: true,
		resourceVersion: true,
		creationTimestamp: true,
		deletionTimestamp: true,
		labels,
		annotations: ANNOTATIONS,
	};
}

const CONTAINERS: Shape = [{ restartPolicy: true, ports: [{ name: true, protocol: true, containerPort: true }] }];

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
	[
		'Service',
		{
			metadata: metadata(PROXY_LABELS),
			spec: {
				type: true,
				clusterIP: true,
				clusterIPs: true,
				ipFamilies: true,
				ports: [{ name: true, protocol: true, port: true, nodePort: true, targetPort: true }],
				externalIPs: true,
				loadBalancerSourceRanges: true,
				internalTrafficPolicy: true,
				externalTrafficPolicy: true,
				trafficDistribution: true,
				sessionAffinity: true,
				sessionAffinityConfig: true,
				healthCheckNodePort: true,
				selector: true,
				publishNotReadyAddresses: true,
			},
			status: { loadBalancer: { ingress: [{ ip: true, ipMode: true }] } },
		},
	],
	[
		'EndpointSlice',
		{
			metadata: metadata(PROXY_LABELS),
			addressType: true,
			ports: [{ name: true, protocol: true, port: true }],
			endpoints: [
				{
					addresses: true,
					conditions: sharedConditions,
					nodeName: sharedText,
					zone: sharedText,
					hints: true,
				},
			],
		},
	],
	[
		'Node',
		{
			metadata: metadata(NODE_LABELS),
			spec: { podCIDR: true, podCIDRs: true, taints: [{ key: true, value: true, effect: true }] },
			status: { addresses: true, allocatable: { cpu: true }, conditions: readyOnly },
		},
	],
	['ServiceCIDR', { metadata: metadata({}), spec: { cidrs: true } }],
	[
		'Pod',
		{
			metadata: metadata(true),
			spec: { nodeName: true, containers: CONTAINERS, initContainers: CONTAINERS },
			status: { phase: true, podIP: true, podIPs: true, conditions: readyOnly },
		},
	],
]);

/** What is kept of objects of a kind. They say what they are themselves, which items of a list do not. */
export function projectTo(apiVersion: string, kind: string): (object: unknown) => KeptObject {
	const keep = keeper(SHAPES.get(kind) ?? {});
	return (object) => ({ apiVersion, kind, ...Object(keep(object)) });
}

/** A shape as a function, made once: there are as many values as a cluster has, and looking at the shape for each takes as long. */
function keeper(shape: Shape): Keep {
	if (shape === true) return (value) => value;
	if (typeof shape === 'function') return shape;
	if (isList(shape)) {
		const keep = keeper(shape[0]);
		return (value) => (Array.isArray(value) ? value.map((entry) => keep(entry)) : value);
	}
	const fields = Object.entries(shape).map(([field, inner]) => ({ field, keep: keeper(inner) }));
	return (value) => {
		if (!isMap(value)) return value;
		const found: Record<string, unknown> = {};
		for (const { field, keep } of fields) {
			if (Object.hasOwn(value, field)) found[field] = keep(Reflect.get(value, field));
		}
		return found;
	};
}

function isList(shape: Shape): shape is readonly [Shape] {
	return Array.isArray(shape);
}
