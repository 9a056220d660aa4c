import type { ChangeSet, FailedGate, Places } from '../model/change-set.ts';
import { type Commands, shellLine } from './commands.ts';
import { commentMarker, dataLine, sinceText } from './comment-data.ts';
import { counted, severityCounts, withSeverity } from './counts.ts';
import { codeSpan, elided, prose } from './escape.ts';
import {
	COUNTS_ONLY,
	cohortsPart,
	findingsParts,
	ITEMISED_STEPS,
	itemCount,
	type MarkdownStep,
	rulesParts,
} from './markdown-steps.ts';
import { endpointsText, flowVerdict, isUnchanged, problemTexts, sideText, sizeText } from './verdict.ts';
import { nodesTexts } from './words.ts';

/** The longest comment that its host takes. */
export interface Budget {
	/** code points */
	readonly characters: number;
	readonly bytes: number;
}

/** Somewhat below what GitHub takes: 65,536 characters, in a column of 262,144 bytes. */
export const GITHUB_BUDGET: Budget = { characters: 60_000, bytes: 240_000 };

/** How a comment on a pull request looks. */
export interface MarkdownOptions {
	readonly commands: Commands;
	/** tells comments on several clusters apart */
	readonly key: string;
	/** before the path of a file of the head side makes it a link: `https://github.com/shop/deploy/blob/8d02e1a/`; null for no links */
	readonly linkBase: string | null;
	/** the comment that this one takes the place of; null where there is none */
	readonly previous: string | null;
	readonly budget: Budget;
}

/**
 * What changes, as Markdown for a comment on a pull request: the first of some steps, each shorter than the one before, that
 * fits the budget. The last one has counts only, some 30,000 characters at the most.
 */
export function markdownReport(
	changes: ChangeSet,
	places: Places,
	gates: readonly FailedGate[],
	options: MarkdownOptions,
): string {
	const layout = { places, nodes: nodesTexts(changes), linkBase: options.linkBase };
	const above = aboveParts(changes, gates, options);
	const below = belowPart(changes, options);
	const comment = (step: MarkdownStep) => {
		const parts = isUnchanged(changes)
			? []
			: [...findingsParts(changes, step, layout), ...cohortsPart(changes), ...rulesParts(changes, step)];
		return `${[...above, ...parts, ...leftOut(step, options.commands), below].join('\n\n')}\n`;
	};
	for (const step of ITEMISED_STEPS) {
		if (itemCount(changes, step) * SHORTEST_ITEM > options.budget.characters) continue;
		const text = comment(step);
		if (fits(text, options.budget)) return text;
	}
	return comment(COUNTS_ONLY);
}

/** In characters: what is too much even so is not written in vain. */
const SHORTEST_ITEM = 25;

function fits(text: string, { characters, bytes }: Budget): boolean {
	if (text.length > 2 * characters || Buffer.byteLength(text) > bytes) return false;
	return text.length <= characters || [...text].length <= characters;
}

const MOST_DOUBTS = 10;
const MOST_SENTENCE = 175;
const MOST_COMMAND = 1000;

function sentence(text: string): string {
	return prose(elided(text, MOST_SENTENCE));
}

function aboveParts(changes: ChangeSet, gates: readonly FailedGate[], options: MarkdownOptions): readonly string[] {
	const since = options.previous === null ? null : sinceText(options.previous, changes.findings);
	const sentences = [`**${flowVerdict(changes)}.** ${sizeText(changes)}.`, ...(since === null ? [] : [since])];
	const doubts = [
		...gates.map(
			({ gate, sentence: why }) => `- ❌ gate ${codeSpan(elided(gate, MOST_SENTENCE))} failed: ${sentence(why)}`,
		),
		...changes.gaps.map((gap) => `- ⚠️ incomplete: ${sentence(gap)}`),
		...problemTexts(changes).map((text) => `- ⚠️ ${text}`),
	];
	const more = doubts.length - MOST_DOUBTS;
	const shown = [...doubts.slice(0, MOST_DOUBTS), ...(more > 0 ? [`- and ${counted(more, 'more')}`] : [])];
	return [
		`${commentMarker(options.key)}\n${titleLine(changes, gates, options.key)}`,
		sentences.join('\n'),
		...(shown.length === 0 ? [] : [shown.join('\n')]),
	];
}

function titleLine(changes: ChangeSet, gates: readonly FailedGate[], key: string): string {
	const grave = changes.findings.filter(({ severity }) => severity !== 'info');
	const icon =
		gates.length + withSeverity(grave, 'error').length > 0 ? '❌' : withSeverity(grave, 'warn').length > 0 ? '⚠️' : '✅';
	const none = isUnchanged(changes) ? 'no change' : 'no error, no warning';
	const counts = severityCounts(grave) || none;
	const failed = gates.length === 0 ? '' : `, ${counted(gates.length, 'failed gate')}`;
	return `### ${icon} nft-gen: ${counts}${failed}${key === '' ? '' : ` · ${codeSpan(elided(key, MOST_SENTENCE))}`}`;
}

function leftOut({ without, see }: MarkdownStep, { again }: Commands): readonly string[] {
	if (without === null) return [];
	const command = codeSpan(elided(shellLine([...again, ...see]), MOST_COMMAND));
	return [`Left out, to fit into a comment: ${without}. ${command} shows all.`];
}

function belowPart(changes: ChangeSet, { commands }: MarkdownOptions): string {
	const { base, head, findings } = changes;
	const side = (text: string) => codeSpan(elided(text, MOST_SENTENCE));
	const facts = [
		`${side(sideText(base))} → ${side(sideText(head))}`,
		...[endpointsText(changes)].filter((text) => text !== ''),
		`digest ${codeSpan(shortDigest(head.digest))}`,
		`reproduce: ${codeSpan(elided(shellLine(commands.again), MOST_COMMAND))}`,
	];
	return `<sub>${facts.join(' · ')}</sub>\n${dataLine(findings)}`;
}

function shortDigest(digest: string): string {
	return elided(digest.replace(/^sha256:/, ''), 9);
}
