import { isDeepStrictEqual } from 'node:util';

/** The kinds that are followed. */
export type FollowedKind = 'Service' | 'EndpointSlice' | 'Node' | 'ServiceCIDR';

/** An object that came, changed or left (null). */
export interface ObjectChange {
	readonly kind: FollowedKind;
	/** `NAMESPACE/NAME`, or the name of an object without a namespace */
	readonly name: string;
	readonly value: Readonly<Record<string, unknown>> | null;
}

/** What changes of objects have touched. */
export interface Touched {
	/** names of Services, of themselves or of their slices */
	readonly services: ReadonlySet<string>;
	/** whether a Node or a ServiceCIDR is another one now */
	readonly surroundings: boolean;
}

/** The objects of a cluster as they are now. */
export interface Objects {
	/** Takes changes in. An object that is as it was touches nothing. */
	readonly fold: (changes: readonly ObjectChange[]) => Touched;
	readonly service: (name: string) => unknown;
	readonly slicesOf: (service: string) => readonly unknown[];
	readonly all: (kind: FollowedKind) => readonly unknown[];
}

/** An empty store. */
export function newObjects(): Objects {
	const byKind: Readonly<Record<FollowedKind, Map<string, Record<string, unknown>>>> = {
		Service: new Map(),
		EndpointSlice: new Map(),
		Node: new Map(),
		ServiceCIDR: new Map(),
	};
	/** Slices by the Service they belong to. */
	const slices = new Map<string, Map<string, unknown>>();
	const moveSlice = (name: string, before: unknown, after: unknown) => {
		const [from, to] = [serviceOf(name, before), serviceOf(name, after)];
		if (from !== null && from !== to) {
			slices.get(from)?.delete(name);
			if (slices.get(from)?.size === 0) slices.delete(from);
		}
		if (to !== null) slices.set(to, (slices.get(to) ?? new Map()).set(name, after));
		return [from, to];
	};
	const fold: Objects['fold'] = (changes) => {
		const services = new Set<string>();
		let surroundings = false;
		for (const { kind, name, value } of changes) {
			const objects = byKind[kind];
			const before = objects.get(name);
			if (isDeepStrictEqual(before ?? null, value)) continue;
			if (value === null) objects.delete(name);
			else objects.set(name, value);
			if (kind === 'Service') services.add(name);
			else if (kind === 'EndpointSlice') {
				for (const service of moveSlice(name, before, value)) if (service !== null) services.add(service);
			} else surroundings = true;
		}
		return { services, surroundings };
	};
	return {
		fold,
		service: (name) => byKind.Service.get(name),
		slicesOf: (service) => [...(slices.get(service)?.values() ?? [])],
		all: (kind) => [...byKind[kind].values()],
	};
}

/** The Service that a slice belongs to by its label; null for none. */
export function serviceOf(sliceName: string, slice: unknown): string | null {
	const namespace = sliceName.split('/')[0] ?? '';
	const service = field(field(field(slice, 'metadata'), 'labels'), 'kubernetes.io/service-name');
	return typeof service === 'string' && service !== '' ? `${namespace}/${service}` : null;
}

function field(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
		? Reflect.get(value, name)
		: undefined;
}
