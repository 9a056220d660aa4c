import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { GITHUB_BUDGET, type MarkdownOptions, markdownReport } from '../../src/report/markdown.ts';
import { type ReadReport, readJsonReport } from '../../src/report/read-json.ts';
import { arbitraryPreview, COMMANDS, type Preview, shopPreview } from '../support/change-sets.ts';

const OPTIONS: MarkdownOptions = {
	commands: COMMANDS,
	key: 'prod',
	linkBase: null,
	previous: null,
	budget: GITHUB_BUDGET,
};

function written({ changes, places, gates }: ReadReport | Preview): string {
	return jsonReport(changes, places, gates, '0.1.0');
}

function commented({ changes, places, gates }: ReadReport | Preview): string {
	return markdownReport(changes, places, gates, OPTIONS);
}

function read(text: string): ReadReport {
	const found = readJsonReport(text);
	if ('wrong' in found) throw new Error(found.wrong);
	return found;
}

/** The report of the shop with something else in it. */
function tampered(change: (document: Record<string, unknown>) => void): string {
	const document = JSON.parse(written(shopPreview())) as Record<string, unknown>;
	change(document);
	return JSON.stringify(document);
}

describe('a report for programs that is read back', () => {
	it('gives the comment that the comparison itself gave, whatever was found', () => {
		fc.assert(
			fc.property(arbitraryPreview, (preview) => {
				const again = read(written(preview));
				expect(commented(again)).toBe(commented(preview));
				expect(written(again)).toBe(written(preview));
			}),
			{ numRuns: 200 },
		);
	});

	it.each([
		['no JSON', 'x', 'it is no JSON'],
		['another document', '{}', /^it is not what "nft-gen schema diff" describes: format_version: /],
		['another form', tampered((it) => (it.format_version = '2.0')), /: format_version: /],
		[
			'markup for the id of a cohort',
			tampered((it) => Object.assign((it.cohorts as object[])[0] ?? {}, { id: '**</details>' })),
			'the id of a cohort is not a few capital letters',
		],
		[
			'markup for a fingerprint',
			tampered((it) => Object.assign((it.changes as object[])[0] ?? {}, { fingerprint: '--><script>' })),
			'a fingerprint is not 12 hex digits',
		],
		[
			'more problems than memory has room for',
			tampered((it) => Object.assign(it.head as object, { problems: { error: 2 ** 40, warning: 0 } })),
			'it counts more problems than any input has',
		],
	])('is refused when it is %s', (_what, text, wrong) => {
		expect(readJsonReport(text)).toEqual({ wrong: expect.stringMatching(wrong) });
	});
});
