import type { Service } from '../model/cluster-state.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import { type Draft, draft, portObject } from './draft.ts';
import { lastingFlows, numberOf, type PortEvidence, type PortSide } from './evidence.ts';

/**
 * Finds a port without endpoints whose Service has some at another port: none of the Pods has the port that it asks for.
 * @param isMissing whether Pods of the input tell so themselves, for Services of a single port
 */
export function targetPortsOf(
	evidence: PortEvidence,
	isMissing: { readonly base: (side: PortSide) => boolean; readonly head: (side: PortSide) => boolean },
): readonly Draft[] {
	const { before, after, id } = evidence;
	if (after === null) return [];
	const object = portObject(id);
	const was = before !== null && (isUnresolved(before) || isMissing.base(before));
	const is = isUnresolved(after) || isMissing.head(after);
	const number = numberOf(after.port);
	if (is && !was) {
		const sentence = `no Pod that it selects has the port that ${number} leads to`;
		const identity = { before: '', after: 'unresolved' };
		return [draft({ id: 'target-port-unresolved', object, sentence, identity, flows: lastingFlows(evidence) })];
	}
	if (!was || is) return [];
	const sentence = `its Pods have the port that ${number} leads to again`;
	const identity = { before: 'unresolved', after: '' };
	return [draft({ id: 'target-port-resolved', object, sentence, identity, flows: lastingFlows(evidence) })];
}

function isUnresolved({ service, port }: PortSide): boolean {
	return !hasEndpoints(port) && service.ports.some(hasEndpoints);
}

function hasEndpoints({ endpoints }: Service['ports'][number]): boolean {
	return IP_FAMILIES.some((family) => endpoints[family].length > 0);
}
