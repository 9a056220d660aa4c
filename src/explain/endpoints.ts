import type { Endpoint } from '../model/cluster-state.ts';
import { hasHints, hintedElsewhere, whyNoHints, whyNoNodeHints } from './hints.ts';
import { isConfined, localPolicies, type Subject } from './subject.ts';

/** The two lists that traffic asks for, in kube-proxy's words: cluster endpoints and local endpoints. */
export type Choice = 'cluster' | 'local';

/** The field of an endpoint that decided about it; `address` where another record of the same address came first. */
export type DecidingField = 'conditions' | 'hints.forZones' | 'hints.forNodes' | 'nodeName' | 'address';

/** Whether an endpoint is in a list, and why, in one sentence. */
export interface Verdict {
	readonly kept: boolean;
	readonly field: DecidingField;
	readonly sentence: string;
}

/** An endpoint and what was decided about it, null for a list that no traffic here asks for. */
export interface EndpointExplanation {
	readonly endpoint: Endpoint;
	readonly verdicts: Readonly<Record<Choice, Verdict | null>>;
}

/**
 * Says of every record of the service port why it is or is not in the lists. The lists themselves are those of
 * view/categorize-endpoints.ts (kube-proxy `pkg/proxy/topology.go` CategorizeEndpoints); only the reasons are found here.
 */
export function explainEndpoints(subject: Subject): readonly EndpointExplanation[] {
	const { uses, found } = subject.decision;
	const kept = { cluster: new Set(found.cluster), local: new Set(found.local) };
	const reasons = { cluster: clusterReasons(subject), local: localReasons(subject) };
	const verdict = (endpoint: Endpoint, choice: Choice): Verdict | null => {
		if (!uses[choice]) return null;
		if (kept[choice].has(endpoint)) return { kept: true, ...reasons[choice].kept(endpoint) };
		return { kept: false, ...(notACandidate(endpoint, subject) ?? reasons[choice].leftOut(endpoint)) };
	};
	return subject.records.map((endpoint) => {
		return { endpoint, verdicts: { cluster: verdict(endpoint, 'cluster'), local: verdict(endpoint, 'local') } };
	});
}

type Reason = Omit<Verdict, 'kept'>;

interface Reasons {
	readonly kept: (endpoint: Endpoint) => Reason;
	readonly leftOut: (endpoint: Endpoint) => Reason;
}

/** Why policies never came to choose about a record; null where they did. */
function notACandidate(endpoint: Endpoint, subject: Subject): Reason | null {
	const chosen = subject.candidates.get(endpoint.target);
	if (chosen === endpoint) return null;
	const { node } = subject.place.here;
	if (chosen !== undefined) {
		const why = chosen.node === node ? 'another record of it is on this node' : 'another record of it comes first';
		return { field: 'address', sentence: `the address counts once, and ${why}` };
	}
	return isConfined(subject) ? elsewhere(endpoint, 'internalTrafficPolicy: Local') : conditions(endpoint);
}

function clusterReasons(subject: Subject): Reasons {
	const unless = drainingNote(subject, 'no endpoint is ready');
	const byHints = hintReason(subject);
	return {
		kept: (endpoint) => (endpoint.ready ? (byHints ?? ready(endpoint)) : draining('no endpoint is ready')),
		leftOut: (endpoint) => {
			if (!endpoint.ready) return conditions(endpoint, unless);
			const sameNode = subject.decision.found.topology?.mode === 'same-node';
			const field = sameNode ? 'hints.forNodes' : 'hints.forZones';
			return { field, sentence: hintedElsewhere(endpoint, subject) };
		},
	};
}

/** What hints have to do with ready endpoints that are in the cluster list, the same for all; null where there are none. */
function hintReason(subject: Subject): Reason | null {
	const { topology } = subject.decision.found;
	if (topology?.mode === 'same-node') return { field: 'hints.forNodes', sentence: 'hints name this node' };
	if (topology?.mode === 'same-zone') {
		const without = whyNoNodeHints(subject);
		const zone = `hints name zone ${subject.place.here.zone ?? '""'}`;
		return { field: 'hints.forZones', sentence: without === null ? zone : `${zone} (${without})` };
	}
	if (!hasHints(subject, 'zoneHints') && !hasHints(subject, 'nodeHints')) return null;
	const refused = subject.hintRules.withoutZoneHints !== null;
	return {
		field: 'hints.forZones',
		sentence: `${refused ? 'hints are not used' : 'fallback'}: ${whyNoHints(subject)}`,
	};
}

function localReasons(subject: Subject): Reasons {
	const unless = drainingNote(subject, 'no endpoint here is ready');
	const policies = localPolicies(subject.decision);
	return {
		kept: (endpoint) => (endpoint.ready ? onThisNode(endpoint) : draining('no endpoint here is ready')),
		leftOut: (endpoint) => {
			const here = endpoint.node === subject.place.here.node;
			return here ? conditions(endpoint, unless) : elsewhere(endpoint, policies);
		},
	};
}

/** With publishNotReadyAddresses an endpoint is ready whatever its other conditions are: those that surprise are said. */
function ready({ serving, terminating }: Endpoint): Reason {
	const surprises = `${serving ? '' : ', serving=false'}${terminating ? ', terminating=true' : ''}`;
	return { field: 'conditions', sentence: `ready=true${surprises}` };
}

function onThisNode(endpoint: Endpoint): Reason {
	return { field: 'nodeName', sentence: `${ready(endpoint).sentence}, on this node` };
}

function elsewhere({ node }: Endpoint, policies: string): Reason {
	const where = node === null ? 'endpoint has no nodeName' : `endpoint is on ${node}`;
	return { field: 'nodeName', sentence: `${policies}, ${where}` };
}

function draining(why: string): Reason {
	return { field: 'conditions', sentence: `serving while it terminates; ${why}` };
}

/** @param unless what is said of those that still serve while they terminate */
function conditions({ ready, serving, terminating }: Endpoint, unless: string | null = null): Reason {
	const given = `ready=${ready}, serving=${serving}, terminating=${terminating}`;
	const note = serving && terminating && unless !== null ? `: ${unless}` : '';
	return { field: 'conditions', sentence: `${given}${note}` };
}

/** When endpoints that still serve while they terminate are used (`ProxyTerminatingEndpoints`, KEP-1669). */
function drainingNote({ place: { behaviour }, decision: { externalLocal } }: Subject, when: string): string {
	if (behaviour.terminating && (behaviour.policiesApart || externalLocal)) return `used only while ${when}`;
	return `Kubernetes ${behaviour.release} does not use it${behaviour.terminating ? ' unless externalTrafficPolicy is Local' : ''}`;
}
