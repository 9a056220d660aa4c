import { isDeepStrictEqual } from 'node:util';
import type { Service } from '../model/cluster-state.ts';
import { compareBytes } from '../model/order.ts';

/** Something on both sides, or null on the one where it is not. */
export interface Pair<T> {
	readonly before: T | null;
	readonly after: T | null;
}

/** A Service on both sides, and whether anything of it differs that could decide about rules. */
export interface ServicePair extends Pair<Service> {
	readonly same: boolean;
}

/** Pairs Services by name, sorted bytewise by namespace and name. Where an object stands and how old it is decide nothing. */
export function pairServices(before: readonly Service[], after: readonly Service[]): readonly ServicePair[] {
	return pairUp(before, after, ({ namespace, name }) => `${namespace}/${name}`).map((pair) => ({
		...pair,
		same: isDeepStrictEqual(decisive(pair.before), decisive(pair.after)),
	}));
}

/** Pairs things of equal key, sorted bytewise by key. */
export function pairUp<T>(before: readonly T[], after: readonly T[], keyOf: (item: T) => string): readonly Pair<T>[] {
	const pairs = new Map<string, Pair<T>>();
	for (const item of before) pairs.set(keyOf(item), { before: item, after: null });
	for (const item of after) {
		const key = keyOf(item);
		pairs.set(key, { before: pairs.get(key)?.before ?? null, after: item });
	}
	return [...pairs.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, pair]) => pair);
}

function decisive(service: Service | null): unknown {
	return service && { ...service, origin: null, created: null };
}
