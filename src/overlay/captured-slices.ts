import { type KubeObject, labelOf } from '../intake/kube-object.ts';
import { selectionShape } from '../intake/shapes.ts';
import { sortedBy } from '../model/order.ts';
import type { Labels } from './workloads.ts';

/** What becomes of a Service's captured slices on one side. */
export type SliceFate =
	| 'kept'
	/** hints are to be computed anew */
	| 'without-hints'
	/** endpoints are to be computed from Pods */
	| 'recomputed'
	/** they should be, but no Pods were captured */
	| 'not-recomputable';

/**
 * What becomes of the captured slices of a Service that a side's manifests have. The EndpointSlice controller makes them of
 * selector, ports and publishNotReadyAddresses (endpointslice `reconciler.go`); those of a Service without a selector are made by hand.
 * @param hasPods whether Pods were captured
 */
export function sliceFate(wished: KubeObject, captured: KubeObject, hasPods: boolean): SliceFate {
	if (selectionOf(wished) !== selectionOf(captured) && hasSelector(wished)) {
		return hasPods ? 'recomputed' : 'not-recomputable';
	}
	return hintsAsked(wished) === hintsAsked(captured) ? 'kept' : 'without-hints';
}

/** The title of the Service that a slice belongs to; null for an orphan. */
export function serviceOf(slice: KubeObject): string | null {
	const name = labelOf(slice, 'kubernetes.io/service-name');
	return typeof name === 'string' && name !== '' ? `Service ${slice.namespace}/${name}` : null;
}

/** Whether a Service chooses Pods. */
export function hasSelector(service: KubeObject): boolean {
	return Object.keys(selectorOf(service)).length > 0;
}

/** The Pods of a Service are those of its namespace with these labels; of none where there are no labels. */
export function selectorOf({ value }: KubeObject): Labels {
	return selectionShape.safeParse(value).data?.spec.selector ?? {};
}

/** All that the controller reads of a Service, as one text. */
function selectionOf({ value }: KubeObject): string {
	const { data } = selectionShape.safeParse(value);
	const ports = (data?.spec.ports ?? []).map(({ name, protocol, port, targetPort }) => {
		return JSON.stringify([name ?? '', protocol || 'TCP', targetPort || port]);
	});
	const selector = sortedBy(Object.entries(data?.spec.selector ?? {}), ([key]) => key);
	return JSON.stringify([selector, ports.sort(), data?.spec.publishNotReadyAddresses === true]);
}

/** What the controller decides about hints by (endpointslice `reconciler.go`). PreferClose is PreferSameZone by its older name. */
function hintsAsked({ value }: KubeObject): string {
	const { metadata, spec } = Object(value);
	const annotations = Object(Object(metadata).annotations);
	const distribution: unknown = Object(spec).trafficDistribution;
	return JSON.stringify([
		annotations['service.kubernetes.io/topology-aware-hints'],
		annotations['service.kubernetes.io/topology-mode'],
		distribution === 'PreferClose' ? 'PreferSameZone' : distribution || null,
	]);
}

/** A slice as it would be without any hints. */
export function withoutHints(slice: unknown): unknown {
	const { endpoints } = Object(slice);
	if (!Array.isArray(endpoints)) return slice;
	return { ...Object(slice), endpoints: endpoints.map((endpoint) => ({ ...Object(endpoint), hints: undefined })) };
}
