import type { CheckDraft } from '../model/check-report.ts';
import { OUR_MISTAKE } from './catalogue.ts';
import { bare } from './result.ts';

/** What a real kernel made of the rulesets of some nodes, or why it was not asked. */
export type KernelAnswer =
	| { readonly kind: 'run'; readonly results: readonly KernelResult[] }
	| { readonly kind: 'skipped'; readonly why: string };

/** What it made of one node's ruleset. */
export interface KernelResult {
	readonly node: string;
	/** one sentence each; none where it holds what was rendered */
	readonly problems: readonly string[];
}

/** Tells which rulesets the kernel takes and holds as they were rendered, and what it makes of the others. */
export function kernelResults(answer: KernelAnswer | null): readonly CheckDraft[] {
	if (answer?.kind !== 'run') return [];
	return answer.results.flatMap(({ node, problems }): readonly CheckDraft[] => {
		const own = { ...bare('kernel', 'kernel', 'error'), object: `Node ${node}`, nodes: [node] };
		if (problems.length === 0)
			return [{ ...own, status: 'ok', sentence: 'the kernel holds its rules as they are rendered' }];
		return problems.map((sentence) => ({ ...own, status: 'failed', sentence, hint: OUR_MISTAKE }));
	});
}
