import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';

/** What a good configuration says. */
function config(text: string): Config {
	const read = readConfig(text, 'nft-gen.yaml');
	if ('problems' in read) throw new Error(read.problems.map(({ sentence }) => sentence).join('\n'));
	return read;
}

/** What is wrong with one: `LINE:COLUMN OBJECT: SENTENCE (HINT)`. */
function wrong(text: string): readonly string[] {
	const read = readConfig(text, 'nft-gen.yaml');
	if (!('problems' in read)) return [];
	return read.problems.map(({ origin, object, sentence, hint }) => {
		const before = text.slice(0, origin !== null && 'offset' in origin ? origin.offset : 0).split('\n');
		const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
		return `${place} ${object === null ? '' : `${object}: `}${sentence}${hint === null ? '' : ` (${hint})`}`;
	});
}

/** The options of the only target, without their places. */
function options(settings: string): readonly unknown[] {
	const [target] = config(`targets: [{ name: a, ${settings} }]`).targets;
	return (target?.options ?? []).map(({ key, value }) => [key, value]);
}

describe('a configuration', () => {
	it('has targets, with what the defaults say where a target says nothing', () => {
		const { targets } = config(`
defaults:
  base: main
  fail-on: error
  only-affects: [shop, edge]
  severity: { client-ip-hidden: error, cosmetic: warn }
targets:
  - name: prod
    path: deploy/prod
    cluster: prod.json.gz
    only-affects: billing
    severity: { cosmetic: error }
  - { name: test, path: deploy/test, fail-on: never, base: next }
`);
		const told = targets.map(({ name, path, cluster, base, options: each }) => ({
			name,
			path: path?.text,
			cluster: cluster?.text ?? null,
			base,
			options: Object.fromEntries(each.map(({ key, value }) => [key, value])),
		}));
		expect(told).toEqual([
			{
				name: 'prod',
				path: 'deploy/prod',
				cluster: 'prod.json.gz',
				base: 'main',
				options: { 'fail-on': ['error'], 'only-affects': ['billing'], severity: ['cosmetic=error'] },
			},
			{
				name: 'test',
				path: 'deploy/test',
				cluster: null,
				base: 'next',
				options: {
					'fail-on': ['never'],
					'only-affects': ['shop', 'edge'],
					severity: ['client-ip-hidden=error', 'cosmetic=warn'],
				},
			},
		]);
	});

	it.each([
		['cluster-cidr: 10.244.0.0/16', [['cluster-cidr', ['10.244.0.0/16']]]],
		['cluster-cidr: [10.244.0.0/16, "fd00::/56"]', [['cluster-cidr', ['10.244.0.0/16,fd00::/56']]]],
		['feature-gates: { A: true, B: false }', [['feature-gates', ['A=true,B=false']]]],
		['masquerade-all: true', [['masquerade-all', true]]],
		['masquerade-all: false', [['masquerade-all', false]]],
		['masquerade-bit: 15', [['masquerade-bit', ['15']]]],
		['kubernetes-version: "1.30"', [['kubernetes-version', ['1.30']]]],
		['max-removed-percent: 30', [['max-removed-percent', ['30']]]],
		['only-affects: [shop/web, shop/cart]', [['only-affects', ['shop/web', 'shop/cart']]]],
		['severity: {}', [['severity', []]]],
	])('says %s in the words of the option', (settings, expected) => {
		expect(options(settings)).toEqual(expected);
	});

	it.each(['{ targets: [{ name: a }], defaults: }', '{"targets": [{"name": "a"}]}'])('may be %s', (text) => {
		expect(config(text).targets).toMatchObject([{ name: 'a', path: null, ignore: null, options: [] }]);
	});

	it('has accepted findings in it or in a file; an entry that is wrong does not count', () => {
		const inline = config(`targets:
  - name: a
    ignore:
      - { id: service-blackholed, object: shop/web, reason: it moves, until: 2099-12-31 }
      - { id: service-blackholed, object: shop/api }
  - { name: b, ignore: accepted.yaml }
`);
		expect(inline.targets.map(({ ignore }) => ignore)).toMatchObject([
			{
				entries: {
					entries: [{ reason: 'it moves', place: 'nft-gen.yaml:4' }],
					problems: [
						{ sentence: expect.stringMatching(/^nft-gen\.yaml:5: reason has to be .*; the entry does not count$/) },
					],
				},
			},
			{ file: { text: 'accepted.yaml' } },
		]);
	});
});

describe('what is wrong with a configuration', () => {
	it.each([
		['', '1:1 it is missing, where a map with targets in it is needed'],
		['[]', '1:1 it is a list, not a map with targets in it'],
		['targets: []', '1:10 targets is a list, not a list of at least one target'],
		['defaults: {}', '1:1 targets is missing, where a list of targets is needed'],
		['target: []\ntargets: [{ name: a }]', '1:1 there is no key target here (did you mean targets?)'],
		[
			'targets:\n  - name: prod\n    clustercidr: 10.0.0.0/8',
			'3:5 target prod: there is no key clustercidr here (did you mean cluster-cidr?)',
		],
		['defaults:\n  name: x\ntargets: [{ name: a }]', '2:3 defaults: there is no key name here (did you mean base?)'],
		[
			'targets:\n  - path: deploy',
			'2:5 target 1: name is missing, where letters, digits, inner hyphens, dots and underscores, 63 at the most is needed',
		],
		[
			'targets: [{ name: ../x }]',
			'1:19 target ../x: name is "../x", not letters, digits, inner hyphens, dots and underscores, 63 at the most',
		],
		['targets: [{ name: a }, { name: a }]', '1:32 there are two targets a'],
		[
			'targets:\n  - { name: a, kubernetes-version: 1.30 }',
			'2:36 target a: kubernetes-version is 1.3, not a text (write it in quotes: "1.30")',
		],
		['targets: [{ name: a, fail-on: errors }]', '1:31 target a: fail-on is "errors", not error, warn, info or never'],
		[
			'defaults: { severity: { x: bad } }\ntargets: [{ name: a }]',
			'1:28 defaults: severity.x is "bad", not error, warn or info',
		],
		[
			'targets: [{ name: a, max-removed-percent: 120 }]',
			'1:43 target a: max-removed-percent is 120, not a whole number from 0 to 100',
		],
		['targets: [{ name: a, masquerade-all: yes }]', '1:38 target a: masquerade-all is "yes", not true or false'],
		['targets: [{ name: a, cluster: }]', '1:31 target a: cluster is missing, where a text is needed'],
		['targets: [{ name: a, name: b }]', '1:22 it cannot be parsed: map keys must be unique'],
		['a: &a 1\nb: *a', '1:1 it has aliases, which it may not have'],
		['targets: []\n---\ntargets: []', '2:1 it cannot be parsed: source contains multiple documents'],
	])('%j', (text, expected) => {
		expect(wrong(text)).toEqual([expected]);
	});

	it('is told all at once', () => {
		expect(wrong('targets: [{ name: a, x: 1, y: 2 }, { name: b, table: 7 }]')).toHaveLength(3);
	});

	it.each(['__proto__', 'constructor', 'toString'])('a key %s is one like any other', (key) => {
		expect(wrong(`targets: [{ name: a, ${key}: 1 }]`)).toMatchObject([
			expect.stringContaining(`there is no key ${key}`),
		]);
	});

	it('is told of any text, and never a crash', () => {
		const hostile = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.json(),
			fc.constantFrom(
				'['.repeat(50_000),
				'{a: '.repeat(50_000),
				`targets: ${'- '.repeat(50_000)}`,
				'? ? ?',
				'!!binary x',
				'&a [*a]',
			),
			fc.dictionary(fc.constantFrom('defaults', 'targets', 'x'), fc.jsonValue()).map((value) => JSON.stringify(value)),
		);
		fc.assert(
			fc.property(hostile, (text) => {
				const read = readConfig(text, 'nft-gen.yaml');
				if (!('problems' in read)) return;
				expect(read.problems).not.toEqual([]);
				for (const { origin } of read.problems) {
					expect(origin !== null && 'offset' in origin && origin.offset <= text.length).toBe(true);
				}
			}),
			{ numRuns: 300 },
		);
	});
});
