// All of it as `z`, as intake does, so that the bundle holds only what is used.
import * as z from 'zod';
import type { KubeObject } from '../intake/kube-object.ts';
import { type IpFamily, parseAddress } from '../model/ip.ts';

// What of a Service the API server fills in. What is not of these shapes is intake's to report: such a Service stays as it is.

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const wishShape = z.object({
	metadata: z.looseObject({ creationTimestamp: z.unknown().optional() }),
	spec: z.looseObject({
		type: text,
		clusterIP: text,
		clusterIPs: texts,
		ipFamilies: texts,
		ipFamilyPolicy: text,
		allocateLoadBalancerNodePorts: z.boolean().nullish(),
		healthCheckNodePort: z.unknown().optional(),
		externalTrafficPolicy: text,
		ports: z
			.array(
				z.looseObject({ name: text, protocol: text, port: z.unknown().optional(), nodePort: z.number().nullish() }),
			)
			.nullish(),
	}),
	status: z.looseObject({ loadBalancer: z.unknown().optional() }).nullish(),
});

/** A Service as somebody wrote it, or as it was captured. */
export type Wish = z.infer<typeof wishShape>;

/** A port of it. */
export type WishedPort = NonNullable<Wish['spec']['ports']>[number];

/** What is read of a Service; null where it makes no sense. */
export function wishOf({ value }: KubeObject): Wish | null {
	return wishShape.safeParse(value).data ?? null;
}

/** Whether a Service has ClusterIPs at all: neither headless nor a mere name. */
export function isProxied({ spec }: Wish): boolean {
	return spec.type !== 'ExternalName' && ![spec.clusterIP, ...(spec.clusterIPs ?? [])].includes('None');
}

/** The addresses that a Service says, in its order; null where one of them is none. */
export function saidAddresses({ spec }: Wish): ReadonlyMap<IpFamily, string> | null {
	const found = new Map<IpFamily, string>();
	for (const said of [spec.clusterIP, ...(spec.clusterIPs ?? [])]) {
		if (!said) continue;
		const parsed = parseAddress(said);
		if ('invalid' in parsed) return null;
		if (!found.has(parsed.family)) found.set(parsed.family, said);
	}
	return found;
}
