import type { FindingSeverity } from '../model/change-set.ts';

/**
 * Lines of input that can bring a finding about, as `KIND PATH` without the places in lists: `Service spec.ports.nodePort`.
 * All that begins so counts; `KIND` alone is a whole object that came or left. `Workload` is whatever makes Pods.
 */
export type CauseTier = readonly string[];

/** What is declared of a kind of finding. */
export interface Rule {
	readonly severity: FindingSeverity;
	/** one of these is found where the sides are exchanged; empty with a waiver only */
	readonly mirrors: readonly string[];
	/** why there is no mirror; null where there is one */
	readonly waiver: string | null;
	/** what the reader can do; null where nothing is to be done */
	readonly hint: string | null;
	/** The likeliest first: lines of a later tier are named only where no earlier one has any. */
	readonly causes: readonly CauseTier[];
}

/** Rules by id, of which the compiler knows the ids. */
export function rules<Id extends string>(declared: Readonly<Record<Id, Rule>>): Readonly<Record<Id, Rule>> {
	return declared;
}
