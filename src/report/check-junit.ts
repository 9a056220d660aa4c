import type { CheckPlaces, CheckReport, CheckResult, LevelState } from '../model/check-report.ts';
import { detailLines, LEVEL_WORDS, resultName } from './check-words.ts';
import { shellLine } from './commands.ts';
import { SEVERITY_WORDS } from './counts.ts';
import { plain, plainLines } from './escape.ts';

/**
 * What a check found as JUnit XML: a suite for each level that was run, a case for each result. A result that no gate counts is
 * a case that was skipped, with what was found as the message.
 * @param counts whether a failed result fails the check
 */
export function checkJunitReport(
	report: CheckReport,
	places: CheckPlaces,
	counts: (result: CheckResult) => boolean,
): string {
	const { levels, results } = report;
	const fails = results.filter(counts).length;
	const suites = levels.flatMap((state) => suiteLines(state, report, places, counts));
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<testsuites name="nft-gen check" tests="${results.length}" failures="${fails}">`,
		...suites,
		'</testsuites>',
		'',
	].join('\n');
}

function suiteLines(
	{ level, state, reason }: LevelState,
	{ results }: CheckReport,
	places: CheckPlaces,
	counts: (result: CheckResult) => boolean,
): readonly string[] {
	const { name } = LEVEL_WORDS[level];
	if (state === 'not-asked') return [];
	if (state === 'skipped') {
		return [
			`  <testsuite name="${name}" tests="1" failures="0" skipped="1">`,
			`    <testcase classname="${name}" name="${name}"><skipped message="${escaped(reason ?? '')}"/></testcase>`,
			'  </testsuite>',
		];
	}
	const own = results.filter((each) => each.level === level);
	const fails = own.filter(counts).length;
	const skipped = own.filter((each) => each.status !== 'ok' && !counts(each)).length;
	return [
		`  <testsuite name="${name}" tests="${own.length}" failures="${fails}" skipped="${skipped}">`,
		...own.map((result) => caseLine(result, places, counts(result))),
		'  </testsuite>',
	];
}

function caseLine(result: CheckResult, places: CheckPlaces, fails: boolean): string {
	const { level, id, sentence, status, severity, origin } = result;
	const file = origin === null ? '' : ` file="${escaped(origin.file)}"`;
	const open = `    <testcase classname="${LEVEL_WORDS[level].name}.${escaped(id)}" name="${escaped(resultName(result))}"${file}`;
	if (status === 'ok') return `${open}/>`;
	if (!fails) {
		const message = status === 'skipped' ? sentence : `${SEVERITY_WORDS[severity]}, which no gate counts: ${sentence}`;
		return `${open}><skipped message="${escaped(message)}"/></testcase>`;
	}
	const command = result.witness?.command ?? null;
	const details = [
		sentence,
		...detailLines(result, places).map(([name, text]) => `${name}: ${text}`),
		...(command === null ? [] : [`try: ${shellLine(command)}`]),
	];
	const text = escapedLines(details.map(plain).join('\n'));
	return `${open}><failure type="${severity}" message="${escaped(sentence)}">${text}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
};

/** A text as an attribute or content of XML. XML has no word for most control characters: `plain` leaves none. */
function escaped(text: string): string {
	return withEntities(plain(text));
}

function escapedLines(text: string): string {
	return withEntities(plainLines(text));
}

/** U+FFFE and U+FFFF are characters that XML forbids too. */
function withEntities(text: string): string {
	return text.replace(/[\uFFFE\uFFFF]/g, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
