import type { Cause, Finding, Places } from '../model/change-set.ts';
import { groupBy } from '../model/group-by.ts';
import { counted, firstFew, SEVERITY_WORDS, thousands } from './counts.ts';
import { cell, codeSpan, elided, prose } from './escape.ts';
import { causePath, causeValues, repositoryPath } from './places.ts';
import { type NodesText, objectText } from './words.ts';

/** What the Markdown of all findings is made with. */
export interface MarkdownLayout {
	readonly places: Places;
	readonly nodes: NodesText;
	readonly linkBase: string | null;
}

const ICONS = { error: '❌', warn: '⚠️', info: 'ℹ️' } as const;

/** The longest value, such as an object's name, and the longest sentence, in characters. */
const MOST_VALUE = 80;
const MOST_SENTENCE = 175;

function value(text: string): string {
	return codeSpan(elided(text, MOST_VALUE));
}

function sentence(text: string): string {
	return prose(elided(text, MOST_SENTENCE));
}

/** Findings as a table, a row each. */
export function findingsTable(findings: readonly Finding[], layout: MarkdownLayout): string {
	const rows = findings.map((finding) => findingRow(finding, layout));
	return ['| | Change | Object | Nodes | Cause |', '|--|--|--|--|--|', ...rows].join('\n');
}

function findingRow(finding: Finding, layout: MarkdownLayout): string {
	const cells = [
		ICONS[finding.severity],
		[...changeParts(finding), `<sub>${value(finding.id)} ${value(finding.fingerprint)}</sub>`].join('<br>'),
		value(objectText(finding.object)),
		prose(elided(layout.nodes(finding) ?? '', MOST_VALUE)),
		causesText(finding, layout),
	];
	return `| ${cells.map(cell).join(' | ')} |`;
}

function changeParts({ sentence: text, before, after, hint }: Finding): readonly string[] {
	return [
		sentence(text),
		...(before === null && after === null ? [] : [`${value(before ?? 'nothing')} → ${value(after ?? 'nothing')}`]),
		...(hint === null ? [] : [sentence(hint)]),
	];
}

function causesText(finding: Finding, layout: MarkdownLayout): string {
	const [first, ...others] = finding.causes;
	if (first === undefined) return '';
	const parts = [placeLink(first, layout), `${value(causePath(first, finding))}${valuesText(first)}`];
	const more = others.length === 0 ? [] : [`and ${thousands(others.length)} more`];
	return [...parts.filter((part) => part !== ''), ...more].join('<br>');
}

function valuesText(cause: Cause): string {
	const values = causeValues(cause);
	if (values.kind === 'changed') return ` ${value(values.before)} → ${value(values.after)}`;
	const word = values.kind === 'came' ? 'new' : 'removed';
	return values.value === null ? ` ${word}` : ` ${value(values.value)} ${word}`;
}

/** Where a cause stands: on the head side, with a link, or else on the base side. */
function placeLink({ base, head }: Cause, { places, linkBase }: MarkdownLayout): string {
	const origin = head ?? base;
	if (origin === null) return '';
	const line = places.get(origin)?.line ?? null;
	const text = value(line === null ? origin.file : `${origin.file}:${line}`);
	const path = linkBase === null || head === null ? null : repositoryPath(head.file);
	if (linkBase === null || path === null) return text;
	return `[${text}](${linkBase.replace(/\/?$/, '/')}${path}${line === null ? '' : `#L${line}`})`;
}

/** Findings as a list, a line each. */
export function findingsList(findings: readonly Finding[], { places, nodes }: MarkdownLayout): string {
	return findings.map((finding) => `- ${findingLine(finding, nodes, places)}`).join('\n');
}

function findingLine(finding: Finding, nodes: NodesText, places: Places): string {
	const { severity, object, id, fingerprint } = finding;
	const where = nodes(finding);
	return [
		`${ICONS[severity]} ${value(objectText(object))} ${value(id)}`,
		...(where === null ? [] : [`on ${prose(elided(where, MOST_VALUE))}`]),
		...placeWords(finding, places),
		value(fingerprint),
	].join(' ');
}

function placeWords({ causes }: Finding, places: Places): readonly string[] {
	const place = causes[0] === undefined ? '' : placeLink(causes[0], { places, nodes: () => null, linkBase: null });
	return place === '' ? [] : [`by ${place}`];
}

/** Findings that do not count, with why and until when. */
export function waivedList(findings: readonly Finding[], { nodes, places }: MarkdownLayout): string {
	return findings
		.map((finding) => {
			const { waiver } = finding;
			const why = waiver === null ? '' : `: ${sentence(`${waiver.reason} (until ${waiver.until})`)}`;
			return `- ${findingLine(finding, nodes, places)}${why}`;
		})
		.join('\n');
}

const MOST_IDS = 20;
const MOST_NAMESPACES = 50;

/** How many findings there are of each id. */
export function idCounts(findings: readonly Finding[]): string {
	const counts = [...groupBy(findings, ({ id }) => id)].map(([id, group]) => `${thousands(group.length)} ${value(id)}`);
	return firstFew(counts, MOST_IDS);
}

/** How many findings of one severity there are in each namespace. */
export function namespaceCounts(findings: readonly Finding[]): string {
	const groups = [...groupBy(findings, ({ object }) => object.namespace ?? '')];
	const counts = groups.map(([namespace, group]) => {
		const count = counted(group.length, SEVERITY_WORDS[group[0]?.severity ?? 'info']);
		return `${count} ${namespace === '' ? 'outside namespaces' : `in ${value(namespace)}`}`;
	});
	return firstFew(counts, MOST_NAMESPACES);
}
