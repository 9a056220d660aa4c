import { compareBytes } from '../model/order.ts';
import type { FamilyExplanation } from './explain.ts';

/** A node as a cohort names it. */
export interface Member {
	readonly name: string;
	readonly zone: string | null;
}

/** Nodes that give the same answer: the same endpoints, addresses and policies, for the same reasons. */
export interface Cohort {
	/** sorted bytewise by name, one at least */
	readonly nodes: readonly Member[];
	readonly families: readonly FamilyExplanation[];
}

/** Groups nodes by their answers, the largest group first, groups of one size by the name of their first node. */
export function cohorts(
	nodes: readonly Member[],
	explain: (node: string) => readonly FamilyExplanation[],
): readonly Cohort[] {
	const found = new Map<string, { nodes: Member[]; families: readonly FamilyExplanation[] }>();
	for (const node of [...nodes].sort((a, b) => compareBytes(a.name, b.name))) {
		const families = explain(node.name);
		const key = JSON.stringify(families);
		const cohort = found.get(key);
		if (cohort === undefined) found.set(key, { nodes: [node], families });
		else cohort.nodes.push(node);
	}
	// Sorting is stable, and cohorts were found in the order of their first nodes.
	return [...found.values()].sort((a, b) => b.nodes.length - a.nodes.length);
}
