import type { Behaviour } from '../model/behaviour.ts';
import type { Node } from '../model/cluster-state.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import type { Slice, SlicePort } from './endpoint-slice.ts';
import { type KubeObject, labelOf } from './kube-object.ts';
import type { Pod } from './pod.ts';
import { readProtocol } from './service-ports.ts';
import { type SelectionInput, selectionShape } from './shapes.ts';

/**
 * The slices that the EndpointSlice controller would make for a Service out of its Pods, one for each Pod and family
 * (endpointslice `reconciler.go`, `utils.go` podToEndpoint). None for a Service without a selector: its slices are made by hand.
 * @param pods of the whole input
 * @param nodes of the input; where there are none, every Pod's node counts as known
 */
export function slicesFromPods(
	service: KubeObject,
	pods: readonly Pod[],
	nodes: readonly Node[],
	{ terminatingInSlices }: Behaviour,
): readonly Slice[] {
	const parsed = selectionShape.safeParse(service.value);
	if (!parsed.success) return [];
	const { spec } = parsed.data;
	const selector = Object.entries(spec.selector ?? {});
	if (selector.length === 0) return [];
	const zones = new Map(nodes.map((node) => [node.name, node.zone]));
	const even = spec.publishNotReadyAddresses === true;
	return pods
		.filter(
			(pod) => pod.namespace === service.namespace && selector.every(([key, value]) => labelOf(pod, key) === value),
		)
		.filter((pod) => even || terminatingInSlices || !pod.terminating)
		.filter((pod) => even || nodes.length === 0 || zones.has(pod.node ?? ''))
		.flatMap((pod) => podSlices(pod, spec, even, zones.get(pod.node ?? '') ?? null));
}

function podSlices(pod: Pod, spec: SelectionInput['spec'], even: boolean, zone: string | null): readonly Slice[] {
	const ports = (spec.ports ?? []).flatMap((port) => slicePort(pod, port) ?? []);
	return IP_FAMILIES.flatMap((family) => {
		const address = pod.addresses[family];
		if (address === null) return [];
		const endpoint = {
			address,
			node: pod.node,
			pod: { namespace: pod.namespace, name: pod.name },
			zone,
			ready: even || (pod.ready && !pod.terminating),
			serving: pod.ready,
			terminating: pod.terminating,
			zoneHints: [],
			nodeHints: [],
		};
		return [{ family, ports, endpoints: [endpoint] }];
	});
}

/** A target port by name is the container's port of that name and protocol; a Pod without it has none of this port. */
function slicePort(pod: Pod, port: NonNullable<SelectionInput['spec']['ports']>[number]): SlicePort | null {
	const protocol = readProtocol(port.protocol);
	if (protocol === null) return null;
	const target = port.targetPort ?? port.port;
	const number =
		typeof target === 'number'
			? target
			: pod.ports.find((named) => named.name === target && named.protocol === protocol)?.number;
	return number ? { name: port.name ?? '', protocol, port: number } : null;
}
