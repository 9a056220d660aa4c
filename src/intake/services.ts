import type { Behaviour } from '../model/behaviour.ts';
import type { Node, Service } from '../model/cluster-state.ts';
import { settleClaims } from './claims.ts';
import type { Sorted } from './documents.ts';
import { readSlice } from './endpoint-slice.ts';
import type { Report } from './fields.ts';
import { serviceKey, slicesByService, withEndpoints } from './join.ts';
import { withoutLoops } from './loops.ts';
import { readPod } from './pod.ts';
import { slicesFromPods } from './pod-slices.ts';
import { readService } from './service.ts';
import { isHiddenFromProxies } from './visible.ts';

/**
 * Services with the endpoints that their slices name; one that has no slice at all gets those that its Pods make.
 * Each depends on nothing of another Service: what several claim is not settled yet.
 */
export function readServices(
	objects: Sorted['objects'],
	nodes: readonly Node[],
	behaviour: Behaviour,
	report: Report,
): readonly Service[] {
	const services = objects.get('Service') ?? [];
	const visible = (objects.get('EndpointSlice') ?? []).filter((object) => !isHiddenFromProxies(object, behaviour));
	const slicesOf = slicesByService(visible, new Set(services.map(serviceKey)), report);
	const pods = (objects.get('Pod') ?? []).flatMap((object) => readPod(object, behaviour, report) ?? []);
	return services
		.filter((object) => !isHiddenFromProxies(object, behaviour))
		.flatMap((object) => {
			const service = readService(object, behaviour, report);
			if (service === null) return [];
			const slices = slicesOf.get(serviceKey(object))?.flatMap((slice) => readSlice(slice, report) ?? []);
			return [withEndpoints(service, slices ?? slicesFromPods(object, pods, nodes, behaviour), behaviour)];
		});
}

/**
 * Settles what Services have to do with each other: addresses that several claim, endpoints that are a ClusterIP.
 * @param services sorted by name; all that have to do with one of them must be among them
 */
export function settle(services: readonly Service[], report: Report): readonly Service[] {
	return withoutLoops(settleClaims(services, report), report);
}
