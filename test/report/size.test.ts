import { describe, expect, it } from 'vitest';
import { GITHUB_BUDGET, markdownReport } from '../../src/report/markdown.ts';
import { type Amounts, COMMANDS, largePreview } from '../support/change-sets.ts';
import { LINK_BASE, structureOf } from './markdown-structure.ts';

function comment(amounts: Amounts): string {
	const { changes, places, gates } = largePreview(amounts);
	const options = { commands: COMMANDS, key: 'prod', linkBase: LINK_BASE, previous: null, budget: GITHUB_BUDGET };
	return markdownReport(changes, places, gates, options);
}

const ALL_LEFT_OUT = 'errors, warnings and all else';

/** What a comment says it leaves out, and how to see it. */
function leftOut(text: string): string | null {
	return /^Left out, to fit into a comment: (.*)\. `.*` shows all\.$/m.exec(text)?.[1] ?? null;
}

describe('the size of a comment', () => {
	it.each([
		[{ errors: 0, warnings: 0, infos: 0 }, null],
		[{ errors: 5, warnings: 5, infos: 20 }, null],
		[{ errors: 5, warnings: 60, infos: 20, rules: 2_000 }, 'the rules'],
		[{ errors: 20, warnings: 100, infos: 100 }, 'what each change is, and the rules'],
		[{ errors: 30, warnings: 200, infos: 400 }, 'notes, what each change is, and the rules'],
		[{ errors: 200, warnings: 2_000, infos: 0 }, 'warnings, notes, what each change is, and the rules'],
		[{ errors: 300, warnings: 9_700, infos: 40_000 }, 'warnings, notes, what each change is, and the rules'],
		[{ errors: 2_000, warnings: 0, infos: 0 }, ALL_LEFT_OUT],
		[{ errors: 50_000, warnings: 0, infos: 0 }, ALL_LEFT_OUT],
	])('fits with %o, with all errors as long as these fit', (amounts, expected) => {
		const text = comment(amounts);
		expect([...text].length).toBeLessThanOrEqual(GITHUB_BUDGET.characters);
		expect(Buffer.byteLength(text)).toBeLessThanOrEqual(GITHUB_BUDGET.bytes);
		const { fences, details, cells } = structureOf(text);
		expect([fences === null, details === null, cells.size > 1]).toEqual([false, false, false]);
		const missing = Array.from({ length: amounts.errors }, (_, index) => index.toString(16).padStart(12, '0')).filter(
			(fingerprint) => !text.includes(`\`${fingerprint}\``),
		);
		expect(missing.length).toBe(expected === ALL_LEFT_OUT ? amounts.errors : 0);
		expect(leftOut(text)).toBe(expected);
	});

	it('is within the budget where all of it is four bytes long', () => {
		const { changes, places, gates } = largePreview({ errors: 100, warnings: 0, infos: 0 });
		const findings = changes.findings.map((each) => ({ ...each, sentence: '😀'.repeat(170), hint: '😀'.repeat(170) }));
		const budget = { characters: 60_000, bytes: 100_000 };
		const options = { commands: COMMANDS, key: 'prod', linkBase: null, previous: null, budget };
		const text = markdownReport({ ...changes, findings }, places, gates, options);
		expect(Buffer.byteLength(text)).toBeLessThanOrEqual(budget.bytes);
		expect(leftOut(text)).toBe('what each change is, and the rules');
	});

	it('has no line of rules above 175 characters', () => {
		const { changes, places, gates } = largePreview({ errors: 1, warnings: 0, infos: 0 });
		const text = new Map([['C0', `@@ x @@\n-\t${'a'.repeat(400)}\n`]]);
		const options = { commands: COMMANDS, key: 'prod', linkBase: null, previous: null, budget: GITHUB_BUDGET };
		const lines = markdownReport({ ...changes, text }, places, gates, options).split('\n');
		expect(lines.find((line) => line.startsWith('-\t'))).toBe(`-\t${'a'.repeat(85)}…${'a'.repeat(87)}`);
	});
});
