import { sortDocuments } from '../intake/documents.ts';
import type { KubeObject } from '../intake/kube-object.ts';
import { labelOf } from '../intake/kube-object.ts';
import { openLists } from '../intake/lists.ts';
import type { Document } from '../model/document.ts';
import { groupBy } from '../model/group-by.ts';
import { shown } from '../model/names.ts';
import type { Origin } from '../model/problem.ts';

/** An object of the input as it stands there. */
export interface InputObject {
	/** a kind of Kubernetes; `Workload` for all that make Pods */
	readonly kind: string;
	readonly namespace: string;
	readonly name: string;
	/** as messages name it */
	readonly title: string;
	readonly origin: Origin;
	readonly value: unknown;
}

/** The objects of one side that can bring findings about. */
export interface InputObjects {
	/** by `NAMESPACE/NAME` */
	readonly services: ReadonlyMap<string, KubeObject>;
	/** by the `NAMESPACE/NAME` of their Service */
	readonly slices: ReadonlyMap<string, readonly KubeObject[]>;
	/** by namespace */
	readonly pods: ReadonlyMap<string, readonly KubeObject[]>;
	readonly workloads: ReadonlyMap<string, readonly InputObject[]>;
	readonly nodes: readonly KubeObject[];
	readonly serviceCidrs: readonly KubeObject[];
}

const WORKLOADS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/** Sorts a side's documents as the intake does. What is wrong with them the intake reports. */
export function inputObjects(documents: readonly Document[]): InputObjects {
	const { objects } = sortDocuments(documents, ignore);
	const of = (kind: KubeObject['kind']) => objects.get(kind) ?? [];
	const serviceOf = (slice: KubeObject) => `${slice.namespace}/${labelOf(slice, 'kubernetes.io/service-name')}`;
	return {
		services: new Map(of('Service').map((service) => [`${service.namespace}/${service.name}`, service])),
		slices: groupBy(of('EndpointSlice'), serviceOf),
		pods: groupBy(of('Pod'), ({ namespace }) => namespace),
		workloads: groupBy(documents.flatMap(workloadsIn), ({ namespace }) => namespace),
		nodes: of('Node'),
		serviceCidrs: of('ServiceCIDR'),
	};
}

function ignore(): void {}

function workloadsIn({ file, index, value }: Document): readonly InputObject[] {
	const items = [...openLists(value, { file, document: index, path: [] }, ignore)];
	return items.flatMap((item) => {
		if (!WORKLOADS.includes(item.kind)) return [];
		const [name, namespace] = [valueAt(item.value, 'metadata', 'name'), valueAt(item.value, 'metadata', 'namespace')];
		if (typeof name !== 'string') return [];
		const own = typeof namespace === 'string' && namespace !== '' ? namespace : 'default';
		const title = `${item.kind} ${shown(own)}/${shown(name)}`;
		return [{ kind: 'Workload', namespace: own, name, title, origin: item.origin, value: item.value }];
	});
}

/** A value inside another one, undefined where there is none. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
	let found = value;
	for (const key of path) {
		if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
		found = Reflect.get(found, key);
	}
	return found;
}

/** Whether labels are those that a selector asks for; an empty selector asks for nothing. */
export function isSelected(selector: unknown, labels: unknown): boolean {
	if (typeof selector !== 'object' || selector === null) return false;
	const wanted = Object.entries(selector);
	return wanted.length > 0 && wanted.every(([key, value]) => valueAt(labels, key) === value);
}
