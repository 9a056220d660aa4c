import type { CheckPlaces, CheckReport, CheckResult } from '../model/check-report.ts';
import { LEVEL_WORDS, nodesText, placeText, resultName } from './check-words.ts';
import { shellLine } from './commands.ts';
import { SEVERITY_WORDS } from './counts.ts';
import { plain } from './escape.ts';

/**
 * What a check found as TAP 14: a test point for each result, with a YAML block of what failed. A result that no gate counts is
 * one that failed as expected, which TAP calls TODO.
 * @param counts whether a failed result fails the check
 */
export function checkTapReport(
	report: CheckReport,
	places: CheckPlaces,
	counts: (result: CheckResult) => boolean,
): string {
	const { results, levels, gaps } = report;
	const points = results.flatMap((result, index) => pointLines(result, index + 1, places, counts));
	const skipped = levels
		.filter(({ state }) => state === 'skipped')
		.map(({ level, reason }, index) => {
			const number = results.length + index + 1;
			return `ok ${number} - ${description(LEVEL_WORDS[level].name)} # SKIP ${description(reason ?? '')}`;
		});
	return [
		'TAP version 14',
		`1..${results.length + skipped.length}`,
		...gaps.map((gap) => `# incomplete: ${plain(gap)}`),
		...points,
		...skipped,
		'',
	].join('\n');
}

function pointLines(
	result: CheckResult,
	number: number,
	places: CheckPlaces,
	counts: (result: CheckResult) => boolean,
): readonly string[] {
	const title = description(resultName(result));
	if (result.status === 'ok') return [`ok ${number} - ${title}`];
	if (result.status === 'skipped') {
		return [`ok ${number} - ${title} # SKIP ${description(result.sentence)}`];
	}
	const directive = counts(result) ? '' : ` # TODO no gate counts this ${SEVERITY_WORDS[result.severity]}`;
	return [`not ok ${number} - ${title}${directive}`, ...yamlLines(result, places)];
}

/** `#` would begin a directive, a backslash escapes. */
function description(text: string): string {
	return plain(text).replace(/[\\#]/g, '\\$&');
}

/** Values are JSON texts, which YAML reads as they are meant. */
function yamlLines(result: CheckResult, places: CheckPlaces): readonly string[] {
	const { sentence, severity, hint, witness } = result;
	const command = witness?.command ?? null;
	const fields: readonly (readonly [string, string])[] = [
		['message', sentence],
		['severity', severity],
		['at', placeText(result, places)],
		['nodes', nodesText(result)],
		['hint', hint ?? ''],
		['flow', witness === null ? '' : `${witness.connection}, at ${witness.node}`],
		['found', witness?.outcome ?? ''],
		['try', command === null ? '' : shellLine(command)],
	];
	const told = fields.filter(([, text]) => text !== '');
	return ['  ---', ...told.map(([name, text]) => `  ${name}: ${JSON.stringify(plain(text))}`), '  ...'];
}
