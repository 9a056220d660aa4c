import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GITHUB_BUDGET, type MarkdownOptions, markdownReport } from '../../src/report/markdown.ts';
import {
	arbitraryPreview,
	COMMANDS,
	changeSet,
	finding,
	origin,
	type Preview,
	shopPreview,
} from '../support/change-sets.ts';
import { LINK_BASE, structureOf } from './markdown-structure.ts';

function markdown({ changes, places, gates }: Preview, more: Partial<MarkdownOptions> = {}): string {
	const options = { commands: COMMANDS, key: 'prod', linkBase: null, previous: null, budget: GITHUB_BUDGET };
	return markdownReport(changes, places, gates, { ...options, ...more });
}

function alone(...more: Parameters<typeof changeSet>): Preview {
	return { changes: changeSet(...more), places: new Map(), gates: [] };
}

describe('the comment on a pull request', () => {
	it('says what changes, errors first, with the line and what to run', () => {
		const lines = markdown(shopPreview()).split('\n');
		expect(lines.slice(0, 11)).toEqual([
			'<!-- nft-gen:diff v1 key=prod -->',
			'### ❌ nft-gen: 1 error, 2 warnings, 1 failed gate · `prod`',
			'',
			'**618 of 102,600 flow classes change, the other 101,982 are identical.** 200 nodes; Services: 4 of 1,284 differ.',
			'',
			'- ❌ gate `--fail-on error` failed: 1 error was found',
			'',
			'| | Change | Object | Nodes | Cause |',
			'|--|--|--|--|--|',
			'| ❌ | no endpoint is left; clients are refused<br>`3 endpoints` → `refused`<br>did you mean "web"? No pod of shop has the label app=webb<br><sub>`service-blackholed` `a3f8c21b9d04`</sub> | `shop/web:http` | all 200 nodes | `deploy/web.yaml:14`<br>`spec.selector.app` `web` → `webb` |',
			"| ⚠️ | endpoints see the node's address instead of the client's<br>`client's address` → `node's address`<br><sub>`client-ip-hidden` `0c77d1e9b3fa`</sub> | `edge/ingress:https` | 4 nodes, pool=edge | `deploy/edge.yaml:22`<br>`spec.externalTrafficPolicy` `Local` → `Cluster` |",
		]);
		expect(lines.slice(-3)).toEqual([
			'<sub>`git:main:deploy (4c1f9e2)` → `deploy` · endpoints of service ports: 1,283 captured, 1 computed from Pods · digest `9b1d…c204` · reproduce: `nft-gen diff --cluster prod.json.gz main:deploy deploy`</sub>',
			expect.stringMatching(/^<!-- nft-gen:data [\w+/=]+ -->$/),
			'',
		]);
	});

	it('folds notes, cohorts and rules', () => {
		const report = markdown(shopPreview());
		expect([...report.matchAll(/<summary>(.*)<\/summary>/g)].map(([, summary]) => summary)).toEqual([
			'1 note',
			'Nodes in 2 cohorts',
			'Rules of cohort A, as on <code>n1</code> (+38 −12 rules)',
			'Rules of cohort B, as on <code>n101</code> (+36 −12 rules)',
		]);
		expect(structureOf(report)).toMatchObject({ fences: 2, details: 4, cells: new Set([5]) });
	});

	it('links causes to the files of the head side', () => {
		const report = markdown(shopPreview(), { linkBase: LINK_BASE });
		expect(report).toContain(`| [\`deploy/web.yaml:14\`](${LINK_BASE}deploy/web.yaml#L14)<br>`);
	});

	it.each([
		['above the repository', '../web.yaml', null],
		['absolute', '/etc/web.yaml', null],
		['with a line end', 'a\nb.yaml', null],
		['below the folder it is run in', './a/web.yaml', 'a/web.yaml'],
		['with odd characters', 'a b/(c)_`|.yaml', 'a%20b/%28c%29%5f%60%7C.yaml'],
	])('links a file that is %s only where that is one of the repository', (_what, file, path) => {
		const cause = { object: 'Service shop/web', path: 'spec', before: 'a', after: 'b', base: null, head: origin(file) };
		const report = markdown(alone({ findings: [finding({ causes: [cause] })] }), { linkBase: LINK_BASE });
		expect(/\]\((.*?)\)/.exec(report)?.[1] ?? null).toBe(path === null ? null : `${LINK_BASE}${path}`);
	});

	it.each([
		['an error', [finding()], '❌ nft-gen: 1 error'],
		['a warning', [finding({ severity: 'warn' })], '⚠️ nft-gen: 1 warning'],
		['a note', [finding({ severity: 'info' })], '✅ nft-gen: no error, no warning'],
		['a waived error', [finding({ waiver: { reason: 'x', until: '2026-12-31' } })], '✅ nft-gen: no error, no warning'],
		['no change', [], '✅ nft-gen: no change'],
	])('has a title for %s', (_what, findings, title) => {
		expect(markdown(alone({ findings })).split('\n')[1]).toBe(`### ${title} · \`prod\``);
	});

	it('says in few lines that nothing changes', () => {
		const report = markdown(alone());
		expect(report).toContain('\n**nothing changes: 0 of 12 flow classes, no rule, on 1 node.**');
		expect(report.split('\n').length).toBeLessThan(9);
	});

	it('says what is waived and why', () => {
		const waiver = { reason: 'ask @team', until: '2026-12-31' };
		expect(markdown(alone({ findings: [finding({ waiver })] }))).toContain(
			'<summary>1 finding waived</summary>\n\n- ❌ `shop/web:http` `service-blackholed` on node n1 `a3f8c21b9d04`: ask `@team` (until 2026-12-31)\n',
		);
	});

	it('is found again by its first line, whatever the key', () => {
		const first = (key: string) => markdown(alone(), { key }).split('\n')[0];
		expect(first('a-->b')).toBe('<!-- nft-gen:diff v1 key=a-%2D%3Eb -->');
		expect(new Set(['a--b', 'a-b', 'a/b', 'a b'].map(first)).size).toBe(4);
	});
});

describe('a comment in the place of an earlier one', () => {
	const findings = (...fingerprints: readonly string[]) =>
		fingerprints.map((fingerprint) =>
			finding({ fingerprint, severity: fingerprint.startsWith('e') ? 'error' : 'warn' }),
		);
	const since = (before: readonly string[], after: readonly string[]) => {
		const previous = markdown(alone({ findings: findings(...before) }));
		return markdown(alone({ findings: findings(...after) }), { previous }).split('\n')[4];
	};

	it.each([
		['what is new and resolved', ['e1', 'w1'], ['e1', 'e2'], 'New since last push: 1 error. Resolved: 1 warning.'],
		['only what is new', [], ['e1', 'e2', 'w1'], 'New since last push: 2 errors, 1 warning.'],
		['only what is resolved', ['e1'], [], 'Resolved: 1 error.'],
		['that nothing is', ['e1'], ['e1'], 'No new error or warning since last push.'],
	])('says %s', (_what, before, after, expected) => expect(since(before, after)).toBe(expected));

	it.each([
		['has no data', 'hello'],
		['has broken data', '<!-- nft-gen:data e30= -->\n<!-- nft-gen:data ???? -->'],
		[
			'has data of another form',
			`<!-- nft-gen:data ${Buffer.from('{"errors":[1],"warnings":[]}').toString('base64')} -->`,
		],
		[
			'had too much to keep',
			markdown(alone({ findings: Array.from({ length: 501 }, (_, index) => finding({ fingerprint: `${index}` })) })),
		],
	])('says nothing of one that %s', (_what, previous) => {
		expect(markdown(alone({ findings: findings('e1') }), { previous })).not.toMatch(/since last push|Resolved/);
	});

	it('believes the last line only, not what an object is called', () => {
		const fake = `<!-- nft-gen:data ${Buffer.from('{"errors":[],"warnings":[]}').toString('base64')} -->`;
		const previous = markdown(alone({ findings: [finding({ fingerprint: 'e1', sentence: `x\n${fake}\n` })] }));
		const report = markdown(alone({ findings: findings('e1') }), { previous });
		expect(report).toContain('No new error or warning since last push.');
	});
});

describe('hostile text in a comment', () => {
	it('is no markup, no link, calls nobody and ends no cell, block or folded part', () => {
		fc.assert(
			fc.property(arbitraryPreview, (preview) => {
				const { fences, details, open, cells } = structureOf(markdown(preview, { linkBase: LINK_BASE }));
				expect([fences, details]).not.toContain(null);
				expect([...cells].filter((count) => count !== 5)).toEqual([]);
				const text = open.replace(/^### /m, '').replaceAll(/<\/?(?:details|summary|sub|br)>/g, '');
				expect(text).not.toMatch(/[<>@#\\`]|:\/\/|www\.|\bgh-\d|:tada:|(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/iu);
			}),
			{ numRuns: 300 },
		);
	});
});
