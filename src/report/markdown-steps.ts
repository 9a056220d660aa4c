import type { ChangeSet, Finding, NodeCohort } from '../model/change-set.ts';
import { cohortChanges, cohortRulesText } from './cohorts.ts';
import { counted, waived, withSeverity } from './counts.ts';
import { elided, fenced, htmlCode, prose } from './escape.ts';
import {
	findingsList,
	findingsTable,
	idCounts,
	type MarkdownLayout,
	namespaceCounts,
	waivedList,
} from './markdown-findings.ts';
import { cohortName } from './words.ts';

/** How findings of a severity are shown. */
type Form = 'table' | 'list' | 'namespaces' | 'ids';

/** How much a comment holds. */
export interface MarkdownStep {
	readonly errors: Form;
	readonly warnings: Form;
	readonly infos: Form;
	/** the rules of the cohorts */
	readonly text: boolean;
	/** what is left out; null where nothing is */
	readonly without: string | null;
	/** the options that show it */
	readonly see: readonly string[];
}

const FULL: MarkdownStep = {
	errors: 'table',
	warnings: 'table',
	infos: 'table',
	text: true,
	without: null,
	see: [],
};
const LISTED: MarkdownStep = {
	errors: 'list',
	warnings: 'list',
	infos: 'list',
	text: false,
	without: 'what each change is, and the rules',
	see: ['--full'],
};

/** From all to less. Errors are itemised in each. */
export const ITEMISED_STEPS: readonly MarkdownStep[] = [
	FULL,
	{ ...FULL, text: false, without: 'the rules', see: ['--view', 'text'] },
	LISTED,
	{ ...LISTED, infos: 'ids', without: 'notes, what each change is, and the rules' },
	{
		...LISTED,
		infos: 'ids',
		warnings: 'namespaces',
		without: 'warnings, notes, what each change is, and the rules',
	},
];

/** What is left where not even the errors fit. */
export const COUNTS_ONLY: MarkdownStep = {
	...LISTED,
	infos: 'ids',
	warnings: 'ids',
	errors: 'ids',
	without: 'errors, warnings and all else',
};

/** How many findings a step has an entry for. */
export function itemCount({ findings }: ChangeSet, { errors, warnings, infos }: MarkdownStep): number {
	const count = (severity: Finding['severity'], form: Form) =>
		form === 'table' || form === 'list' ? withSeverity(findings, severity).length : 0;
	return count('error', errors) + count('warn', warnings) + count('info', infos);
}

/** Findings as a step shows them: errors and warnings in sight, the rest folded. */
export function findingsParts({ findings }: ChangeSet, step: MarkdownStep, layout: MarkdownLayout): readonly string[] {
	const errors = withSeverity(findings, 'error');
	const warnings = withSeverity(findings, 'warn');
	const infos = withSeverity(findings, 'info');
	const excused = waived(findings);
	return [
		...(step.errors === step.warnings
			? formed([...errors, ...warnings], step.errors, layout)
			: [...formed(errors, step.errors, layout), ...formed(warnings, step.warnings, layout)]),
		...formed(infos, step.infos, layout).map((text) => details(counted(infos.length, 'note'), text)),
		...waivedForm(excused, step, layout).map((text) => details(`${counted(excused.length, 'finding')} waived`, text)),
	];
}

function formed(findings: readonly Finding[], form: Form, layout: MarkdownLayout): readonly string[] {
	if (findings.length === 0) return [];
	switch (form) {
		case 'table':
			return [findingsTable(findings, layout)];
		case 'list':
			return [findingsList(findings, layout)];
		case 'namespaces':
			return [`⚠️ ${namespaceCounts(findings)}`];
		case 'ids':
			return [idCounts(findings)];
	}
}

function waivedForm(findings: readonly Finding[], { infos }: MarkdownStep, layout: MarkdownLayout): readonly string[] {
	if (findings.length === 0) return [];
	return [infos === 'ids' ? idCounts(findings) : waivedList(findings, layout)];
}

/** Folded text. The summary is HTML. */
function details(summary: string, markdown: string): string {
	return `<details><summary>${summary}</summary>\n\n${markdown}\n\n</details>`;
}

const MOST_COHORTS = 8;
const MOST_NAME = 120;

/** The groups of nodes, folded; nothing where all nodes are one. */
export function cohortsPart({ cohorts }: ChangeSet): readonly string[] {
	if (cohorts.length < 2) return [];
	const lines = cohorts.slice(0, MOST_COHORTS).map(cohortLine);
	const others = cohorts.length - lines.length;
	const more = others > 0 ? [`- and ${counted(others, 'more cohort')}`] : [];
	return [details(`Nodes in ${counted(cohorts.length, 'cohort')}`, [...lines, ...more].join('\n'))];
}

function cohortLine(cohort: NodeCohort): string {
	const name = prose(elided(cohortName(cohort), MOST_NAME));
	return `- **${cohort.id}**: ${counted(cohort.nodes.length, 'node')}, ${name}: ${cohortChanges(cohort)}`;
}

/** The rules that come and leave in each cohort, folded. */
export function rulesParts({ cohorts, text }: ChangeSet, step: MarkdownStep): readonly string[] {
	if (!step.text) return [];
	return cohorts.slice(0, MOST_COHORTS).flatMap((cohort) => {
		const own = text.get(cohort.id) ?? '';
		const node = htmlCode(elided(cohort.representative, MOST_NAME));
		const summary = `Rules of cohort ${cohort.id}, as on ${node} (${cohortRulesText(cohort)})`;
		return own === '' ? [] : [details(summary, fenced(shortLines(own), 'diff'))];
	});
}

const MOST_LINE = 175;

function shortLines(text: string): string {
	return text
		.split('\n')
		.map((line) => elided(line, MOST_LINE))
		.join('\n');
}
