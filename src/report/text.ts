import { createColors } from 'picocolors';
import type { ChangeSet, FailedGate, Finding, NodeCohort, Places } from '../model/change-set.ts';
import { groupBy } from '../model/group-by.ts';
import { cohortSummary } from './cohorts.ts';
import { type Commands, shellLine } from './commands.ts';
import { counted, firstFew, severityCounts, thousands, waived, withSeverity } from './counts.ts';
import { plain } from './escape.ts';
import { patchReport } from './patch.ts';
import { type FindingLayout, findingLines, waivedLine } from './text-finding.ts';
import { endpointsText, flowVerdict, isUnchanged, problemTexts, sideText, sizeText } from './verdict.ts';
import { nodesTexts, objectText } from './words.ts';

/** A layer of a change set: what becomes of connections, how many rules come and leave, which. */
export type View = 'behaviour' | 'rules' | 'text';

/** How a report for a terminal looks. */
export interface TextOptions {
	readonly commands: Commands;
	readonly views: ReadonlySet<View>;
	/** lists what else is only counted */
	readonly full: boolean;
	readonly colour: boolean;
}

/**
 * What changes, as text for a terminal: errors first, the verdict on all connections last. Nothing changed is one line,
 * with those on what the answer lacks.
 */
export function textReport(
	changes: ChangeSet,
	places: Places,
	gates: readonly FailedGate[],
	options: TextOptions,
): string {
	const { views, colour } = options;
	const colours = createColors(colour);
	const doubts = doubtLines(changes, gates, colour);
	const verdict = colours.bold(flowVerdict(changes));
	if (isUnchanged(changes)) return paragraphs([[...doubts, verdict]]);
	return paragraphs([
		[...headerLines(changes), ...doubts],
		...(views.has('behaviour') ? behaviour(changes, places, options) : []),
		...(views.has('rules') ? [rulesLines(changes, options)] : []),
		...(views.has('text') ? [patchReport(changes).split('\n').slice(0, -1)] : []),
		[verdict],
	]);
}

function paragraphs(parts: readonly (readonly string[])[]): string {
	const filled = parts.filter((lines) => lines.length > 0);
	return filled.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function headerLines(changes: ChangeSet): readonly string[] {
	const { base, head, release, findings } = changes;
	const many = waived(findings).length;
	const counts = severityCounts(findings) || 'no finding';
	return [
		plain(`nft-gen diff  ${sideText(base)} → ${sideText(head)}, as Kubernetes ${release} does`),
		...[sizeText(changes), endpointsText(changes)].filter((line) => line !== ''),
		many === 0 ? counts : `${counts}; ${thousands(many)} waived`,
	];
}

/** Failed gates, and what keeps the answer from being complete. */
function doubtLines(changes: ChangeSet, gates: readonly FailedGate[], colour: boolean): readonly string[] {
	const { red, yellow } = createColors(colour);
	return [
		...gates.map(({ gate, sentence }) => red(plain(`gate ${gate} failed: ${sentence}`))),
		...changes.gaps.map((gap) => yellow(plain(`incomplete: ${gap}`))),
		...problemTexts(changes).map((text) => yellow(text)),
	];
}

function behaviour(changes: ChangeSet, places: Places, options: TextOptions): readonly (readonly string[])[] {
	const { findings } = changes;
	const { full, colour, commands } = options;
	const layout: FindingLayout = { places, nodes: nodesTexts(changes), commands, full, colour };
	const infos = withSeverity(findings, 'info');
	const listed = [...withSeverity(findings, 'error'), ...withSeverity(findings, 'warn'), ...(full ? infos : [])];
	return [
		...listed.map((finding) => findingLines(finding, layout)),
		full ? [] : infoLine(infos),
		waived(findings).map(waivedLine),
	];
}

const MOST_OBJECTS = 3;

function infoLine(infos: readonly Finding[]): readonly string[] {
	if (infos.length === 0) return [];
	const kinds = [...groupBy(infos, ({ id }) => id)].map(([id, group]) => {
		const objects = [...new Set(group.map(({ object }) => objectText(object)))];
		return `${thousands(group.length)} ${id} (${firstFew(objects, MOST_OBJECTS)})`;
	});
	return [plain(`${counted(infos.length, 'note')}: ${kinds.join(', ')}; --full lists them`)];
}

const MOST_COHORTS = 8;

function rulesLines({ cohorts, untouchedRules }: ChangeSet, { full, commands }: TextOptions): readonly string[] {
	const shown = full ? cohorts : cohorts.slice(0, MOST_COHORTS);
	const [first] = cohorts;
	return [
		...shown.map((cohort, index) => plain(`${index === 0 ? 'nodes' : '     '}  ${cohortSummary(cohort)}`)),
		...othersLine(cohorts.slice(shown.length), commands),
		...(first === undefined ? [] : [plain(`rules  ${untouchedText(untouchedRules)} on ${first.representative}`)]),
	];
}

function othersLine(others: readonly NodeCohort[], { again }: Commands): readonly string[] {
	if (others.length === 0) return [];
	const nodes = others.reduce((sum, cohort) => sum + cohort.nodes.length, 0);
	const command = shellLine([...again, '--full']);
	return [
		plain(`       and ${counted(others.length, 'more cohort')} of ${counted(nodes, 'node')}; ${command} lists them`),
	];
}

function untouchedText(count: number): string {
	return `${thousands(count)} ${count === 1 ? 'stays as it is' : 'stay as they are'}`;
}
