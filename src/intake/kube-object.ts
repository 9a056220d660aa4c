import type { Origin } from '../model/problem.ts';

/** The kinds that decide about rules. */
export type Kind = 'Service' | 'EndpointSlice' | 'Node' | 'Pod' | 'ServiceCIDR';

/** An object of a kind we use, with metadata checked and the rest not yet. */
export interface KubeObject {
	readonly kind: Kind;
	/** empty for kinds without namespaces */
	readonly namespace: string;
	readonly name: string;
	readonly labels: ReadonlyMap<string, unknown>;
	/** RFC 3339 in UTC; empty when unknown */
	readonly created: string;
	readonly resourceVersion: number;
	readonly origin: Origin;
	readonly value: unknown;
	/** as messages name it: `Service shop/web` */
	readonly title: string;
}
