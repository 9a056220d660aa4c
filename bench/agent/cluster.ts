import type { ResourceName } from '../../src/host/watch/resources.ts';
import type { ClusterEvent } from '../../src/host/watch/watch-cluster.ts';
import { nodeCount, podIp } from '../state/address-plan.ts';
import type { Random } from '../state/random.ts';
import { clusterList, plainShape, type StateShape } from '../state/state.ts';

type ApiObject = Readonly<Record<string, unknown>>;

/** A made-up cluster whose slices change one by one. */
export interface ChangingCluster {
	readonly objects: () => readonly ApiObject[];
	/** Gives one endpoint of a slice another address, as when a pod is replaced. */
	readonly change: () => ChangedSlice;
}

/** A slice as it is after a change. */
export interface ChangedSlice {
	readonly slice: ApiObject;
	/** of the endpoint that is new */
	readonly address: string;
}

/** The plain cluster of a size, and changes drawn from it. */
export function changingCluster(services: number, random: Random, endpoints = 5): ChangingCluster {
	const shape: StateShape = plainShape(services, endpoints);
	const objects = [...(clusterList(shape).items as readonly ApiObject[])];
	const slices = objects.flatMap(({ kind }, index) => (kind === 'EndpointSlice' ? [index] : []));
	const nodes = nodeCount(shape.services * shape.endpoints);
	let changes = 0;
	const change = () => {
		const index = slices[Math.floor(random() * slices.length)] ?? 0;
		const slice = objects[index] as ApiObject & { readonly endpoints: readonly ApiObject[] };
		const place = Math.floor(random() * slice.endpoints.length);
		// Pods of the made-up cluster have numbers below 200.
		const address = podIp(changes % nodes, 201 + (Math.floor(changes / nodes) % 50));
		changes++;
		const endpoints = slice.endpoints.map((each, at) => (at === place ? { ...each, addresses: [address] } : each));
		const changed = { ...slice, endpoints };
		objects[index] = changed;
		return { slice: changed, address };
	};
	return { objects: () => objects, change };
}

const RESOURCES: ReadonlyMap<string, ResourceName> = new Map([
	['Service', 'services'],
	['EndpointSlice', 'endpointslices'],
	['Node', 'nodes'],
	['ServiceCIDR', 'servicecidrs'],
]);

/** Objects as the lists that a watch begins with. */
export function listEvents(objects: readonly ApiObject[]): readonly ClusterEvent[] {
	return [...RESOURCES].map(([kind, resource]) => ({
		resource,
		type: 'replace',
		objects: new Map(objects.filter((object) => object.kind === kind).map((object) => [keyOf(object), object])),
	}));
}

/** A changed object as a watch tells of it. */
export function putEvent(object: ApiObject): ClusterEvent {
	const resource = RESOURCES.get(String(object.kind));
	if (resource === undefined) throw new TypeError(`nobody watches ${object.kind}`);
	return { resource, type: 'put', key: keyOf(object), object };
}

function keyOf({ metadata }: ApiObject): string {
	const { namespace, name } = Object(metadata);
	return namespace === undefined ? String(name) : `${namespace}/${name}`;
}
