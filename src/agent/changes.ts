import type { ClusterEvent } from '../host/watch/watch-cluster.ts';
import type { FollowedKind, ObjectChange } from '../incremental/objects.ts';

/** Changes that wait to be taken in; of several of one object only the last one counts. */
export interface Pending {
	/** Takes an event of the watch in. */
	readonly add: (event: ClusterEvent) => void;
	/** Takes changes in as they are, such as those that were saved. */
	readonly addAll: (changes: readonly ObjectChange[]) => void;
	/** Hands out all that wait. */
	readonly take: () => readonly ObjectChange[];
	/** Everything that is there now, as changes that would make it. */
	readonly everything: () => readonly ObjectChange[];
	readonly size: () => number;
}

const KINDS: ReadonlyMap<string, FollowedKind> = new Map([
	['services', 'Service'],
	['endpointslices', 'EndpointSlice'],
	['nodes', 'Node'],
	['servicecidrs', 'ServiceCIDR'],
]);

/** Nothing waits. */
export function newPending(): Pending {
	const waiting = new Map<string, ObjectChange>();
	const held = new Map<FollowedKind, Map<string, ObjectChange>>();
	const put = (change: ObjectChange) => {
		const objects = held.get(change.kind) ?? new Map<string, ObjectChange>();
		held.set(change.kind, objects);
		if (change.value === null) objects.delete(change.name);
		else objects.set(change.name, change);
		waiting.set(`${change.kind} ${change.name}`, change);
	};
	/** A list says what there is: what it does not name has left. */
	const replace = (kind: FollowedKind, objects: ReadonlyMap<string, unknown>) => {
		for (const name of held.get(kind)?.keys() ?? []) if (!objects.has(name)) put({ kind, name, value: null });
		for (const [name, object] of objects) put({ kind, name, value: withoutVersion(object) });
	};
	const add: Pending['add'] = (event) => {
		const kind = KINDS.get(event.resource);
		if (kind === undefined) return;
		if (event.type === 'replace') replace(kind, event.objects);
		else put({ kind, name: event.key, value: event.type === 'put' ? withoutVersion(event.object) : null });
	};
	const take = () => {
		const changes = [...waiting.values()];
		waiting.clear();
		return changes;
	};
	return {
		add,
		addAll: (changes) => changes.forEach(put),
		take,
		everything: () => [...held.values()].flatMap((objects) => [...objects.values()]),
		size: () => waiting.size,
	};
}

/** The version changes with every update, also where nothing does that matters here. */
function withoutVersion(object: unknown): Record<string, unknown> {
	const whole = object as Readonly<Record<string, unknown>>;
	const metadata = Object.entries(whole.metadata ?? {}).filter(([field]) => field !== 'resourceVersion');
	return { ...whole, metadata: Object.fromEntries(metadata) };
}
