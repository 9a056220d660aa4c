import type { ChangeSet, NodeCohort } from '../model/change-set.ts';
import { counted } from './counts.ts';
import { plain, plainLines } from './escape.ts';
import { cohortName } from './words.ts';

/**
 * The rules that come and leave, as a unified diff of one node of each cohort.
 * @returns an empty text where no rule comes or leaves
 */
export function patchReport({ cohorts, text }: ChangeSet): string {
	return cohorts.map((cohort) => cohortPatch(cohort, text.get(cohort.id) ?? '')).join('');
}

function cohortPatch(cohort: NodeCohort, text: string): string {
	if (text === '') return '';
	const node = plain(cohort.representative);
	const lines = [
		`cohort ${cohort.id}: ${counted(cohort.nodes.length, 'node')}, ${plain(cohortName(cohort))}`,
		`--- base/${node}.nft`,
		`+++ head/${node}.nft`,
		plainLines(text).replace(/\n+$/, ''),
	];
	return `${lines.join('\n')}\n`;
}
