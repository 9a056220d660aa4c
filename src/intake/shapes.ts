// All of it as `z`, and not the `z` it exports, so that the bundle holds only what is used: without 50 languages of messages.
import * as z from 'zod/mini';
import { isMap } from '../model/is-map.ts';
import { isDnsLabel, isDnsSubdomain } from '../model/names.ts';
import { A_TEXT } from './fields.ts';

// The shapes of what we read; fields we do not use are not named and pass unseen. Each shape's message says what it wants.
// Lists whose entries fail one by one (ports, endpoints) hold unknown values here and are parsed entry by entry.
// An empty text counts as a field that is not set, as it does for the API server's Go types.

const AN_OBJECT = 'an object';
const A_LIST = 'a list';
const A_LIST_OF_TEXTS = 'a list of texts';

const text = z.nullish(z.string(A_TEXT));
const texts = z.nullish(z.array(z.string(A_TEXT), A_LIST_OF_TEXTS));
const unknowns = z.nullish(z.array(z.unknown(), A_LIST));
const trueOrFalse = z.nullish(z.boolean('true or false'));

function wholeNumber(least: number, most: number) {
	const wants = `a whole number from ${least} to ${most}`;
	return z.int(wants).check(z.gte(least, wants), z.lte(most, wants));
}

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
	const names = values.filter((value) => value !== '');
	return z.enum(values, names.length === 2 ? names.join(' or ') : `one of ${names.join(', ')}`);
}

const trafficPolicy = z.nullish(oneOf(['Cluster', 'Local', '']));

export const metadataShape = z.object(
	{
		name: z.string(A_TEXT),
		namespace: text,
		// Not copied key by key: of most objects one label is asked for, or none.
		labels: z.nullish(z.custom<Readonly<Record<string, unknown>>>(isMap, 'a map of labels')),
		creationTimestamp: z.optional(z.unknown()),
		resourceVersion: z.optional(z.unknown()),
	},
	AN_OBJECT,
);

const affinityConfig = z.object(
	{
		clientIP: z.nullish(z.object({ timeoutSeconds: z.nullish(z.number('a number of seconds')) }, AN_OBJECT)),
	},
	AN_OBJECT,
);

const ingress = z.nullish(z.array(z.object({ ip: text, ipMode: text }, AN_OBJECT), A_LIST));

const annotations = z.catch(
	z.nullish(
		z.object({
			'service.kubernetes.io/topology-mode': z.optional(z.unknown()),
			'service.kubernetes.io/topology-aware-hints': z.optional(z.unknown()),
		}),
	),
	null,
);

export const serviceShape = z.object({
	metadata: z.object({ annotations }),
	spec: z.object(
		{
			type: z.nullish(oneOf(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName', ''])),
			clusterIP: text,
			clusterIPs: texts,
			ipFamilies: z.nullish(z.array(oneOf(['IPv4', 'IPv6']), A_LIST)),
			selector: z.optional(z.unknown()),
			ports: unknowns,
			externalIPs: texts,
			loadBalancerSourceRanges: texts,
			internalTrafficPolicy: trafficPolicy,
			externalTrafficPolicy: trafficPolicy,
			trafficDistribution: text,
			sessionAffinity: z.nullish(oneOf(['None', 'ClientIP', ''])),
			sessionAffinityConfig: z.nullish(affinityConfig),
		},
		AN_OBJECT,
	),
	status: z.nullish(z.object({ loadBalancer: z.nullish(z.object({ ingress }, AN_OBJECT)) }, AN_OBJECT)),
});

export const servicePortShape = z.object(
	{
		name: text,
		protocol: text,
		port: wholeNumber(1, 65535),
		nodePort: z.nullish(wholeNumber(0, 65535)),
	},
	AN_OBJECT,
);

export const sliceShape = z.object({
	addressType: oneOf(['IPv4', 'IPv6', 'FQDN']),
	ports: unknowns,
	endpoints: unknowns,
});

export const slicePortShape = z.object(
	{
		name: text,
		protocol: text,
		port: z.nullish(wholeNumber(1, 65535)),
	},
	AN_OBJECT,
);

const hint = z.nullish(z.array(z.object({ name: z.string(A_TEXT) }, AN_OBJECT), A_LIST));

/** The Pod behind an endpoint. No rule is made of it, so what cannot be read, or is no Pod, counts as none. */
const podReference = z.catch(
	z.nullish(
		z.object({
			kind: z.literal('Pod'),
			namespace: z.string().check(z.refine(isDnsLabel)),
			name: z.string().check(z.refine(isDnsSubdomain)),
		}),
	),
	null,
);

export const endpointShape = z.object(
	{
		addresses: z.array(z.string(A_TEXT), 'a list with an address'),
		conditions: z.nullish(z.object({ ready: trueOrFalse, serving: trueOrFalse, terminating: trueOrFalse }, AN_OBJECT)),
		nodeName: text,
		targetRef: podReference,
		zone: text,
		hints: z.nullish(z.object({ forZones: hint, forNodes: hint }, AN_OBJECT)),
	},
	AN_OBJECT,
);

const nodeAddress = z.object({ type: z.string(A_TEXT), address: z.string(A_TEXT) }, AN_OBJECT);

const containerPort = z.object({ name: text, protocol: text, containerPort: wholeNumber(1, 65535) }, AN_OBJECT);

const containers = z.nullish(
	z.array(z.object({ restartPolicy: text, ports: z.nullish(z.array(containerPort, A_LIST)) }, AN_OBJECT), A_LIST),
);

const conditions = z.nullish(z.array(z.object({ type: text, status: text }, AN_OBJECT), A_LIST));

export const podShape = z.object({
	metadata: z.object({ deletionTimestamp: z.optional(z.unknown()) }),
	spec: z.nullish(z.object({ nodeName: text, containers, initContainers: containers }, AN_OBJECT)),
	status: z.nullish(
		z.object(
			{
				phase: text,
				podIP: text,
				podIPs: z.nullish(z.array(z.object({ ip: text }, AN_OBJECT), A_LIST)),
				conditions,
			},
			AN_OBJECT,
		),
	),
});

/** What of a Service says which Pods are its endpoints, and where they listen. */
export const selectionShape = z.object({
	spec: z.object({
		selector: z.nullish(z.record(z.string(), z.unknown())),
		publishNotReadyAddresses: trueOrFalse,
		ports: z.nullish(
			z.array(
				z.object({
					name: text,
					protocol: text,
					port: z.optional(z.unknown()),
					targetPort: z.nullish(z.union([z.number(), z.string()])),
				}),
			),
		),
	}),
});

export const nodeShape = z.object({
	spec: z.nullish(z.object({ podCIDR: text, podCIDRs: texts }, AN_OBJECT)),
	status: z.nullish(
		z.object(
			{
				addresses: z.nullish(z.array(nodeAddress, A_LIST)),
				allocatable: z.nullish(z.object({ cpu: z.optional(z.unknown()) }, AN_OBJECT)),
				conditions,
			},
			AN_OBJECT,
		),
	),
});

export const serviceCidrShape = z.object({
	spec: z.nullish(z.object({ cidrs: texts }, AN_OBJECT)),
});

export type ServiceInput = z.infer<typeof serviceShape>;
export type ServicePortInput = z.infer<typeof servicePortShape>;
export type PodInput = z.infer<typeof podShape>;
export type SelectionInput = z.infer<typeof selectionShape>;
export type EndpointInput = z.infer<typeof endpointShape>;
