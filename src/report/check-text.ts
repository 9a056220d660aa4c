import { createColors } from 'picocolors';
import type { CheckPlaces, CheckReport, CheckResult } from '../model/check-report.ts';
import { detailLines, failureCounts, isFailed, LEVEL_WORDS, levelText } from './check-words.ts';
import { shellLine } from './commands.ts';
import { counted } from './counts.ts';
import { plain } from './escape.ts';

/** What a check found, for a terminal: the levels, what failed and why, the verdict last. */
export function checkTextReport(report: CheckReport, places: CheckPlaces, colour: boolean): string {
	const failed = report.results.filter(isFailed);
	const verdict = createColors(colour).bold(failureCounts(failed) || 'nothing is wrong');
	const parts = [
		headerLines(report, colour),
		...failed.map((result) => resultLines(result, places, colour)),
		skippedLines(report),
		[verdict],
	];
	return parts
		.filter((lines) => lines.length > 0)
		.map((lines) => `${lines.join('\n')}\n`)
		.join('\n');
}

function headerLines(report: CheckReport, colour: boolean): readonly string[] {
	const { source, release, nodes, services, levels, gaps } = report;
	const width = Math.max(...levels.map(({ level }) => LEVEL_WORDS[level].name.length));
	return [
		plain(`nft-gen check  ${source}, as Kubernetes ${release} does`),
		`${counted(nodes, 'node')}, ${counted(services, 'Service')}`,
		...gaps.map((gap) => createColors(colour).yellow(plain(`incomplete: ${gap}`))),
		...levels.map((state) => plain(`${LEVEL_WORDS[state.level].name.padEnd(width)}  ${levelText(state, report)}`)),
	];
}

const TITLES = { error: 'ERROR', warn: 'WARN ', info: 'NOTE ' } as const;

function resultLines(result: CheckResult, places: CheckPlaces, colour: boolean): readonly string[] {
	const { id, severity, object, sentence, witness } = result;
	const { bold, red, yellow, cyan } = createColors(colour);
	const paint = { error: red, warn: yellow, info: cyan }[severity];
	const title = [`${paint(TITLES[severity])}  ${plain(id)}`, ...(object === null ? [] : [bold(plain(object))])];
	const command = witness?.command ?? null;
	const details = [...detailLines(result, places), ...(command === null ? [] : [['try', shellLine(command)] as const])];
	return [
		title.join('  '),
		plain(`       ${sentence}`),
		...details.map(([name, text]) => plain(`       ${name.padEnd(6)}${text}`)),
	];
}

function skippedLines({ results }: CheckReport): readonly string[] {
	const skipped = results.filter(({ status }) => status === 'skipped');
	return skipped.map(({ id, sentence }) => plain(`skipped ${id}: ${sentence}`));
}
