import { createColors } from 'picocolors';
import type { Cause, Finding, Places } from '../model/change-set.ts';
import { type Commands, closerLook, shellLine } from './commands.ts';
import { counted, firstFew, SEVERITY_WORDS } from './counts.ts';
import { plain } from './escape.ts';
import { causePath, causeValues, placesText } from './places.ts';
import { type FlowGroup, flowGroups } from './treatments.ts';
import { type NodesText, objectText } from './words.ts';

/** What the lines of all findings are made with. */
export interface FindingLayout {
	readonly places: Places;
	readonly nodes: NodesText;
	readonly commands: Commands;
	/** all connections and causes, not the first few */
	readonly full: boolean;
	readonly colour: boolean;
}

const TITLES = { error: 'ERROR', warn: 'WARN ', info: 'NOTE ' } as const;

/** A finding for a terminal: what, where, for whom, because of which line, and the command to look closer. */
export function findingLines(finding: Finding, layout: FindingLayout): readonly string[] {
	const { sentence, before, after, hint } = finding;
	const command = closerLook(finding, layout.commands);
	return [
		titleLine(finding, layout),
		...[
			sentence,
			...(before === null && after === null ? [] : [`change  ${before ?? 'nothing'} → ${after ?? 'nothing'}`]),
			...flowLines(finding, layout),
			...causeLines(finding, layout),
			...(hint === null ? [] : [`hint    ${hint}`]),
			...(command === null ? [] : [`try     ${shellLine(command)}`]),
		].map((line) => plain(`       ${line}`)),
	];
}

function titleLine(finding: Finding, { nodes, colour }: FindingLayout): string {
	const { id, severity, fingerprint, object } = finding;
	const { bold, dim, red, yellow, cyan } = createColors(colour);
	const paint = { error: red, warn: yellow, info: cyan }[severity];
	const where = nodes(finding);
	return [
		`${paint(TITLES[severity])}  ${plain(id)}`,
		bold(plain(objectText(object))),
		...(where === null ? [] : [plain(where)]),
		dim(`[${plain(fingerprint)}]`),
	].join('  ');
}

const MOST_FLOWS = 2;
const MOST_NAMED_NODES = 3;

function flowLines({ flows, nodes }: Finding, { full }: FindingLayout): readonly string[] {
	const groups = flowGroups(flows);
	const shown = full ? groups : groups.slice(0, MOST_FLOWS);
	const others = groups.length - shown.length;
	return [
		...shown.flatMap((group) => groupLines(group, nodes)),
		...(others === 0 ? [] : [`        and ${counted(others, 'more kind')} of connections; --full lists them`]),
	];
}

function groupLines({ connections, before, after, nodes }: FlowGroup, all: readonly string[]): readonly string[] {
	const where = nodes.length === all.length ? '' : `, on ${firstFew(nodes, MOST_NAMED_NODES)}`;
	return [`flow    ${connections}${where}`, `          before  ${before}`, `          after   ${after}`];
}

const MOST_CAUSES = 3;

function causeLines(finding: Finding, { places, full }: FindingLayout): readonly string[] {
	const shown = full ? finding.causes : finding.causes.slice(0, MOST_CAUSES);
	const others = finding.causes.length - shown.length;
	return [
		...shown.map((cause) => `cause   ${causeText(cause, finding, places)}`),
		...(others === 0 ? [] : [`        and ${counted(others, 'more cause')}; --full lists them`]),
	];
}

function causeText(cause: Cause, finding: Finding, places: Places): string {
	const where = placesText(cause, places);
	return `${where === '' ? '' : `${where}  `}${causePath(cause, finding)}${valuesText(cause)}`;
}

function valuesText(cause: Cause): string {
	const values = causeValues(cause);
	if (values.kind === 'changed') return `: ${values.before} → ${values.after}`;
	const value = values.value === null ? '' : `: ${values.value}`;
	return `${value} (${values.kind === 'came' ? 'new' : 'removed'})`;
}

/** A finding that does not count, with why and until when. */
export function waivedLine({ id, severity, fingerprint, object, waiver }: Finding): string {
	const why = waiver === null ? '' : ` until ${waiver.until}: ${waiver.reason}`;
	return plain(`waived ${SEVERITY_WORDS[severity]} ${id} ${objectText(object)} [${fingerprint}]${why}`);
}
