// All of it as `z`, and not the `z` it exports, so that the bundle holds only what is used: without 50 languages of messages.
import * as z from 'zod';
import { isDnsLabel, isDnsSubdomain } from '../model/names.ts';
import { A_TEXT } from './fields.ts';

// The shapes of what we read; fields we do not use are not named and pass unseen. Each shape's message says what it wants.
// Lists whose entries fail one by one (ports, endpoints) hold unknown values here and are parsed entry by entry.
// An empty text counts as a field that is not set, as it does for the API server's Go types.

const AN_OBJECT = 'an object';
const A_LIST = 'a list';
const A_LIST_OF_TEXTS = 'a list of texts';

const text = z.string(A_TEXT).nullish();
const texts = z.array(z.string(A_TEXT), A_LIST_OF_TEXTS).nullish();
const unknowns = z.array(z.unknown(), A_LIST).nullish();
const trueOrFalse = z.boolean('true or false').nullish();

function wholeNumber(least: number, most: number) {
	const wants = `a whole number from ${least} to ${most}`;
	return z.int(wants).min(least, wants).max(most, wants);
}

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
	const names = values.filter((value) => value !== '');
	return z.enum(values, names.length === 2 ? names.join(' or ') : `one of ${names.join(', ')}`);
}

function isMap(value: unknown): boolean {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const trafficPolicy = oneOf(['Cluster', 'Local', '']).nullish();

export const metadataShape = z.object(
	{
		name: z.string(A_TEXT),
		namespace: text,
		// Not copied key by key: of most objects one label is asked for, or none.
		labels: z.custom<Readonly<Record<string, unknown>>>(isMap, 'a map of labels').nullish(),
		creationTimestamp: z.unknown().optional(),
		resourceVersion: z.unknown().optional(),
	},
	AN_OBJECT,
);

const affinityConfig = z.object(
	{
		clientIP: z.object({ timeoutSeconds: z.number('a number of seconds').nullish() }, AN_OBJECT).nullish(),
	},
	AN_OBJECT,
);

const ingress = z.array(z.object({ ip: text, ipMode: text }, AN_OBJECT), A_LIST).nullish();

const annotations = z
	.object({
		'service.kubernetes.io/topology-mode': z.unknown().optional(),
		'service.kubernetes.io/topology-aware-hints': z.unknown().optional(),
	})
	.nullish()
	.catch(null);

export const serviceShape = z.object({
	metadata: z.object({ annotations }),
	spec: z.object(
		{
			type: oneOf(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName', '']).nullish(),
			clusterIP: text,
			clusterIPs: texts,
			ipFamilies: z.array(oneOf(['IPv4', 'IPv6']), A_LIST).nullish(),
			selector: z.unknown().optional(),
			ports: unknowns,
			externalIPs: texts,
			loadBalancerSourceRanges: texts,
			internalTrafficPolicy: trafficPolicy,
			externalTrafficPolicy: trafficPolicy,
			trafficDistribution: text,
			sessionAffinity: oneOf(['None', 'ClientIP', '']).nullish(),
			sessionAffinityConfig: affinityConfig.nullish(),
		},
		AN_OBJECT,
	),
	status: z.object({ loadBalancer: z.object({ ingress }, AN_OBJECT).nullish() }, AN_OBJECT).nullish(),
});

export const servicePortShape = z.object(
	{
		name: text,
		protocol: text,
		port: wholeNumber(1, 65535),
		nodePort: wholeNumber(0, 65535).nullish(),
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
		port: wholeNumber(1, 65535).nullish(),
	},
	AN_OBJECT,
);

const hint = z.array(z.object({ name: z.string(A_TEXT) }, AN_OBJECT), A_LIST).nullish();

/** The Pod behind an endpoint. No rule is made of it, so what cannot be read, or is no Pod, counts as none. */
const podReference = z
	.object({ kind: z.literal('Pod'), namespace: z.string().refine(isDnsLabel), name: z.string().refine(isDnsSubdomain) })
	.nullish()
	.catch(null);

export const endpointShape = z.object(
	{
		addresses: z.array(z.string(A_TEXT), 'a list with an address'),
		conditions: z.object({ ready: trueOrFalse, serving: trueOrFalse, terminating: trueOrFalse }, AN_OBJECT).nullish(),
		nodeName: text,
		targetRef: podReference,
		zone: text,
		hints: z.object({ forZones: hint, forNodes: hint }, AN_OBJECT).nullish(),
	},
	AN_OBJECT,
);

const nodeAddress = z.object({ type: z.string(A_TEXT), address: z.string(A_TEXT) }, AN_OBJECT);

const containers = z
	.array(
		z.object(
			{
				restartPolicy: text,
				ports: z
					.array(z.object({ name: text, protocol: text, containerPort: wholeNumber(1, 65535) }, AN_OBJECT), A_LIST)
					.nullish(),
			},
			AN_OBJECT,
		),
		A_LIST,
	)
	.nullish();

export const podShape = z.object({
	metadata: z.object({ deletionTimestamp: z.unknown().optional() }),
	spec: z.object({ nodeName: text, containers, initContainers: containers }, AN_OBJECT).nullish(),
	status: z
		.object(
			{
				phase: text,
				podIP: text,
				podIPs: z.array(z.object({ ip: text }, AN_OBJECT), A_LIST).nullish(),
				conditions: z.array(z.object({ type: text, status: text }, AN_OBJECT), A_LIST).nullish(),
			},
			AN_OBJECT,
		)
		.nullish(),
});

/** What of a Service says which Pods are its endpoints, and where they listen. */
export const selectionShape = z.object({
	spec: z.object({
		selector: z.record(z.string(), z.unknown()).nullish(),
		publishNotReadyAddresses: trueOrFalse,
		ports: z
			.array(
				z.object({
					name: text,
					protocol: text,
					port: z.unknown().optional(),
					targetPort: z.union([z.number(), z.string()]).nullish(),
				}),
			)
			.nullish(),
	}),
});

export const nodeShape = z.object({
	spec: z.object({ podCIDR: text, podCIDRs: texts }, AN_OBJECT).nullish(),
	status: z
		.object(
			{
				addresses: z.array(nodeAddress, A_LIST).nullish(),
				allocatable: z.object({ cpu: z.unknown().optional() }, AN_OBJECT).nullish(),
				conditions: z.array(z.object({ type: text, status: text }, AN_OBJECT), A_LIST).nullish(),
			},
			AN_OBJECT,
		)
		.nullish(),
});

export const serviceCidrShape = z.object({
	spec: z.object({ cidrs: texts }, AN_OBJECT).nullish(),
});

export type ServiceInput = z.infer<typeof serviceShape>;
export type ServicePortInput = z.infer<typeof servicePortShape>;
export type PodInput = z.infer<typeof podShape>;
export type SelectionInput = z.infer<typeof selectionShape>;
export type EndpointInput = z.infer<typeof endpointShape>;
