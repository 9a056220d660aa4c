import type { Endpoint } from '../model/cluster-state.ts';
import type { HintRefusal } from '../view/hint-rules.ts';
import { localPolicies, type Subject } from './subject.ts';

/** Whether any record of the service port has a hint of a kind. */
export function hasHints({ records }: Subject, kind: 'zoneHints' | 'nodeHints'): boolean {
	return records.some((endpoint) => endpoint[kind].length > 0);
}

/** Why hints do not narrow the cluster endpoints. */
export function whyNoHints(subject: Subject): string {
	const zone = subject.decision.found.topology?.withoutZoneHints ?? null;
	const reasons = [whyNoNodeHints(subject) ?? [], zone === null ? [] : inWords(zone, 'zone', subject)].flat();
	return [...new Set(reasons)].join(', ');
}

/** Why hints for nodes do not decide though endpoints have some; null where none has. */
export function whyNoNodeHints(subject: Subject): string | null {
	const refusal = subject.decision.found.topology?.withoutNodeHints ?? null;
	return refusal === null || !hasHints(subject, 'nodeHints') ? null : inWords(refusal, 'node', subject);
}

/** The node is `this node`, so that nodes with the same answer have the same words. */
function inWords(refusal: HintRefusal, kind: 'node' | 'zone', { place }: Subject): string {
	const { release } = place.behaviour;
	switch (refusal.why) {
		case 'release':
			return refusal.unless === null
				? `Kubernetes ${release} has no hints for ${kind}s`
				: `Kubernetes ${release} uses no hints unless ${refusal.unless}`;
		case 'none-ready':
			return 'no endpoint is ready';
		case 'none-hinted':
			return `no endpoint has a hint for a ${kind}`;
		case 'node-without-zone':
			return 'this node has no zone';
		case 'none-hinted-here':
			return `no endpoint is hinted for ${kind === 'node' ? 'this node' : `zone ${place.here.zone}`}`;
		case 'unhinted':
			return `${refusal.target} has no hint for a ${kind}`;
	}
}

/** Why an endpoint with no hint for this node or zone was left out: `hints name zone eu-1b, node is in eu-1a`. */
export function hintedElsewhere(endpoint: Endpoint, { place, decision }: Subject): string {
	if (decision.found.topology?.mode === 'same-node')
		return `hints name ${named('node', endpoint.nodeHints)}, not this one`;
	const { zone } = place.here;
	return `hints name ${named('zone', endpoint.zoneHints)}, node is in ${zone ?? 'no zone'}`;
}

function named(what: string, names: readonly string[]): string {
	const list = names.map((name) => (name === '' ? '""' : name)).join(', ');
	return `${what}${names.length === 1 ? '' : 's'} ${list}`;
}

/** Which policy leaves nothing for hints to narrow; null where something is left. */
export function beatsHints({ decision }: Subject): string | null {
	return decision.uses.cluster ? null : localPolicies(decision);
}
