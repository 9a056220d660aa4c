import type { KubeObject } from '../intake/kube-object.ts';
import type { Document } from '../model/document.ts';

/** What becomes of a Service; the same value where it stays as it is. */
export type Change = (service: KubeObject) => unknown;

/**
 * Documents with their Services changed, each in its place, also in lists, so that a problem of one is found at its line. One that
 * is written twice is changed twice.
 * @param services that intake would read, by title
 */
export function withServices(
	documents: readonly Document[],
	services: ReadonlyMap<string, KubeObject>,
	change: Change,
): readonly Document[] {
	return documents.map((document) => {
		const value = changed(document.value, { kind: '', apiVersion: '' }, 0, services, change);
		return value === document.value ? document : { ...document, value };
	});
}

/** What an item is by the list it is in, where it does not say so itself. */
interface Inherited {
	readonly kind: string;
	readonly apiVersion: unknown;
}

/** As deep as intake opens them. */
const MOST_LISTS_DEEP = 8;

function changed(
	value: unknown,
	from: Inherited,
	depth: number,
	services: ReadonlyMap<string, KubeObject>,
	change: Change,
): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const { kind = from.kind, apiVersion = from.apiVersion, items, metadata }: Fields = value;
	if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) && depth < MOST_LISTS_DEEP) {
		const inherited = { kind: kind.slice(0, -'List'.length), apiVersion: kind === 'List' ? '' : apiVersion };
		const found = items.map((item: unknown) => changed(item, inherited, depth + 1, services, change));
		return found.every((item, index) => item === items[index]) ? value : { ...value, items: found };
	}
	if (kind !== 'Service' || apiVersion !== 'v1') return value;
	const { name, namespace }: Fields = Object(metadata);
	const service = services.get(`Service ${namespace || 'default'}/${name}`);
	return service === undefined ? value : change({ ...service, value });
}

interface Fields {
	readonly kind?: unknown;
	readonly apiVersion?: unknown;
	readonly items?: unknown;
	readonly metadata?: unknown;
	readonly name?: unknown;
	readonly namespace?: unknown;
}
