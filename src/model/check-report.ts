import type { FindingSeverity } from './change-set.ts';
import type { Origin, TextPlace } from './problem.ts';

// What a check of one cluster found. Every report of it is made of this and of nothing else.

/** What is looked at: the input, the rules made of it, traps in its policies, what its writers assert, the kernel's own word. */
export type CheckLevel = 'input' | 'ruleset' | 'policy' | 'assertion' | 'kernel';

/** A connection that shows a result. */
export interface CheckWitness {
	readonly node: string;
	/** `pod 10.244.1.9 → shop/web:http (10.96.0.10:80/tcp)` */
	readonly connection: string;
	/** what becomes of it: `refused`, `2 endpoints: 10.244.1.5:8080, 10.244.2.5:8080` */
	readonly outcome: string;
	/** the arguments of the command that shows why; null where none can */
	readonly command: readonly string[] | null;
}

/** One thing that was looked at. */
export interface CheckResult {
	/** stable, never reused: `unreachable-rule`; a problem's code at the level `input` */
	readonly id: string;
	readonly level: CheckLevel;
	/** how much it matters when it failed */
	readonly severity: FindingSeverity;
	readonly status: 'failed' | 'ok' | 'skipped';
	/** `Service shop/web`, an assertion's name; null where it is about nothing of its own */
	readonly object: string | null;
	/** what is wrong, what holds, or why nobody looked */
	readonly sentence: string;
	/** where it stands in the input; null where nobody wrote it */
	readonly origin: Origin | TextPlace | null;
	/** nodes that have it, sorted bytewise; empty where it is not about nodes */
	readonly nodes: readonly string[];
	readonly hint: string | null;
	readonly witness: CheckWitness | null;
	/** 12 hex digits that survive rebases, moved lines and other nodes */
	readonly fingerprint: string;
}

/** A result before all results are known, which its fingerprint depends on. */
export type CheckDraft = Omit<CheckResult, 'fingerprint'>;

/** Whether a level was looked at: `not-asked` where nobody wanted it, `skipped` where it was wanted and could not be. */
export interface LevelState {
	readonly level: CheckLevel;
	readonly state: 'run' | 'skipped' | 'not-asked';
	/** why it was not run; null where it was */
	readonly reason: string | null;
}

/** All that was found in one cluster. */
export interface CheckReport {
	/** as the user named it: `deploy` */
	readonly source: string;
	/** the cluster's release, `1.37` */
	readonly release: string;
	readonly nodes: number;
	readonly services: number;
	/** in the order of the levels */
	readonly levels: readonly LevelState[];
	/** by level, what failed first; within these by severity, object, id and sentence, assertions as in their file */
	readonly results: readonly CheckResult[];
	/** what keeps the answer from being complete, one sentence each */
	readonly gaps: readonly string[];
}

/** The places of results, as editors count lines and columns, both from 1. */
export type CheckPlaces = ReadonlyMap<Origin | TextPlace, { readonly line: number; readonly column: number }>;
