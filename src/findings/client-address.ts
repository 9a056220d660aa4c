import type { FlowChange, Treatment } from '../model/change-set.ts';
import { parseSocket } from '../model/ip.ts';
import { type Draft, draft, portObject } from './draft.ts';
import { isLetInOrOut, lastingFlows, type PortEvidence } from './evidence.ts';
import { listed } from './words.ts';

/** Finds whether endpoints come to see a node's address instead of the client's, or the other way round. */
export function clientAddressOf(evidence: PortEvidence): readonly Draft[] {
	const { id } = evidence;
	const flows = servedFlows(evidence);
	const hairpin = flows.filter(isOnlyHairpin);
	const others = flows.filter((flow) => !isOnlyHairpin(flow));
	const about = { object: portObject(id) };
	const hidden = others.filter(({ before, after }) => masks(before, after));
	const kept = others.filter(({ before, after }) => masks(after, before));
	const kinds = (found: readonly FlowChange[]) => listed(found.map(({ frontend }) => frontend.kind)) ?? '';
	return [
		...(hidden.length === 0
			? []
			: [
					draft({
						...about,
						id: 'client-ip-hidden',
						sentence: "the endpoints see a node's address instead of the client's",
						before: "the client's address",
						after: "a node's address",
						identity: { before: 'kept', after: `hidden at ${kinds(hidden)}` },
						flows: hidden,
					}),
				]),
		...(kept.length === 0
			? []
			: [
					draft({
						...about,
						id: 'client-ip-preserved',
						sentence: "the endpoints see the client's address instead of a node's",
						before: "a node's address",
						after: "the client's address",
						identity: { before: 'hidden', after: `kept at ${kinds(kept)}` },
						flows: kept,
					}),
				]),
		...(hairpin.length === 0
			? []
			: [
					draft({
						...about,
						id: 'hairpin-changed',
						sentence: 'whether an endpoint that reaches itself is masqueraded changes',
						identity: { before: 'hairpin', after: 'hairpin' },
						flows: hairpin,
					}),
				]),
	];
}

/** The flows to endpoints on both sides, at addresses that stay. */
export function servedFlows(evidence: PortEvidence): readonly FlowChange[] {
	const isServed = ({ before, after }: FlowChange) => before.kind === 'endpoints' && after.kind === 'endpoints';
	return lastingFlows(evidence).filter((flow) => isServed(flow) && !isLetInOrOut(flow));
}

/** Whether endpoints come to see another client's address. */
export function changesClientAddress({ before, after }: FlowChange): boolean {
	return masks(before, after) || masks(after, before);
}

/** Whether an endpoint of both comes to be masqueraded; where there is none of both, whether one is where none was. */
function masks(before: Treatment, after: Treatment): boolean {
	const old = new Map(before.endpoints.map(({ target, masqueraded }) => [target, masqueraded]));
	const common = after.endpoints.filter(({ target }) => old.has(target));
	if (common.length > 0) return common.some(({ target, masqueraded }) => masqueraded && old.get(target) === false);
	return (
		after.endpoints.some(({ masqueraded }) => masqueraded) && !before.endpoints.some(({ masqueraded }) => masqueraded)
	);
}

/** Whether masquerading changes for nothing but an endpoint that reaches itself. */
function isOnlyHairpin(flow: FlowChange): boolean {
	const { client, before, after } = flow;
	if (client.kind !== 'endpoint') return false;
	const withoutItself = (treatment: Treatment): Treatment => ({
		...treatment,
		endpoints: treatment.endpoints.filter(({ target }) => parseSocket(target).address !== client.witness),
	});
	const others = { ...flow, before: withoutItself(before), after: withoutItself(after) };
	return changesClientAddress(flow) && !changesClientAddress(others);
}
