import type { CheckLevel, CheckPlaces, CheckReport, CheckResult, LevelState } from '../model/check-report.ts';
import { counted, firstFew, SEVERITY_WORDS, thousands } from './counts.ts';

/** What a level is called, and one of the things it looks for. */
export const LEVEL_WORDS: Readonly<Record<CheckLevel, { readonly name: string; readonly thing: string }>> = {
	input: { name: 'input', thing: 'check' },
	ruleset: { name: 'ruleset', thing: 'lint' },
	policy: { name: 'policy', thing: 'trap' },
	assertion: { name: 'assertions', thing: 'assertion' },
	kernel: { name: 'kernel', thing: 'ruleset' },
};

/** Results that failed, by severity: `1 error, 2 warnings`; empty where there is none. */
export function failureCounts(results: readonly CheckResult[]): string {
	return (['error', 'warn', 'info'] as const)
		.map(
			(severity) => [results.filter((each) => isFailed(each) && each.severity === severity).length, severity] as const,
		)
		.filter(([count]) => count > 0)
		.map(([count, severity]) => counted(count, SEVERITY_WORDS[severity]))
		.join(', ');
}

/** Whether a result counts for gates. */
export function isFailed({ status }: CheckResult): boolean {
	return status === 'failed';
}

/** How a level went: `2 warnings; 7 lints pass`, `skipped: no user namespace`. */
export function levelText({ level, state, reason }: LevelState, { results }: CheckReport): string {
	if (state !== 'run') return `${state === 'skipped' ? 'skipped' : 'not asked for'}: ${reason ?? ''}`;
	const own = results.filter((each) => each.level === level);
	const [passed = 0, skipped = 0] = (['ok', 'skipped'] as const).map(
		(status) => own.filter((each) => each.status === status).length,
	);
	const pass = `${counted(passed, LEVEL_WORDS[level].thing)} ${passed === 1 ? 'passes' : 'pass'}`;
	return [
		failureCounts(own) || 'nothing found',
		...(level === 'input' || passed === 0 ? [] : [pass]),
		...(skipped === 0 ? [] : [`${thousands(skipped)} skipped`]),
	].join('; ');
}

/** Where a result stands, `deploy/web.yaml:14:10`; empty where nobody knows. */
export function placeText({ origin }: CheckResult, places: CheckPlaces): string {
	if (origin === null) return '';
	const place = places.get(origin);
	return place === undefined ? origin.file : `${origin.file}:${place.line}:${place.column}`;
}

const MOST_NODES = 3;

/** Nodes that have a result: `n1, n2, n3 and 9 more`; empty where it is not about nodes. */
export function nodesText({ nodes }: CheckResult): string {
	return firstFew(nodes, MOST_NODES);
}

/** What a result is called, whether it failed or not: `external-local-gap: Service shop/web`. Reports over time are matched by it. */
export function resultName({ id, object }: CheckResult): string {
	return object === null ? id : `${id}: ${object}`;
}

/** All that is told of a failed result, one line each, under what it is called there. */
export function detailLines(result: CheckResult, places: CheckPlaces): readonly (readonly [string, string])[] {
	const { hint, witness } = result;
	const lines: readonly (readonly [string, string])[] = [
		['at', placeText(result, places)],
		['on', nodesText(result)],
		...(witness === null
			? []
			: ([
					['flow', `${witness.connection}, at ${witness.node}`],
					['is', witness.outcome],
				] as const)),
		['hint', hint ?? ''],
	];
	return lines.filter(([, text]) => text !== '');
}

/** Whether everything was looked at that was asked for. */
export function isComplete({ gaps, levels, results }: CheckReport): boolean {
	const skipped = [...levels.map(({ state }) => state), ...results.map(({ status }) => status)].includes('skipped');
	return gaps.length === 0 && !skipped;
}
