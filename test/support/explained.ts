import { readServiceName } from '../../src/cli/read-ends.ts';
import { type Answer, answer, type Question } from '../../src/explain/answer.ts';
import { explainPort, type FamilyExplanation } from '../../src/explain/explain.ts';
import { placesOf } from '../../src/explain/place.ts';
import type { ClusterState } from '../../src/model/cluster-state.ts';
import type { Settings } from '../../src/model/settings.ts';
import { readCluster } from '../../src/pipeline.ts';
import type { Unresolved } from '../../src/trace/ends.ts';
import { documents, settings } from './objects.ts';

type Objects = readonly unknown[];

/** The cluster that objects make. */
export function clusterOf(objects: Objects, changes: Partial<Settings> = {}): ClusterState {
	return readCluster(documents(...objects), settings(changes)).state;
}

/** What node n1, or the one in the changes, makes of the first port of the first Service in IPv4. */
export function explained(objects: Objects, changes: Partial<Settings> = {}): FamilyExplanation {
	const state = clusterOf(objects, changes);
	const [service] = state.services;
	const [port] = service?.ports ?? [];
	if (service === undefined || port === undefined) throw new Error('no Service');
	const network = settings(changes);
	const [found] = explainPort(service, port, network.node, ['ip'], placesOf(state, network));
	if (found === undefined) throw new Error('no IPv4 address');
	return found;
}

/** The endpoints of an explanation in short: `10.244.1.5 cluster kept: ready=true`. */
export function verdictsOf({ endpoints }: FamilyExplanation): readonly string[] {
	return endpoints.flatMap(({ endpoint, verdicts }) =>
		(['cluster', 'local'] as const).flatMap((choice) => {
			const verdict = verdicts[choice];
			if (verdict === null) return [];
			return [`${endpoint.address} ${choice} ${verdict.kept ? 'kept' : 'left out'}: ${verdict.sentence}`];
		}),
	);
}

/** What is answered to a question about a Service, which asks for nothing unless told. */
export function asked(
	target: string,
	question: Partial<Question>,
	objects: Objects,
	changes: Partial<Settings> = {},
): Answer | Unresolved {
	const nothing = { node: null, allNodes: false, overload: false, weights: new Map(), family: null };
	const whole = { ...nothing, name: readServiceName(target), ...question };
	return answer(whole, clusterOf(objects, changes), settings(changes));
}

/** The same, where the names are known to lead somewhere. */
export function answered(...question: Parameters<typeof asked>): Answer {
	const found = asked(...question);
	if ('unresolved' in found) throw new Error(found.unresolved);
	return found;
}
