import type { Origin } from '../model/problem.ts';

/** The kinds that decide about rules. */
export type Kind = 'Service' | 'EndpointSlice' | 'Node' | 'Pod' | 'ServiceCIDR';

/** Labels as they came; `labelOf` reads them. */
export type Labels = Readonly<Record<string, unknown>>;

/** A label's value, undefined where there is none. A label may be called like something every JavaScript object has. */
export function labelOf({ labels }: { readonly labels: Labels }, key: string): unknown {
	return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** All labels that are text. */
export function labelsOf({ labels }: { readonly labels: Labels }): ReadonlyMap<string, string> {
	const texts = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
	return new Map(texts);
}

/** An object of a kind we use, with metadata checked and the rest not yet. */
export interface KubeObject {
	readonly kind: Kind;
	/** empty for kinds without namespaces */
	readonly namespace: string;
	readonly name: string;
	readonly labels: Labels;
	/** RFC 3339 in UTC; empty when unknown, or when nobody asks */
	readonly created: string;
	readonly resourceVersion: number;
	readonly origin: Origin;
	readonly value: unknown;
	/** as messages name it: `Service shop/web` */
	readonly title: string;
}
