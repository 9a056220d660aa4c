import type { FailedGate, Finding, FindingSeverity } from '../model/change-set.ts';
import { shown } from '../model/names.ts';
import { nearest } from '../model/nearest.ts';
import { FINDING_IDS, type FindingId, isFindingId } from './catalogue.ts';
import { counted } from './words.ts';

/** The least severity that fails; `never` for none. */
export type FailOn = FindingSeverity | 'never';

const LEVELS: readonly FindingSeverity[] = ['error', 'warn', 'info'];

const THINGS: Readonly<Record<FindingSeverity, string>> = { error: 'error', warn: 'warning', info: 'note' };

/** The gates that findings fail. What is waived fails none. */
export function failedGates(
	findings: readonly Finding[],
	options: { readonly failOn: FailOn; readonly maxRemovedPercent: number | null },
): readonly FailedGate[] {
	const counting = findings.filter(({ waiver }) => waiver === null);
	return [
		...severityGate(counting, options.failOn),
		...ownGate(counting, 'out-of-scope-change', '--only-affects'),
		...ownGate(counting, 'guard-exceeded', `--max-removed-percent ${options.maxRemovedPercent}`),
	];
}

function severityGate(findings: readonly Finding[], failOn: FailOn): readonly FailedGate[] {
	if (failOn === 'never') return [];
	const failing = LEVELS.slice(0, LEVELS.indexOf(failOn) + 1);
	const counts = failing.map((level) => ({
		level,
		count: findings.filter(({ severity }) => severity === level).length,
	}));
	const said = counts.filter(({ count }) => count > 0).map(({ level, count }) => counted(count, THINGS[level]));
	return said.length === 0
		? []
		: [
				{
					gate: `--fail-on ${failOn}`,
					sentence: `there ${said[0]?.startsWith('1 ') ? 'is' : 'are'} ${said.join(', ')}`,
				},
			];
}

/** Who asks for one of these means it: it fails whatever --fail-on says, unless its severity was lowered. */
function ownGate(findings: readonly Finding[], id: FindingId, gate: string): readonly FailedGate[] {
	const failing = findings.filter((finding) => finding.id === id && finding.severity === 'error');
	const [first] = failing;
	if (first === undefined) return [];
	const sentence =
		id === 'guard-exceeded'
			? first.sentence
			: `${counted(failing.length, 'object')} changed that ${failing.length === 1 ? 'is' : 'are'} not meant to`;
	return [{ gate, sentence }];
}

/** A severity for an id, `client-ip-hidden=error`, or why the text is none. */
export function readSeverity(
	text: string,
): { readonly id: FindingId; readonly level: FindingSeverity } | { readonly wrong: string } {
	const [, id = '', level = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
	if (id === '') return { wrong: `${shown(text)} is not ID=LEVEL, such as client-ip-hidden=error` };
	if (!isFindingId(id))
		return { wrong: `there is no finding ${shown(id)}; did you mean ${nearest(id, FINDING_IDS)[0]}?` };
	const known = LEVELS.find((each) => each === level);
	return known === undefined ? { wrong: `${shown(level)} is not error, warn or info` } : { id, level: known };
}
