import type { Endpoint } from '../model/cluster-state.ts';
import { localPolicies, type Subject } from './subject.ts';

/** Whether any record of the service port has a hint of a kind. */
export function hasHints({ records }: Subject, kind: 'zoneHints' | 'nodeHints'): boolean {
	return records.some((endpoint) => endpoint[kind].length > 0);
}

/** Why hints do not narrow the cluster endpoints, as view/topology.ts found out. */
export function whyNoHints(subject: Subject): string {
	const reasons = [whyNoNodeHints(subject), whyNoZoneHints(subject)].flatMap((reason) => reason ?? []);
	return [...new Set(reasons)].join(', ');
}

/** Why hints for nodes do not decide though endpoints have some; null where none has. */
export function whyNoNodeHints(subject: Subject): string | null {
	const reason = subject.decision.found.topology?.withoutNodeHints ?? null;
	return reason === null || !hasHints(subject, 'nodeHints') ? null : inOwnWords(reason, 'node', subject);
}

function whyNoZoneHints(subject: Subject): string | null {
	const reason = subject.decision.found.topology?.withoutZoneHints ?? null;
	return reason === null ? null : inOwnWords(reason, 'zone', subject);
}

/** Says which hints are meant, and calls the node `this node`, so that nodes with the same answer have the same words. */
function inOwnWords(reason: string, kind: 'node' | 'zone', { place }: Subject): string {
	const own = `node ${place.here.node}`;
	const unnamed =
		reason === `no endpoint is hinted for ${own}` || reason === `${own} has no zone`
			? reason.replace(own, 'this node')
			: reason;
	return unnamed
		.replace(/ has (?:none|any)$/, (has) => ` has ${has === ' has any' ? 'a' : 'no'} hint for a ${kind}`)
		.replace(' uses none unless ', ' uses no hints unless ');
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
