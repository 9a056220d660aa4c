import { compare } from '../../src/diff/compare.ts';
import type { Comparison } from '../../src/diff/comparison.ts';
import type { FlowChange, Treatment } from '../../src/model/change-set.ts';
import { servicePortName } from '../../src/model/cluster-state.ts';
import type { Settings } from '../../src/model/settings.ts';
import { readCluster } from '../../src/pipeline.ts';
import { documents, settings } from './objects.ts';

/** Compares two lists of Kubernetes objects. */
export function compared(
	before: readonly unknown[],
	after: readonly unknown[],
	changes: Partial<Settings> = {},
): Comparison {
	const all = settings(changes);
	const [ours, theirs] = [before, after].map((objects) => readCluster(documents(...objects), all).state);
	if (ours === undefined || theirs === undefined) throw new Error('two sides make a comparison');
	return compare(ours, theirs, all);
}

/** A flow change in a line: `shop/web:http cluster-ip 10.96.0.10:80 pod on n1,n2: 10.244.1.5:8080 → refused`. */
export function flowLine({ owner, frontend, client, nodes, before, after }: FlowChange): string {
	const address = `${frontend.address ?? 'node'}:${frontend.port ?? '*'}`;
	const allowed = [client.allowedBefore, client.allowedAfter].every((each) => each === null)
		? ''
		: ` (allowed ${client.allowedBefore} → ${client.allowedAfter})`;
	const ends = `${servicePortName(owner)} ${frontend.kind} ${address} ${client.kind}${allowed}`;
	return `${ends} on ${nodes.join()}: ${treatmentText(before)} → ${treatmentText(after)}`;
}

/** A treatment in short: `1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 masqueraded`, `refused`. */
export function treatmentText({ kind, endpoints, affinitySeconds }: Treatment): string {
	if (kind !== 'endpoints') return kind;
	const list = endpoints.map(
		({ target, share, masqueraded }) =>
			`${share === '1' ? '' : `${share} `}${target}${masqueraded ? ' masqueraded' : ''}`,
	);
	return `${list.join(', ')}${affinitySeconds === null ? '' : ` for ${affinitySeconds} s`}`;
}
