import type { Protocol, ServicePortId } from './cluster-state.ts';
import type { IpFamily } from './ip.ts';
import type { Origin, Problem } from './problem.ts';

// What a comparison of two clusters found. Every report is made of this and of nothing else.

/** Who opens a connection, as far as rules can tell: a pod, a pod that is an endpoint of the Service itself, the node, anybody else. */
export type ClientKind = 'pod' | 'endpoint' | 'node' | 'outside';

/** Whether a client lies in the Service's source ranges; null where it has none on that side. */
export type Allowed = boolean | null;

/** Clients that all rules of a Service treat alike, on both sides. */
export interface ClientClass {
	readonly kind: ClientKind;
	readonly allowedBefore: Allowed;
	readonly allowedAfter: Allowed;
	/** an address of the class that stands for all of it */
	readonly witness: string;
}

/** `other-port` stands for all ports of a ClusterIP that the Service does not have. */
export type FrontendKind = 'cluster-ip' | 'external-ip' | 'load-balancer-ip' | 'node-port' | 'other-port';

/** An address and port at which a Service answers. */
export interface Frontend {
	readonly kind: FrontendKind;
	readonly family: IpFamily;
	/** Null for the node's own addresses. What the API server has yet to assign is a symbol: `‹clusterIP of shop/web›`. */
	readonly address: string | null;
	/** Null where it is every other port (other-port), or has yet to be assigned (node-port). */
	readonly port: number | null;
	readonly protocol: Protocol;
}

/** An endpoint of a treatment. */
export interface EndpointShare {
	/** `ADDRESS:PORT` */
	readonly target: string;
	/** exact: `1`, `1/3` */
	readonly share: string;
	readonly masqueraded: boolean;
}

/** What a node's rules do with new connections of one class. */
export interface Treatment {
	/** `untouched` leaves them to whoever has the address */
	readonly kind: 'endpoints' | 'refused' | 'dropped' | 'untouched';
	/** sorted bytewise by target; some where the kind is `endpoints` only */
	readonly endpoints: readonly EndpointShare[];
	/** how long a client stays with its endpoint; null without session affinity */
	readonly affinitySeconds: number | null;
}

/** Connections of one class that some nodes treat differently after the change. */
export interface FlowChange {
	readonly owner: ServicePortId;
	readonly frontend: Frontend;
	readonly client: ClientClass;
	/** that treat them so before and so after; sorted bytewise, one at least */
	readonly nodes: readonly string[];
	readonly before: Treatment;
	readonly after: Treatment;
}

/** How many flow classes were compared: kinds of client times frontends, on every node that both sides have. */
export interface FlowCount {
	readonly total: number;
	readonly changed: number;
}

/** How many rules and elements of a node's ruleset come and leave. */
export interface RuleCount {
	readonly added: number;
	readonly removed: number;
}

export type FindingSeverity = 'error' | 'warn' | 'info';

/** What a finding is about: a service port, a whole Service, a Node, or (all null) the cluster. */
export interface FindingObject {
	readonly kind: 'Service' | 'Node' | 'Cluster';
	readonly namespace: string | null;
	readonly name: string | null;
	/** of a service port; empty for one without a name, null for a whole Service */
	readonly port: string | null;
}

/** A line of input that differs between the sides, and brought a finding about. */
export interface Cause {
	/** the object that was changed: `Service shop/web` */
	readonly object: string;
	/** `spec.selector.app`; empty for a whole object that came or left */
	readonly path: string;
	/** the values, short and printable; null where there is none */
	readonly before: string | null;
	readonly after: string | null;
	/** where they stand; null where the side has none */
	readonly base: Origin | null;
	readonly head: Origin | null;
}

/** Why a finding does not count. */
export interface Waiver {
	readonly reason: string;
	/** the last day it holds, `2026-12-31` */
	readonly until: string;
}

/** One thing that changes, for people and gates. */
export interface Finding {
	/** stable, never reused: `service-blackholed` */
	readonly id: string;
	readonly severity: FindingSeverity;
	/** 12 hex digits that survive rebases, moved files and restarted Pods, and are equal on every node */
	readonly fingerprint: string;
	readonly object: FindingObject;
	/** what changes, in one sentence without the object's name: `no endpoint is left; clients are refused` */
	readonly sentence: string;
	/** in a few words each, such as `3 endpoints` and `refused`; null where nothing is said */
	readonly before: string | null;
	readonly after: string | null;
	/** sorted bytewise; empty where it is not about nodes */
	readonly nodes: readonly string[];
	/** what shows it; empty where no flow does */
	readonly flows: readonly FlowChange[];
	readonly causes: readonly Cause[];
	/** what the reader can do; null where nothing is to be done */
	readonly hint: string | null;
	readonly waiver: Waiver | null;
}

/** Nodes that have the same findings with the same rule counts. */
export interface NodeCohort {
	/** `A`, `B`, … the largest first */
	readonly id: string;
	/** sorted bytewise */
	readonly nodes: readonly string[];
	/** the nodes in short: `n[1-16,18]`, `n21` */
	readonly ranges: string;
	/** the smallest label selector that names exactly these among all nodes: `pool=edge`; null where none does */
	readonly selector: string | null;
	/** one that stands for all */
	readonly representative: string;
	/** of the findings, sorted */
	readonly fingerprints: readonly string[];
	readonly rules: RuleCount;
}

/** One side of the comparison. */
export interface Side {
	/** as the user named it: `git:main:deploy` */
	readonly source: string;
	/** the full commit; null where it is none */
	readonly commit: string | null;
	/** of everything that was read, `sha256:` and 64 hex digits */
	readonly digest: string;
}

/** Where the endpoints of Services come from, and how many Services have them so. */
export interface EndpointSources {
	/** from EndpointSlices of the manifests */
	readonly manifests: number;
	/** from captured EndpointSlices */
	readonly captured: number;
	/** computed from Pods, because there is no slice or the Service changed */
	readonly recomputed: number;
	/** nothing is known of them */
	readonly unknown: number;
}

/** What one cluster's state and another's differ in. */
export interface ChangeSet {
	readonly base: Side;
	readonly head: Side;
	/** the cluster's release, `1.37` */
	readonly release: string;
	readonly nodes: number;
	readonly services: { readonly changed: number; readonly unchanged: number };
	/** service ports of the head side */
	readonly endpoints: EndpointSources;
	readonly flows: FlowCount;
	/** errors first, then warnings, then the rest; within these by object and id */
	readonly findings: readonly Finding[];
	/** those without any change are one of them too */
	readonly cohorts: readonly NodeCohort[];
	/** rules and elements that stay as they are on the representative of the first cohort */
	readonly untouchedRules: number;
	/** of the rules of a representative node of each cohort, `@@`-headed unified text; by the cohort's id */
	readonly text: ReadonlyMap<string, string>;
	/** what was wrong with either side's input */
	readonly problems: { readonly base: readonly Problem[]; readonly head: readonly Problem[] };
	/** what keeps the answer from being complete, one sentence each */
	readonly gaps: readonly string[];
}

/** A gate that failed. */
export interface FailedGate {
	/** `--fail-on error`, `--max-removed-percent 30` */
	readonly gate: string;
	readonly sentence: string;
}

/** The places of causes, as editors count lines and columns, both from 1. */
export type Places = ReadonlyMap<Origin, { readonly line: number; readonly column: number }>;
