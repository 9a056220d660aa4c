import type { FindingSeverity } from '../model/change-set.ts';
import type { CheckDraft, CheckLevel } from '../model/check-report.ts';
import { type CheckId, checkOf } from './catalogue.ts';

/** What is asked of the lints and traps. */
export interface CheckChoice {
	/** those that are looked for */
	readonly asked: ReadonlySet<CheckId>;
	/** severities other than the declared ones */
	readonly severities: ReadonlyMap<CheckId, FindingSeverity>;
}

/** What a failed check is about, beside its id. */
export type About = Pick<CheckDraft, 'object' | 'sentence' | 'origin'> &
	Partial<Pick<CheckDraft, 'nodes' | 'hint' | 'witness'>>;

/** A check that found something. The declared hint holds where there is no better one. */
export function failed(id: CheckId, about: About, { severities }: CheckChoice): CheckDraft {
	const { level, severity, hint } = checkOf(id);
	return {
		id,
		level,
		severity: severities.get(id) ?? severity,
		status: 'failed',
		nodes: [],
		hint,
		witness: null,
		...about,
	};
}

/** A check that was looked for everywhere, and found nothing. */
export function holds(id: CheckId, { severities }: CheckChoice): CheckDraft {
	const { level, severity, holds: sentence } = checkOf(id);
	return { ...bare(id, level, severities.get(id) ?? severity), status: 'ok', sentence };
}

/** A check that could not be looked for. */
export function notLooked(id: CheckId, why: string, { severities }: CheckChoice): CheckDraft {
	const { level, severity } = checkOf(id);
	return { ...bare(id, level, severities.get(id) ?? severity), status: 'skipped', sentence: why };
}

/** A result about nothing of its own. */
export function bare(
	id: string,
	level: CheckLevel,
	severity: FindingSeverity,
): Omit<CheckDraft, 'status' | 'sentence'> {
	return { id, level, severity, object: null, origin: null, nodes: [], hint: null, witness: null };
}

/** What was found of a level, and that the other checks of it hold. */
export function withHolding(
	level: CheckLevel,
	found: readonly CheckDraft[],
	choice: CheckChoice,
): readonly CheckDraft[] {
	const told = new Set(found.map(({ id }) => id));
	const others = [...choice.asked].filter((id) => checkOf(id).level === level && !told.has(id));
	return [...found, ...others.map((id) => holds(id, choice))];
}
