import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FINDING_IDS, ruleOf } from '../../src/findings/catalogue.ts';

it('the table of findings is what the code declares', () => {
	const rows = [...readFileSync('docs/findings.md', 'utf8').matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)];
	const told = rows.map(([, id = '', cells = '']) => {
		const [severity, when, hint, mirror] = cells.split(/ ?\| ?/);
		expect(when).not.toBe('');
		return { id, severity, hint, mirror };
	});
	const declared = FINDING_IDS.map((id) => {
		const { severity, hint, mirrors, waiver } = ruleOf(id);
		const mirror = waiver === null ? mirrors.map((each) => `\`${each}\``).join(', ') : `none: ${waiver}`;
		return { id, severity, hint: hint ?? '', mirror };
	});
	expect(told).toEqual(declared);
});
