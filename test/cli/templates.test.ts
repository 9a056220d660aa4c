import { describe, expect, it } from 'vitest';
import { render, YAML } from '../support/shop.ts';

describe('--templates', () => {
	const withTemplates = (files: Readonly<Record<string, string>>) =>
		render(['-f', 'a.yaml', '--templates', 't'], {}, { 'a.yaml': YAML, ...files });

	it('replaces one file', async () => {
		const { stdout } = await withTemplates({ 't/rule.hbs': '{{phrase when then}} # mine\r\n' });
		expect(stdout).toContain('\t\tmeta l4proto tcp dnat to 10.244.1.5:8080 # mine\n');
	});

	it('replaces one word and keeps the others', async () => {
		const { stdout } = await withTemplates({ 't/words.hbs': '{{#*inline "masquerade"}}masquerade{{/inline}}\n' });
		expect(stdout).not.toContain('fully-random');
		expect(stdout).toContain('meta l4proto tcp dnat to 10.244.1.5:8080');
	});

	it.each([
		[
			'does not parse',
			{ 't/chain.hbs': 'chain {{#if}}\n{{/unless}}' },
			/^nft-gen: the template chain\.hbs cannot be read: if doesn't match unless - 1:9 \(your templates are in t\)$/,
		],
		[
			'asks for what there is not',
			{ 't/rule.hbs': 'x\n{{nothing}}' },
			/^nft-gen: the template rule\.hbs failed: "nothing" not defined - 2:2 \(your templates are in t\)$/,
		],
		[
			'calls a helper there is not',
			{ 't/rule.hbs': '{{nothing 1}}' },
			/^nft-gen: the template rule\.hbs cannot be read: there is no helper "nothing" - 1:0 \(your/,
		],
		[
			'shows a word there is not',
			{ 't/rule.hbs': '{{show "nothing"}}' },
			/^nft-gen: there is no template for "nothing" \(your templates are in t\)$/,
		],
		[
			'has a word that fails',
			{ 't/words.hbs': '{{#*inline "drop"}}drop{{/inline}}{{#*inline "reject"}}{{x}}{{/inline}}' },
			/^nft-gen: the template "reject" in words\.hbs failed: "x" not defined - 1:\d+ \(your/,
		],
		[
			'writes what nft must not read',
			{ 't/rule.hbs': 'a\u0007b' },
			/^nft-gen: a template wrote a control character \(your templates are in t\)$/,
		],
		[
			'is in a folder without templates',
			{ 't/x.txt': '' },
			/^nft-gen: the folder of templates t has none of chain\.hbs, map-elements\.hbs, .*words\.hbs in it$/,
		],
		['is a folder that does not exist', {}, /^nft-gen: the folder of templates t does not exist$/],
		['is a file', { t: 'x' }, /^nft-gen: the folder of templates t does not exist$/],
	])('a template that %s: exit 1, and it is named', async (_what, files, expected) => {
		const { code, stdout, lines } = await withTemplates(files as Readonly<Record<string, string>>);
		expect(lines.join('\n')).toMatch(expected);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
	});

	it('a template of text alone is used as it is', async () => {
		const { stdout } = await withTemplates({ 't/ruleset.hbs': '# empty' });
		expect(stdout).toBe('# empty\n');
	});
});
