import type { Protocol, ServicePortId } from './cluster-state.ts';
import type { IpFamily } from './ip.ts';

/** The rules of one node: the one thing that rendering, tracing and comparing read. */
export interface Ruleset {
	readonly kind: 'ruleset';
	readonly node: string;
	readonly zone: string | null;
	readonly tables: readonly Table[];
}

export interface Table {
	readonly kind: 'table';
	readonly family: IpFamily;
	readonly name: string;
	readonly comment: string;
	readonly sets: readonly NamedSet[];
	readonly maps: readonly VerdictMap[];
	readonly chains: readonly Chain[];
}

/** Something a packet carries that can be compared or looked up; `protocol` is the transport protocol. */
export type Field = 'saddr' | 'daddr' | 'protocol' | 'dport';

export interface NamedSet {
	readonly kind: 'set';
	readonly name: string;
	readonly comment: string | null;
	readonly fields: readonly Field[];
	/** Whether elements may be networks; nft's `flags interval`. */
	readonly interval: boolean;
	/** Seconds after which an element that packets added is forgotten; null for a set that packets do not change. */
	readonly timeout: number | null;
	readonly elements: readonly SetElement[];
}

/** An element; its key has one text for each field of its set. */
export interface SetElement {
	readonly key: readonly string[];
}

export interface VerdictMap {
	readonly kind: 'map';
	readonly name: string;
	readonly comment: string;
	readonly fields: readonly Field[];
	readonly elements: readonly MapElement[];
}

export interface MapElement {
	readonly key: readonly string[];
	readonly verdict: Goto | Drop;
	readonly owner: ServicePortId;
	readonly note: string | null;
}

export interface Chain {
	readonly kind: 'chain';
	readonly name: string;
	readonly comment: string | null;
	readonly hook: Hook | null;
	/** The service port it belongs to; null for the chains that every ruleset has. */
	readonly owner: ServicePortId | null;
	readonly rules: readonly Rule[];
}

/** Where the kernel enters a base chain. Priorities are the kernel's numbers: -110 is before DNAT, 0 is `filter`. */
export interface Hook {
	readonly type: 'filter' | 'nat';
	readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
	readonly priority: number;
}

/** All of `when` must hold; then the actions run in order. */
export interface Rule {
	readonly kind: 'rule';
	readonly when: readonly Match[];
	readonly then: readonly Action[];
	readonly note: string | null;
}

export type Match = Compare | Among | Member | Interface | Local | NewConnection | Rewritten | Marked | Chance;

export interface Compare {
	readonly kind: 'compare';
	readonly field: Field;
	readonly negate: boolean;
	readonly value: string;
}

/** The field is (or, negated, is not) one of several values. */
export interface Among {
	readonly kind: 'among';
	readonly field: Field;
	readonly negate: boolean;
	readonly values: readonly string[];
}

export interface Member {
	readonly kind: 'member';
	readonly fields: readonly Field[];
	readonly negate: boolean;
	readonly set: string;
}

/** The packet came in by this interface; a trailing `*` stands for any ending. */
export interface Interface {
	readonly kind: 'interface';
	readonly negate: boolean;
	readonly name: string;
}

/** The address is one of the node's own. */
export interface Local {
	readonly kind: 'local';
	readonly field: 'saddr' | 'daddr';
}

/** The packet opens a connection. */
export interface NewConnection {
	readonly kind: 'new-connection';
}

/** The destination of the packet's connection was rewritten. */
export interface Rewritten {
	readonly kind: 'rewritten';
}

export interface Marked {
	readonly kind: 'marked';
	readonly mask: string;
}

/** Holds for one packet in `of`, drawn at random. */
export interface Chance {
	readonly kind: 'chance';
	readonly of: number;
}

export type Action =
	| Goto
	| Jump
	| Return
	| Drop
	| Reject
	| Dispatch
	| Dnat
	| Spread
	| Mark
	| Unmark
	| Masquerade
	| Remember;

export interface Goto {
	readonly kind: 'goto';
	readonly chain: string;
}

export interface Jump {
	readonly kind: 'jump';
	readonly chain: string;
}

export interface Return {
	readonly kind: 'return';
}

export interface Drop {
	readonly kind: 'drop';
}

export interface Reject {
	readonly kind: 'reject';
}

/** Looks the fields up in a verdict map and does what its element says; goes on when there is none. */
export interface Dispatch {
	readonly kind: 'dispatch';
	readonly fields: readonly Field[];
	readonly map: string;
}

/** Rewrites the destination of the connection. The protocol is said again because nft wants it beside a port. */
export interface Dnat {
	readonly kind: 'dnat';
	readonly protocol: Protocol;
	readonly target: string;
}

/** Rewrites the destination to one of the targets, each as likely as the others. */
export interface Spread {
	readonly kind: 'spread';
	readonly protocol: Protocol;
	readonly targets: readonly SpreadTarget[];
}

export interface SpreadTarget {
	readonly index: number;
	readonly address: string;
	readonly port: number;
}

/** Sets the mark that asks for masquerading. */
export interface Mark {
	readonly kind: 'mark';
	readonly mask: string;
}

/** Takes that mark away. */
export interface Unmark {
	readonly kind: 'unmark';
	readonly mask: string;
}

export interface Masquerade {
	readonly kind: 'masquerade';
}

/** Adds the client's address to a set, or renews its time there. */
export interface Remember {
	readonly kind: 'remember';
	readonly set: string;
}
