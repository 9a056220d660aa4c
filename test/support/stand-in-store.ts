import { PODS, RESOURCES, type Resource, type ResourceName } from '../../src/host/watch/resources.ts';

/** An object of the API, as tests write it. */
export type ApiObject = Readonly<Record<string, unknown>>;

/** A change, as a watch tells it. */
export interface Change {
	readonly version: number;
	readonly resource: ResourceName;
	readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
	/** as it is afterwards, or was before it was deleted; with the change's resourceVersion in both cases */
	readonly object: ApiObject;
	/** as it was first */
	readonly first: ApiObject;
}

/** What an API server has behind it: objects, one version counter for all, and the changes of late. */
export interface Store {
	readonly put: (object: ApiObject) => string;
	readonly remove: (object: ApiObject) => string;
	readonly objects: (resource: ResourceName) => readonly ApiObject[];
	readonly version: () => number;
	/** Changes after a version, oldest first; null when some of them are forgotten. */
	readonly after: (version: number, resource: ResourceName) => readonly Change[] | null;
	/** Forgets all changes, and the lists that are being paged through. */
	readonly compact: () => void;
	/** The oldest version that one can go on from. */
	readonly floor: () => number;
}

export const SERVED: readonly Resource[] = [...RESOURCES, PODS];

interface Entry {
	readonly object: ApiObject;
	readonly first: ApiObject;
}

/** More changes than this are forgotten, oldest first. */
const MOST_CHANGES = 20_000;

export function createStore(): Store {
	const entries = new Map<ResourceName, Map<string, Entry>>(SERVED.map(({ name }) => [name, new Map()]));
	let changes: Change[] = [];
	let version = 100;
	let floor = version;

	const record = (change: Change) => {
		changes.push(change);
		if (changes.length <= 2 * MOST_CHANGES) return;
		changes = changes.slice(-MOST_CHANGES);
		floor = (changes[0]?.version ?? version) - 1;
	};

	return {
		put: (given) => {
			const { resource, key } = placeOf(given);
			const held = entries.get(resource)?.get(key);
			version += 1;
			const object = stored(given, version, held?.object);
			const first = held?.first ?? object;
			entries.get(resource)?.set(key, { object, first });
			record({ version, resource, type: held ? 'MODIFIED' : 'ADDED', object, first });
			return String(version);
		},
		remove: (given) => {
			const { resource, key } = placeOf(given);
			const held = entries.get(resource)?.get(key);
			if (held === undefined) return String(version);
			version += 1;
			entries.get(resource)?.delete(key);
			const object = {
				...held.object,
				metadata: { ...Object(held.object.metadata), resourceVersion: String(version) },
			};
			record({ version, resource, type: 'DELETED', object, first: held.first });
			return String(version);
		},
		objects: (resource) => [...(entries.get(resource)?.values() ?? [])].map(({ object }) => object),
		version: () => version,
		after: (from, resource) => {
			if (from < floor) return null;
			let start = changes.length;
			while (start > 0 && (changes[start - 1]?.version ?? 0) > from) start -= 1;
			return changes.slice(start).filter((change) => change.resource === resource);
		},
		compact: () => {
			changes = [];
			floor = version;
		},
		floor: () => floor,
	};
}

function placeOf(object: ApiObject): { readonly resource: ResourceName; readonly key: string } {
	const found = SERVED.find(({ kind }) => kind === object.kind);
	if (found === undefined) throw new Error(`the stand-in serves no ${String(object.kind)}`);
	return { resource: found.name, key: keyOf(object) };
}

/** `NAMESPACE/NAME`, or `NAME` where there is no namespace. */
export function keyOf({ metadata }: ApiObject): string {
	const { namespace, name } = Object(metadata);
	return namespace ? `${namespace}/${name}` : String(name);
}

/** With what an API server adds; an object keeps its uid and creation time for life. */
function stored(given: ApiObject, version: number, held: ApiObject | undefined): ApiObject {
	const { uid, creationTimestamp } = Object(held?.metadata);
	const metadata = {
		uid: uid ?? `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`,
		creationTimestamp: creationTimestamp ?? '2026-01-01T00:00:00Z',
		managedFields: [{ manager: 'stand-in', operation: 'Update', fieldsV1: { 'f:spec': {} } }],
		...Object(given.metadata),
		resourceVersion: String(version),
	};
	return { ...given, metadata };
}
