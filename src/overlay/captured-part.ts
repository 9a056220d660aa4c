import type { KubeObject } from '../intake/kube-object.ts';
import type { Document } from '../model/document.ts';
import { type SliceFate, selectorOf, serviceOf, sliceFate, withoutHints } from './captured-slices.ts';
import { has, type Objects, ofKind } from './objects.ts';
import type { PodChanges } from './workload-pods.ts';
import { chooses } from './workloads.ts';

/** What a side has of the capture. */
export interface CapturedPart {
	readonly documents: readonly Document[];
	readonly objects: Objects;
	/** Services of the manifests that choose otherwise than captured, without Pods to choose from */
	readonly notRecomputed: readonly KubeObject[];
}

/**
 * The captured objects that a side's manifests do not replace.
 * @param others of the other side, where what only they have is to be gone; null where it is not
 * @param changes of captured Pods on this side
 */
export function capturedPart(
	captured: Objects,
	manifests: Objects,
	others: Objects | null,
	{ pods, touched }: PodChanges,
): CapturedPart {
	const stays = (object: KubeObject) => !has(manifests, object) && (others === null || !has(others, object));
	const staying = new Map(
		[...captured, ['Pod', pods] as const].map(([kind, found]) => [
			kind,
			new Map([...found].filter(([, each]) => stays(each))),
		]),
	);
	const fates = fatesOf(captured, manifests);
	const services = new Map([...ofKind(staying, 'Service'), ...ofKind(manifests, 'Service')]);
	const moved = new Set([...services.values()].flatMap((each) => (leadsToAny(each, touched) ? each.title : [])));
	const slices = [...ofKind(staying, 'EndpointSlice')].flatMap(([title, slice]) => {
		const service = serviceOf(slice) ?? '';
		const goes = !services.has(service) || moved.has(service);
		const fate = goes ? 'recomputed' : (fates.get(service) ?? 'kept');
		if (fate === 'recomputed') return [];
		return [[title, fate === 'without-hints' ? { ...slice, value: withoutHints(slice.value) } : slice] as const];
	});
	const objects: Objects = new Map([...staying, ['EndpointSlice', new Map(slices)]]);
	const all = [...objects.values()].flatMap((found) => [...found.values()]);
	return {
		documents: all.map(({ origin, value }, index) => ({ file: origin.file, index, value })),
		objects,
		notRecomputed: [...fates].flatMap(([title, fate]) => {
			return (fate === 'not-recomputable' && ofKind(manifests, 'Service').get(title)) || [];
		}),
	};
}

/** Whether a Service chooses one of these Pods. */
function leadsToAny(service: KubeObject, pods: readonly KubeObject[]): boolean {
	if (pods.length === 0) return false;
	const selector = selectorOf(service);
	return pods.some((pod) => pod.namespace === service.namespace && chooses(selector, pod.labels));
}

/** What becomes of the slices of each Service that is both captured and in the manifests. */
function fatesOf(captured: Objects, manifests: Objects): ReadonlyMap<string, SliceFate> {
	const hasPods = ofKind(captured, 'Pod').size > 0;
	const services = [...ofKind(manifests, 'Service')].flatMap(([title, service]) => {
		const before = ofKind(captured, 'Service').get(title);
		return before === undefined ? [] : [[title, sliceFate(service, before, hasPods)] as const];
	});
	return new Map(services);
}
