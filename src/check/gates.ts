import type { FindingSeverity } from '../model/change-set.ts';
import type { CheckResult } from '../model/check-report.ts';
import { shown } from '../model/names.ts';
import { nearest } from '../model/nearest.ts';
import { CHECK_IDS, type CheckId, isCheckId } from './catalogue.ts';

const LEVELS: readonly FindingSeverity[] = ['error', 'warn', 'info'];

/** The least severity that fails; `never` for none. */
export type FailOn = FindingSeverity | 'never';

/** Tells which results fail the check. */
export function failing(failOn: FailOn): (result: CheckResult) => boolean {
	const severities = failOn === 'never' ? [] : LEVELS.slice(0, LEVELS.indexOf(failOn) + 1);
	return ({ status, severity }) => status === 'failed' && severities.includes(severity);
}

/** A severity for a lint or trap, `external-local-gap=error`, or why the text is none. */
export function readCheckSeverity(
	text: string,
): { readonly id: CheckId; readonly level: FindingSeverity } | { readonly wrong: string } {
	const [, id = '', level = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
	if (id === '') return { wrong: `${shown(text)} is not ID=LEVEL, such as external-local-gap=error` };
	const known = readCheckId(id);
	if (typeof known !== 'string') return known;
	const severity = LEVELS.find((each) => each === level);
	return severity === undefined
		? { wrong: `${shown(level)} is not error, warn or info` }
		: { id: known, level: severity };
}

/** The id of a lint or trap, or why the text is none. */
export function readCheckId(text: string): CheckId | { readonly wrong: string } {
	if (isCheckId(text)) return text;
	return { wrong: `there is no check ${shown(text)}; did you mean ${nearest(text, CHECK_IDS)[0]}?` };
}
