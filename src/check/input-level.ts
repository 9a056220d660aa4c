import type { CheckDraft } from '../model/check-report.ts';
import type { Problem } from '../model/problem.ts';
import { isCheckId } from './catalogue.ts';
import { bare } from './result.ts';

/** What is wrong with the input, as results under the problems' own codes. One that is a trap by itself is told there. */
export function inputLevel(problems: readonly Problem[]): readonly CheckDraft[] {
	const own = problems.filter(({ code }) => !isCheckId(code));
	if (own.length === 0)
		return [{ ...bare('input', 'input', 'error'), status: 'ok', sentence: 'nothing is wrong with the input' }];
	return own.map(({ code, severity, object, sentence, origin, hint }) => ({
		...bare(code, 'input', severity === 'error' ? 'error' : 'warn'),
		status: 'failed',
		object,
		sentence,
		origin,
		hint,
	}));
}
