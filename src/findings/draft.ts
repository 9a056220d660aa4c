import type { FindingObject, FlowChange } from '../model/change-set.ts';
import type { ServicePortId } from '../model/cluster-state.ts';
import { sortedBy } from '../model/order.ts';
import type { FindingId } from './catalogue.ts';

/** A finding as it is detected: what else a Finding has follows from it and from the input. */
export interface Draft {
	readonly id: FindingId;
	readonly object: FindingObject;
	readonly sentence: string;
	readonly before: string | null;
	readonly after: string | null;
	/** What tells this change from another one of the same id and object: no node names, pod addresses or counts. */
	readonly identity: { readonly before: string; readonly after: string };
	/** sorted bytewise */
	readonly nodes: readonly string[];
	readonly flows: readonly FlowChange[];
	/** null takes that of the id */
	readonly hint: string | null;
}

/** A draft that says nothing of what was before and after and has no hint of its own, unless told otherwise. */
export function draft(
	about: Pick<Draft, 'id' | 'object' | 'sentence'> &
		Partial<Pick<Draft, 'before' | 'after' | 'identity' | 'flows' | 'hint'>>,
): Draft {
	const flows = about.flows ?? [];
	return {
		before: null,
		after: null,
		identity: { before: '', after: '' },
		hint: null,
		...about,
		flows,
		nodes: nodesOf(flows),
	};
}

/** Sorted bytewise. */
function nodesOf(flows: readonly FlowChange[]): readonly string[] {
	return sortedBy(new Set(flows.flatMap(({ nodes }) => nodes)), (name) => name);
}

export function portObject({ namespace, service, port }: ServicePortId): FindingObject {
	return { kind: 'Service', namespace, name: service, port };
}

export function serviceObject(service: { readonly namespace: string; readonly name: string }): FindingObject {
	return { kind: 'Service', namespace: service.namespace, name: service.name, port: null };
}

export const CLUSTER: FindingObject = { kind: 'Cluster', namespace: null, name: null, port: null };

/** A finding's object in a line of text: `shop/web:http`, `shop/web`, `n1`, or nothing for the cluster. */
export function objectText({ namespace, name, port }: FindingObject): string {
	const named = namespace === null ? (name ?? '') : `${namespace}/${name}`;
	return port === null || port === '' ? named : `${named}:${port}`;
}
