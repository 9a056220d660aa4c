import type { Finding, FindingSeverity } from '../model/change-set.ts';

/** A number as people read it: `1,284`. */
export function thousands(count: number): string {
	return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 node`, `1,284 nodes`. */
export function counted(count: number, word: string, words = `${word}s`): string {
	return `${thousands(count)} ${count === 1 ? word : words}`;
}

/** The first few of many, and how many more there are. */
export function firstFew(texts: readonly string[], most: number): string {
	const others = texts.length - most;
	return others > 0 ? `${texts.slice(0, most).join(', ')} and ${thousands(others)} more` : texts.join(', ');
}

/** What a finding of a severity is called. */
export const SEVERITY_WORDS: Readonly<Record<FindingSeverity, string>> = {
	error: 'error',
	warn: 'warning',
	info: 'note',
};

/** Findings that count, by severity: `1 error, 2 warnings, 4 notes`; empty where there is none. */
export function severityCounts(findings: readonly Finding[]): string {
	const open = findings.filter(({ waiver }) => waiver === null);
	return (['error', 'warn', 'info'] as const)
		.map((severity) => [severity, withSeverity(open, severity).length] as const)
		.filter(([, count]) => count > 0)
		.map(([severity, count]) => counted(count, SEVERITY_WORDS[severity]))
		.join(', ');
}

/** Those of a severity, waived ones left out. */
export function withSeverity(findings: readonly Finding[], severity: FindingSeverity): readonly Finding[] {
	return findings.filter((each) => each.severity === severity && each.waiver === null);
}

/** Those that are waived. */
export function waived(findings: readonly Finding[]): readonly Finding[] {
	return findings.filter(({ waiver }) => waiver !== null);
}
