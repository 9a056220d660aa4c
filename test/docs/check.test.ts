import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CHECK_IDS, checkOf } from '../../src/check/catalogue.ts';
import { asserted } from '../support/checked.ts';

const TEXT = readFileSync('docs/check.md', 'utf8');

it('the table of lints and traps is what the code declares', () => {
	const rows = [...TEXT.matchAll(/^\| `([a-z-]+)` \| (ruleset|policy) \| (.*) \|$/gm)];
	const told = rows.map(([, id = '', level = '', cells = '']) => {
		const [severity, when, hint] = cells.split(' | ');
		expect(when).not.toBe('');
		return { id, level, severity, hint };
	});
	expect(told).toEqual(
		CHECK_IDS.map((id) => {
			const { level, severity, hint } = checkOf(id);
			return { id, level, severity, hint };
		}),
	);
});

it('the assertions that are shown can be read', () => {
	const [, example = ''] = /```yaml\n(.*?)```/s.exec(TEXT) ?? [];
	const { assertions, wrong } = asserted(example);
	expect([assertions.length, wrong]).toEqual([4, []]);
});
