import type { FlowChange } from './change-set.ts';

// What real packets on a real kernel said of a comparison.

/** Connections of one class that were treated otherwise than the comparison says. */
export interface ReplayMismatch {
	readonly flow: FlowChange;
	readonly side: 'before' | 'after';
	readonly node: string;
	/** `SOURCE to ADDRESS:PORT/tcp` */
	readonly sent: string;
	/** what the comparison says, and what was seen, as texts that compare: `10.244.1.5:8080, sees the client` */
	readonly expected: readonly string[];
	readonly seen: readonly string[];
	/** the tracer's ways through the node's whole ruleset, each with its share, its steps and where it ends */
	readonly ways: readonly string[];
}

/** Packets that came out where nobody expects any. */
export interface ReplayStrays {
	readonly node: string;
	readonly side: 'before' | 'after';
	readonly addresses: readonly string[];
}

/** Flow changes that were not replayed, and why, in words that follow a number. */
export interface ReplaySkipped {
	readonly reason: string;
	readonly count: number;
}

/** Every changed flow class, once for the nodes that treat it alike, before and after. */
export interface Replay {
	readonly kind: 'replayed';
	/** flow changes that were sent; those that differ are among the mismatches, on one side or both */
	readonly sent: number;
	readonly agreeing: number;
	/** sorted bytewise */
	readonly nodes: readonly string[];
	readonly mismatches: readonly ReplayMismatch[];
	readonly strays: readonly ReplayStrays[];
	readonly skipped: readonly ReplaySkipped[];
}

/** It could not be tried. */
export interface NotReplayed {
	readonly kind: 'not-replayed';
	readonly why: string;
}
