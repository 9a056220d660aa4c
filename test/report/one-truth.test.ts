import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { diffFormat } from '../../src/report/json-format.ts';
import { GITHUB_BUDGET, markdownReport } from '../../src/report/markdown.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { textReport } from '../../src/report/text.ts';
import { arbitraryPreview, COMMANDS } from '../support/change-sets.ts';

function matches(text: string, pattern: RegExp): readonly string[] {
	return [...text.matchAll(pattern)].map(([, fingerprint = '']) => fingerprint).sort();
}

describe('all reports', () => {
	it('list the same findings', () => {
		fc.assert(
			fc.property(arbitraryPreview, ({ changes, places, gates }) => {
				const views = new Set(['behaviour'] as const);
				const text = textReport(changes, places, gates, { commands: COMMANDS, views, full: true, colour: false });
				const markdown = markdownReport(changes, places, gates, {
					commands: COMMANDS,
					key: '',
					linkBase: null,
					previous: null,
					budget: GITHUB_BUDGET,
				});
				const json = diffFormat.parse(JSON.parse(jsonReport(changes, places, gates, '0.1.0')));
				const listed = changes.findings.map(({ fingerprint }) => fingerprint).sort();
				expect(matches(text, /^(?:ERROR|WARN|NOTE|waived) .*\[([0-9a-f]{12})\]/gm)).toEqual(listed);
				expect(matches(markdown, /^[|-].* `([0-9a-f]{12})`(?:<\/sub>|$|:)/gm)).toEqual(listed);
				expect(json.changes.map(({ fingerprint }) => fingerprint).sort()).toEqual(listed);
				expect(matches(sarifReport(changes, places, '0.1.0'), /"nftgen\/v1": "([0-9a-f]{12})"/g)).toEqual(listed);
			}),
			{ numRuns: 300 },
		);
	});
});
