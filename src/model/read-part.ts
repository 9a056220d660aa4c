import { isMap } from './is-map.ts';

type FieldValues = Readonly<Record<string, unknown>>;

/** What to leave out of a value: fields of a map, or of each map in a list. What is of another form stays as it is. */
interface Unread {
	readonly all: readonly string[];
	readonly partly: ReadonlyMap<string, Unread>;
}

function unread(all: readonly string[], partly: Readonly<Record<string, Unread>> = {}): Unread {
	return { all, partly: new Map(Object.entries(partly)) };
}

const METADATA = unread(['managedFields'], {
	annotations: unread(['kubectl.kubernetes.io/last-applied-configuration']),
});

const CONTAINERS = unread([
	'args',
	'command',
	'env',
	'envFrom',
	'image',
	'imagePullPolicy',
	'lifecycle',
	'livenessProbe',
	'readinessProbe',
	'resources',
	'securityContext',
	'startupProbe',
	'terminationMessagePath',
	'terminationMessagePolicy',
	'volumeMounts',
]);

const POD_SPEC = unread(['affinity', 'tolerations', 'volumes'], { containers: CONTAINERS, initContainers: CONTAINERS });

/** By kind; objects of other kinds are passed over. */
const UNREAD: ReadonlyMap<string, Unread> = new Map([
	...['Service', 'EndpointSlice', 'ServiceCIDR', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map(
		(kind) => [kind, unread([], { metadata: METADATA })] as const,
	),
	['Node', unread([], { metadata: METADATA, status: unread(['images', 'volumesAttached', 'volumesInUse']) })],
	[
		'Pod',
		unread([], {
			metadata: METADATA,
			spec: POD_SPEC,
			status: unread(['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']),
		}),
	],
]);

/** Nobody opens lists in lists that are deeper. */
const MOST_LISTS_DEEP = 8;

/**
 * An object without what no command reads, which is most of what a cluster says of itself: who manages which field, what kubectl
 * applied, what runs in containers. Of kinds that are passed over only the kind is left. Lists keep their items, each without it.
 * What is of no known form stays as it is, for intake to complain about.
 * @param kind of objects that do not say it themselves, as in typed lists; empty where nothing does
 */
export function readPart(value: unknown, kind = '', depth = 0): unknown {
	if (!isMap(value)) return value;
	const own = typeof value.kind === 'string' ? value.kind : kind;
	if (own === '') return value;
	if (own.endsWith('List')) return depth < MOST_LISTS_DEEP ? listPart(value, own, depth + 1) : value;
	const left = UNREAD.get(own);
	return left === undefined ? kindOnly(value) : without(value, left);
}

/** What a typed list, such as a PodList, says that its items are; a plain List says nothing. */
export function itemKind(list: string): string {
	return list.slice(0, -'List'.length);
}

function listPart(list: FieldValues, kind: string, depth: number): FieldValues {
	const { items } = list;
	return Array.isArray(items) ? { ...list, items: items.map((item) => readPart(item, itemKind(kind), depth)) } : list;
}

function kindOnly(value: FieldValues): FieldValues {
	return Object.fromEntries(Object.entries(value).filter(([field]) => field === 'apiVersion' || field === 'kind'));
}

/** The value itself where there is nothing to leave out: objects are many, and copies cost. */
function without(value: unknown, left: Unread): unknown {
	if (Array.isArray(value)) return value.map((entry) => (isMap(entry) ? without(entry, left) : entry));
	if (!isMap(value)) return value;
	let found = value;
	for (const [field, ofField] of left.partly) {
		const whole = Object.hasOwn(value, field) ? value[field] : undefined;
		const part = without(whole, ofField);
		if (part !== whole) found = { ...found, [field]: part };
	}
	if (!left.all.some((field) => Object.hasOwn(found, field))) return found;
	return Object.fromEntries(Object.entries(found).filter(([field]) => !left.all.includes(field)));
}
