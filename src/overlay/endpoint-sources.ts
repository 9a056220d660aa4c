import type { KubeObject } from '../intake/kube-object.ts';
import type { EndpointSources } from '../model/change-set.ts';
import { hasSelector, selectorOf, serviceOf } from './captured-slices.ts';
import { type Objects, ofKind } from './objects.ts';
import { isProxied, wishOf } from './wishes.ts';
import { chooses } from './workloads.ts';

/** What a side is made of. */
export interface SideObjects {
	readonly manifests: Objects;
	/** those that the side has of the capture */
	readonly captured: Objects;
	/** whether there is a capture at all */
	readonly hasCapture: boolean;
}

export interface CountedSources {
	/** of service ports */
	readonly sources: EndpointSources;
	/** Services of whose endpoints nothing is known */
	readonly unknown: readonly KubeObject[];
}

type Source = keyof EndpointSources;

/** Tells where the endpoints of a side's Services come from. Headless Services and mere names have no rules, and do not count. */
export function endpointSources(side: SideObjects): CountedSources {
	const services = [side.manifests, side.captured].flatMap((objects) => [...ofKind(objects, 'Service').values()]);
	const sourceOf = sourceFinder(side);
	const counts = { manifests: 0, captured: 0, recomputed: 0, unknown: 0 };
	const unknown: KubeObject[] = [];
	for (const service of services) {
		const wish = wishOf(service);
		if (wish === null || !isProxied(wish)) continue;
		const source = sourceOf(service);
		counts[source] += wish.spec.ports?.length ?? 0;
		if (source === 'unknown') unknown.push(service);
	}
	return { sources: counts, unknown };
}

function sourceFinder({ manifests, captured, hasCapture }: SideObjects): (service: KubeObject) => Source {
	const written = servicesWithSlices(manifests);
	const found = servicesWithSlices(captured);
	const pods = [manifests, captured].flatMap((objects) => [...ofKind(objects, 'Pod').values()]);
	return (service) => {
		if (written.has(service.title)) return 'manifests';
		if (found.has(service.title)) return 'captured';
		// Nobody chosen is an answer of a cluster; manifests alone may lack those who make the Pods.
		if (hasSelector(service))
			return (hasCapture && pods.length > 0) || isChosen(service, pods) ? 'recomputed' : 'unknown';
		// Somebody makes its slices; who looked at the cluster saw that there are none.
		return hasCapture ? 'captured' : 'unknown';
	};
}

function isChosen(service: KubeObject, pods: readonly KubeObject[]): boolean {
	const selector = selectorOf(service);
	return pods.some((pod) => pod.namespace === service.namespace && chooses(selector, pod.labels));
}

function servicesWithSlices(objects: Objects): ReadonlySet<string> {
	return new Set([...ofKind(objects, 'EndpointSlice').values()].flatMap((slice) => serviceOf(slice) ?? []));
}
