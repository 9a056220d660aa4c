import type { ClusterState, Service } from '../model/cluster-state.ts';
import type { Document } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { settleClaims } from './claims.ts';
import { type KubeObject, sortDocuments } from './documents.ts';
import { readSlice } from './endpoint-slice.ts';
import type { Report } from './fields.ts';
import { reportHijacks } from './hijacks.ts';
import { serviceKey, slicesByService, withEndpoints } from './join.ts';
import { withoutLoops } from './loops.ts';
import { readNode, readServiceCidrs } from './node.ts';
import { isHiddenFromProxies, readService } from './service.ts';

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
 */
export function intake(documents: readonly Document[]): Intake {
	const problems: Problem[] = [];
	const report: Report = (problem) => problems.push(problem);
	const { objects, passedOver } = sortDocuments(documents, report);
	const services = readServices(objects.get('Service') ?? [], objects.get('EndpointSlice') ?? [], report);
	const state: ClusterState = {
		services: withoutLoops(settleClaims(services, report), report),
		nodes: (objects.get('Node') ?? []).flatMap((object) => readNode(object, report) ?? []),
		serviceCidrs: readServiceCidrs(objects.get('ServiceCIDR') ?? [], report),
	};
	reportHijacks(state, report);
	const read = new Map([...objects].map(([kind, found]) => [kind, found.length]));
	return { state, problems, read, passedOver };
}

function readServices(services: readonly KubeObject[], slices: readonly KubeObject[], report: Report): Service[] {
	const proxied = services.filter((object) => !isHiddenFromProxies(object));
	const visible = slices.filter((object) => !isHiddenFromProxies(object));
	const slicesOf = slicesByService(visible, new Set(services.map(serviceKey)), report);
	return proxied.flatMap((object) => {
		const service = readService(object, report);
		if (service === null) return [];
		const own = (slicesOf.get(serviceKey(object)) ?? []).flatMap((slice) => readSlice(slice, report) ?? []);
		return [withEndpoints(service, own)];
	});
}
