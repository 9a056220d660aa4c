import type { Rule } from './rule.ts';
import { CLUSTER_RULES } from './rules/cluster.ts';
import { EXPOSURE_RULES } from './rules/exposure.ts';
import { REACH_RULES } from './rules/reach.ts';
import { TRAFFIC_RULES } from './rules/traffic.ts';

const RULES = { ...REACH_RULES, ...EXPOSURE_RULES, ...TRAFFIC_RULES, ...CLUSTER_RULES };

/** The ids of all findings there are. They are stable and never used again for something else. */
export type FindingId = keyof typeof RULES;

export const FINDING_IDS: readonly FindingId[] = Object.keys(RULES).filter(isFindingId);

/** What is declared of a kind of finding. */
export function ruleOf(id: FindingId): Rule {
	return RULES[id];
}

/** Whether there are findings of this id. */
export function isFindingId(text: string): text is FindingId {
	return Object.hasOwn(RULES, text);
}
