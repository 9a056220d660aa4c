import type { Behaviour } from '../model/behaviour.ts';
import type { ClusterState } from '../model/cluster-state.ts';
import type { Document } from '../model/document.ts';
import type { Problem } from '../model/problem.ts';
import { sortDocuments } from './documents.ts';
import type { Report } from './fields.ts';
import { reportHijacks } from './hijacks.ts';
import { readNode, readServiceCidrs } from './node.ts';
import { readServices, settle } from './services.ts';

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
	const state: ClusterState = {
		services: settle(readServices(objects, nodes, behaviour, report), report),
		nodes,
		serviceCidrs: readServiceCidrs(behaviour.serviceCidrs ? (objects.get('ServiceCIDR') ?? []) : [], report),
	};
	reportHijacks(state, report);
	const read = new Map([...objects].map(([kind, found]) => [kind, found.length]));
	return { state, problems, read, passedOver };
}
