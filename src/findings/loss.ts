import type { FlowChange, Treatment } from '../model/change-set.ts';
import type { Service, TrafficPolicy } from '../model/cluster-state.ts';
import { type Draft, draft, portObject } from './draft.ts';
import { isLetInOrOut, lastingFlows, type PortEvidence, type PortSide } from './evidence.ts';
import { listed, treatedAfter, treatedBefore } from './words.ts';

/**
 * Finds clients that reach nothing any more, or something again, at an address that stays. A refusal says that no endpoint
 * is left in the cluster, a drop that a Local policy finds none on the node (kube-proxy `pkg/proxy/nftables/proxier.go`).
 */
export function lossOf(evidence: PortEvidence): readonly Draft[] {
	const flows = lastingFlows(evidence).filter((flow) => !isLetInOrOut(flow));
	const refused = flows.filter(({ before, after }) => isKind(after, 'refused') && canReach(before));
	const dropped = flows.filter(({ before, after }) => isKind(after, 'dropped') && isKind(before, 'endpoints'));
	const back = flows.filter(({ before, after }) => isKind(before, 'dropped') && isKind(after, 'endpoints'));
	const recovered = [
		...flows.filter(({ before, after }) => isKind(before, 'refused') && canReach(after)),
		...(localPolicies(evidence.before, back) === null ? [] : back),
	];
	return [...blackholed(evidence, refused), ...withoutLocal(evidence, dropped), ...again(evidence, recovered)];
}

function isKind(treatment: Treatment, kind: Treatment['kind']): boolean {
	return treatment.kind === kind;
}

function canReach({ kind }: Treatment): boolean {
	return kind === 'endpoints' || kind === 'dropped';
}

function blackholed({ id }: PortEvidence, flows: readonly FlowChange[]): readonly Draft[] {
	if (flows.length === 0) return [];
	return [
		draft({
			id: 'service-blackholed',
			object: portObject(id),
			sentence: 'no endpoint is left; clients are refused',
			before: treatedBefore(flows),
			after: 'refused',
			identity: { before: 'endpoints', after: 'refused' },
			flows,
		}),
	];
}

function withoutLocal({ id, after }: PortEvidence, flows: readonly FlowChange[]): readonly Draft[] {
	const policies = localPolicies(after, flows);
	if (flows.length === 0 || policies === null) return [];
	return [
		draft({
			id: 'local-policy-blackhole',
			object: portObject(id),
			sentence: `${policies} finds no endpoint on these nodes; clients are dropped`,
			before: treatedBefore(flows),
			after: 'dropped',
			identity: { before: 'endpoints', after: `${policies} drops` },
			flows,
		}),
	];
}

function again({ id }: PortEvidence, flows: readonly FlowChange[]): readonly Draft[] {
	if (flows.length === 0) return [];
	return [
		draft({
			id: 'service-recovered',
			object: portObject(id),
			sentence: 'clients that reached no endpoint reach some now',
			before: treatedBefore(flows),
			after: treatedAfter(flows),
			identity: { before: listed(flows.map(({ before }) => before.kind)) ?? '', after: 'endpoints' },
			flows,
		}),
	];
}

/** `externalTrafficPolicy: Local`, or both policies where both ask for endpoints on the node; null where none does. */
function localPolicies(side: PortSide | null, flows: readonly FlowChange[]): string | null {
	if (side === null || flows.length === 0) return null;
	const local = policiesOf(side.service).filter(({ policy }) => policy === 'Local');
	const asked = local.filter(({ inside }) => flows.some(({ frontend }) => (frontend.kind === 'cluster-ip') === inside));
	// Before Kubernetes 1.24 the policy for one kind of traffic decided about the other too.
	const named = (asked.length === 0 ? local : asked).map(({ name }) => name);
	return named.length === 0 ? null : `${named.join(' and ')}: Local`;
}

interface Policy {
	readonly name: string;
	readonly policy: TrafficPolicy;
	/** whether it is for traffic to the ClusterIP */
	readonly inside: boolean;
}

function policiesOf({ internalTrafficPolicy, externalTrafficPolicy }: Service): readonly Policy[] {
	return [
		{ name: 'internalTrafficPolicy', policy: internalTrafficPolicy, inside: true },
		{ name: 'externalTrafficPolicy', policy: externalTrafficPolicy, inside: false },
	];
}
