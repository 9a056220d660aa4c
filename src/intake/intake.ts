import type { Behaviour } from '../model/behaviour.ts';
import type { ClusterState, Node, Service } from '../model/cluster-state.ts';
import type { Document } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { settleClaims } from './claims.ts';
import { type Sorted, sortDocuments } from './documents.ts';
import { readSlice } from './endpoint-slice.ts';
import type { Report } from './fields.ts';
import { reportHijacks } from './hijacks.ts';
import { serviceKey, slicesByService, withEndpoints } from './join.ts';
import { withoutLoops } from './loops.ts';
import { readNode, readServiceCidrs } from './node.ts';
import { readPod } from './pod.ts';
import { slicesFromPods } from './pod-slices.ts';
import { readService } from './service.ts';
import { isHiddenFromProxies } from './visible.ts';

/** The cluster as far as it could be read, what could not, and how much was read. */
export interface Intake {
	readonly state: ClusterState;
	readonly problems: readonly Problem[];
	/** objects of each kind we use */
	readonly read: ReadonlyMap<string, number>;
	/** objects of other kinds */
	readonly passedOver: ReadonlyMap<string, number>;
}

/**
 * Turns documents that nobody has looked at into a ClusterState that can be trusted.
 * Whatever is wrong with one object is a problem of that object: it is left out and the rest is read.
 * @param behaviour what the cluster's release reads of an object
 */
export function intake(documents: readonly Document[], behaviour: Behaviour): Intake {
	const problems: Problem[] = [];
	const report: Report = (problem) => problems.push(problem);
	const { objects, passedOver } = sortDocuments(documents, report);
	const nodes = (objects.get('Node') ?? []).flatMap((object) => readNode(object, report) ?? []);
	const services = readServices(objects, nodes, behaviour, report);
	const state: ClusterState = {
		services: withoutLoops(settleClaims(services, report), report),
		nodes,
		serviceCidrs: readServiceCidrs(behaviour.serviceCidrs ? (objects.get('ServiceCIDR') ?? []) : [], report),
	};
	reportHijacks(state, report);
	const read = new Map([...objects].map(([kind, found]) => [kind, found.length]));
	return { state, problems, read, passedOver };
}

/** Services with the endpoints that their slices name; one that has no slice at all gets those that its Pods make. */
function readServices(
	objects: Sorted['objects'],
	nodes: readonly Node[],
	behaviour: Behaviour,
	report: Report,
): Service[] {
	const services = objects.get('Service') ?? [];
	const visible = (objects.get('EndpointSlice') ?? []).filter((object) => !isHiddenFromProxies(object, behaviour));
	const slicesOf = slicesByService(visible, new Set(services.map(serviceKey)), report);
	const pods = (objects.get('Pod') ?? []).flatMap((object) => readPod(object, report) ?? []);
	return services
		.filter((object) => !isHiddenFromProxies(object, behaviour))
		.flatMap((object) => {
			const service = readService(object, behaviour, report);
			if (service === null) return [];
			const slices = slicesOf.get(serviceKey(object))?.flatMap((slice) => readSlice(slice, report) ?? []);
			return [withEndpoints(service, slices ?? slicesFromPods(object, pods, nodes, behaviour), behaviour)];
		});
}
