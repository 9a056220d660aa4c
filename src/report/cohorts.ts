import type { NodeCohort } from '../model/change-set.ts';
import { counted, thousands } from './counts.ts';
import { cohortName } from './words.ts';

/** How many rules come and leave on a node of a cohort: `+38 −12 rules`. */
export function cohortRulesText({ rules: { added, removed } }: NodeCohort): string {
	return added + removed === 0 ? 'no rules' : `+${thousands(added)} −${thousands(removed)} rules`;
}

/** A cohort in one line: `cohort B  4 nodes, pool=edge: 6 findings, +36 −12 rules`. */
export function cohortSummary(cohort: NodeCohort): string {
	return `cohort ${cohort.id}  ${counted(cohort.nodes.length, 'node')}, ${cohortName(cohort)}: ${cohortChanges(cohort)}`;
}

/** What a cohort's nodes have: `6 findings, +36 −12 rules`. */
export function cohortChanges(cohort: NodeCohort): string {
	const { fingerprints, rules } = cohort;
	if (fingerprints.length + rules.added + rules.removed === 0) return 'no change';
	return `${counted(fingerprints.length, 'finding')}, ${cohortRulesText(cohort)}`;
}
