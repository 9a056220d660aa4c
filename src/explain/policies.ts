import { cidrText, familyName, IP_FAMILIES } from '../model/ip.ts';
import { beatsHints, hasHints, whyNoHints, whyNoNodeHints } from './hints.ts';
import { isConfined, localPolicies, type Subject } from './subject.ts';
import { listed } from './words.ts';

/** Whether a policy decides anything here: it does, another one took precedence, or there is nothing to decide. */
export type Force = 'in force' | 'beaten' | 'no effect';

/** A policy of a Service, and what it comes to at a node. */
export interface Policy {
	/** the field or annotation */
	readonly policy: string;
	readonly value: string;
	readonly force: Force;
	/** what took precedence; null where nothing did */
	readonly beatenBy: string | null;
	readonly sentence: string;
}

/** The policies of a service port in the order in which they are decided, with which one beat which. */
export function explainPolicies(subject: Subject): readonly Policy[] {
	return [sourceRanges, internalPolicy, externalPolicy, annotation, distribution, hints, affinity].flatMap(
		(explain) => explain(subject) ?? [],
	);
}

type Explained = Policy | null;

function of(policy: string, value: string, force: 'in force' | 'no effect', sentence: string): Policy {
	return { policy, value, force, beatenBy: null, sentence };
}

function beaten(policy: string, value: string, beatenBy: string, sentence: string): Policy {
	return { policy, value, force: 'beaten', beatenBy, sentence };
}

function sourceRanges({ service, view, place }: Subject): Explained {
	const about = 'loadBalancerSourceRanges';
	const { family } = place.here;
	const own = service.sourceRanges[family];
	if (own === null && IP_FAMILIES.every((each) => service.sourceRanges[each] === null)) return null;
	if (own === null) return of(about, `none for ${familyName(family)}`, 'no effect', 'everybody may come in');
	const value = own.length === 0 ? 'none can be read' : listed(own.map(cidrText));
	if (view.loadBalancerIps.length === 0) return of(about, value, 'no effect', 'there is no load-balancer IP');
	return of(about, value, 'in force', 'others are dropped, before anything else decides');
}

function internalPolicy(subject: Subject): Policy {
	const { service, view } = subject;
	const value = service.internalTrafficPolicy;
	const is = (force: 'in force' | 'no effect', sentence: string) => of('internalTrafficPolicy', value, force, sentence);
	if (isConfined(subject)) return is('in force', 'all traffic, from outside too, goes to endpoints on this node only');
	if (view.clusterIp === null) return is('no effect', 'there is no ClusterIP');
	if (value === 'Cluster') return is('in force', 'traffic to the ClusterIP may go to endpoints on any node');
	return is('in force', 'traffic to the ClusterIP goes to endpoints on this node only');
}

function externalPolicy({ service, view, place }: Subject): Explained {
	const value = service.externalTrafficPolicy;
	const about = 'externalTrafficPolicy';
	if (view.external === null) {
		return value === 'Cluster' ? null : of(about, value, 'no effect', 'there is no address for clients outside');
	}
	if (value === 'Cluster') {
		return of(about, value, 'in force', 'traffic to external addresses may go to endpoints on any node');
	}
	const inside = place.podsKnown ? 'pods and the node itself go by Cluster' : 'only the node itself goes by Cluster';
	const sentence = `clients outside reach endpoints on this node only; ${inside}`;
	return of(about, value, 'in force', sentence);
}

/** The annotation topology-mode, or the older topology-aware-hints (KEP-2433). */
function annotation(subject: Subject): Explained {
	const { service, place } = subject;
	const { autoHints, release, zoneHints } = place.behaviour;
	const about = 'topology annotation';
	if (service.topologyMode === null) return null;
	if (service.topologyMode === 'auto') {
		if (autoHints) return asking(subject, about, 'Auto', "asks for endpoints in proportion to the zones' CPU");
		return of(about, 'Auto', 'no effect', `Kubernetes ${release} makes no hints for it without TopologyAwareHints`);
	}
	const value = 'not Auto';
	return zoneHints === 'annotated'
		? asking(subject, about, value, 'asks for no hints, but lets those there are be used')
		: of(about, value, 'no effect', 'only Auto asks for hints');
}

/** trafficDistribution (KEP-4444, KEP-3015). */
function distribution(subject: Subject): Explained {
	const { trafficDistribution: value, topologyMode } = subject.service;
	const about = 'trafficDistribution';
	if (value === null) return null;
	if (topologyMode === 'auto') return beaten(about, value, 'topology annotation: Auto', 'the annotation comes first');
	const preference = value === 'PreferSameNode' ? "on the client's node, else in its zone" : "in the client's zone";
	return asking(subject, about, value, `asks for endpoints ${preference}`);
}

/** A policy that works through hints: it is worth what the hints are. */
function asking(subject: Subject, policy: string, value: string, wish: string): Policy {
	const by = beatsHints(subject);
	if (by !== null) return beaten(policy, value, by, `${wish}, but a Local policy comes first`);
	const { topology } = subject.decision.found;
	if (topology?.mode === 'none') return of(policy, value, 'no effect', `${wish}, but ${whyNoHints(subject)}`);
	return of(policy, value, 'in force', `${wish}${exceptLocal(subject)}`);
}

/** A Local policy takes its own traffic out of what hints narrow. */
function exceptLocal({ decision }: Subject): string {
	return decision.uses.local ? `; beaten by ${localPolicies(decision)} for its own traffic` : '';
}

/** Which hints there are, whether kube-proxy uses them, and whence they come (kube-proxy `pkg/proxy/topology.go` topologyModeFromHints). */
function hints(subject: Subject): Explained {
	const { service, place, decision } = subject;
	const { trafficDistribution, topologyMode, hintsComputed } = service;
	const asked = trafficDistribution !== null || topologyMode === 'auto';
	const there = hasHints(subject, 'zoneHints') || hasHints(subject, 'nodeHints');
	if (!asked && !there) return null;
	const value = there ? (hintsComputed ? 'computed' : 'in the slices') : 'none';
	const stray = there && !asked ? '; nothing in the Service asks for them' : '';
	const by = beatsHints(subject);
	if (by !== null) return beaten('hints', value, by, `a Local policy comes first${stray}`);
	const mode = decision.found.topology?.mode ?? 'none';
	if (mode === 'none') {
		return of('hints', value, 'no effect', `${whyNoHints(subject)}: every ready endpoint is used${stray}`);
	}
	const without = whyNoNodeHints(subject);
	const which = mode === 'same-node' ? 'this node' : `zone ${place.here.zone ?? '""'}`;
	const instead = without === null ? '' : ` (${without})`;
	return of('hints', value, 'in force', `only endpoints hinted for ${which} are used${instead}${stray}`);
}

function affinity({ service }: Subject): Explained {
	const seconds = service.affinitySeconds;
	if (seconds === null) return null;
	const sentence = `a client goes to the same endpoint again until ${seconds} s after its last connection`;
	return of('sessionAffinity', 'ClientIP', 'in force', sentence);
}
