import { z } from 'zod';

// The shapes of what we read; fields we do not use are not named and pass unseen.
// Lists whose entries fail one by one (ports, endpoints) hold unknown values here and are parsed entry by entry.

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
const unknowns = z.array(z.unknown()).nullish();
const keyed = z.record(z.string(), z.unknown()).nullish();

export const portNumber = z.int().min(1).max(65535);

export const objectShape = z.object({
	apiVersion: z.string(),
	kind: z.string(),
});

export const metadataShape = z.object({
	name: z.string(),
	namespace: text,
	labels: keyed,
	creationTimestamp: text,
	resourceVersion: text,
});

export const serviceShape = z.object({
	spec: z.object({
		type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).nullish(),
		clusterIP: text,
		clusterIPs: texts,
		ipFamilies: z.array(z.enum(['IPv4', 'IPv6'])).nullish(),
		ports: unknowns,
		externalIPs: texts,
		loadBalancerSourceRanges: texts,
		internalTrafficPolicy: z.enum(['Cluster', 'Local']).nullish(),
		externalTrafficPolicy: z.enum(['Cluster', 'Local', '']).nullish(),
		sessionAffinity: z.enum(['None', 'ClientIP', '']).nullish(),
		sessionAffinityConfig: z.object({ clientIP: z.object({ timeoutSeconds: z.int().nullish() }).nullish() }).nullish(),
	}),
	status: z
		.object({
			loadBalancer: z.object({ ingress: z.array(z.object({ ip: text, ipMode: text })).nullish() }).nullish(),
		})
		.nullish(),
});

export const servicePortShape = z.object({
	name: text,
	protocol: text,
	port: portNumber,
	nodePort: z.int().min(0).max(65535).nullish(),
});

export const sliceShape = z.object({
	addressType: z.enum(['IPv4', 'IPv6', 'FQDN']),
	ports: unknowns,
	endpoints: unknowns,
});

export const slicePortShape = z.object({
	name: text,
	protocol: text,
	port: z.int().min(0).max(65535).nullish(),
});

const hint = z.array(z.object({ name: z.string() })).nullish();

export const endpointShape = z.object({
	addresses: z.array(z.string()),
	conditions: z
		.object({
			ready: z.boolean().nullish(),
			serving: z.boolean().nullish(),
			terminating: z.boolean().nullish(),
		})
		.nullish(),
	nodeName: text,
	hints: z.object({ forZones: hint, forNodes: hint }).nullish(),
});

export const nodeShape = z.object({
	spec: z.object({ podCIDR: text, podCIDRs: texts }).nullish(),
	status: z.object({ addresses: z.array(z.object({ type: z.string(), address: z.string() })).nullish() }).nullish(),
});

export const serviceCidrShape = z.object({
	spec: z.object({ cidrs: texts }).nullish(),
});

export type ServiceInput = z.infer<typeof serviceShape>;
export type EndpointInput = z.infer<typeof endpointShape>;
