import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actionFile } from './runner.ts';

const PAGE = readFileSync('docs/github-action.md', 'utf8');

function firstCells(heading: string): readonly string[] {
	const [, section = ''] = PAGE.split(`\n## ${heading}\n`);
	const rows = section.split('\n## ')[0]?.matchAll(/^\| (`[^|]*) \|/gm) ?? [];
	return [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name)).sort();
}

describe('the page on the Action', () => {
	it('shows the workflow that the tests run', () => {
		const [, shown = ''] = /```yaml\n([\s\S]*?)\n\s*```/.exec(PAGE) ?? [];
		const workflow = readFileSync('docs/workflows/preview.yml', 'utf8');
		expect(shown.replace(/^ {3}/gm, '')).toBe(workflow.trimEnd());
	});

	it('names every input and every output', () => {
		const { inputs, outputs = {} } = actionFile('');
		expect(firstCells('Inputs')).toEqual(Object.keys(inputs).sort());
		expect(firstCells('Outputs')).toEqual(Object.keys(outputs).sort());
	});
});
