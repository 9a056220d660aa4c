import type { Finding } from '../model/change-set.ts';
import { counted, withSeverity } from '../report/counts.ts';
import { elided } from '../report/escape.ts';
import { causePath, causeValues, repositoryPath } from '../report/places.ts';
import type { ReadReport } from '../report/read-json.ts';
import { objectText } from '../report/words.ts';
import { workflowCommand } from './workflow-command.ts';

/** GitHub shows ten of each severity for a step, and says nothing of the others. */
const MOST = 9;

/**
 * Lines that make GitHub show errors and warnings beside the lines of the pull request that cause them, gates that failed first.
 * What has no such line, or is too much, is counted in a last one.
 */
export function annotations({ changes, places, gates }: ReadReport): readonly string[] {
	const failed = gates.map(({ gate, sentence }) =>
		workflowCommand('error', elided(`${gate} failed: ${sentence}`, MOST_MESSAGE), { title: 'nft-gen: gate' }),
	);
	const placed = (severity: 'error' | 'warn') =>
		withSeverity(changes.findings, severity).flatMap((finding) => annotation(finding, places) ?? []);
	const shown = [...[...failed, ...placed('error')].slice(0, MOST), ...placed('warn').slice(0, MOST)];
	const grave = withSeverity(changes.findings, 'error').length + withSeverity(changes.findings, 'warn').length;
	const others = failed.length + grave - shown.length;
	if (others === 0) return shown;
	const more = `${shown.length === 0 ? '' : 'and '}${counted(others, shown.length === 0 ? 'finding' : 'more finding')}`;
	return [...shown, workflowCommand('notice', `${more}; the summary of the job has them`, { title: 'nft-gen' })];
}

const MOST_MESSAGE = 1000;
const TITLES = { error: 'error', warn: 'warning' } as const;

/** Null where no line of the head side causes it. */
function annotation(finding: Finding, places: ReadReport['places']): string | null {
	const { severity, id, object, sentence, hint, causes } = finding;
	const cause = causes.find(({ head }) => head !== null && repositoryPath(head.file) !== null);
	if (severity === 'info' || cause === undefined || cause.head === null) return null;
	const values = causeValues(cause);
	const changed = values.kind === 'changed' ? `: ${values.before} → ${values.after}` : '';
	const why = ` (${causePath(cause, finding)}${changed})`;
	const message = `${objectText(object)}: ${sentence}${why}${hint === null ? '' : `; ${hint}`}`;
	const place = places.get(cause.head);
	return workflowCommand(TITLES[severity], elided(message, MOST_MESSAGE), {
		file: cause.head.file.replace(/^(?:\.\/)+/, ''),
		...(place === undefined ? {} : { line: place.line, col: place.column }),
		title: `nft-gen: ${id}`,
	});
}
