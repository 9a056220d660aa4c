import { describe, expect, it } from 'vitest';
import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import { compileNode } from '../../src/pipeline.ts';
import { render } from '../../src/render/render.ts';
import { showBy } from '../../src/render/templates.ts';
import { rulesetTextDiff } from '../../src/text-diff/text-diff.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

const SHOW = showBy(await builtInTemplates());

/** A node's rules of Services with so many endpoints each. */
function rules(services: Readonly<Record<string, number>>): string {
	const objects = Object.entries(services).flatMap(([name, count], index) => [
		service(name, [`10.96.0.${index + 20}`]),
		slice(
			name,
			Array.from({ length: count }, (_, number) => endpoint({ address: `10.244.${index}.${50 - number}` })),
		),
	]);
	const { ruleset } = compileNode(documents(node(1), ...objects), settings({ families: ['ip'] }));
	return ruleset === null ? '' : render(ruleset, SHOW);
}

function chain(...lines: readonly string[]): string {
	return ['table ip x {', '\tchain c {', ...lines.map((line) => `\t\t${line}`), '\t}', '}', ''].join('\n');
}

describe('the difference of two files of rules', () => {
	it('is an endpoint where one comes, though all shares change', () => {
		expect(rulesetTextDiff(rules({ web: 2, api: 3 }), rules({ web: 3, api: 3 }))).toEqual([
			'@@ table ip nft-gen chain cluster/shop/web/http @@',
			'+meta l4proto tcp dnat to 10.244.0.48:8080',
		]);
	});

	it('is an endpoint in a map of many too', () => {
		expect(rulesetTextDiff(rules({ web: 41 }), rules({ web: 40 }))).toEqual([
			'@@ table ip nft-gen chain cluster/shop/web/http meta l4proto tcp dnat ip addr . port to numgen random map @@',
			'-10.244.0.10 . 8080',
		]);
	});

	it('is the chain and the element of a Service that leaves', () => {
		expect(rulesetTextDiff(rules({ web: 1, api: 1 }), rules({ web: 1 }))).toMatchInlineSnapshot(`
			[
			  "@@ table ip nft-gen set cluster-ips @@",
			  "-10.96.0.21",
			  "@@ table ip nft-gen map services @@",
			  "-10.96.0.21 . tcp . 80 : goto cluster/shop/api/http",
			  "@@ table ip nft-gen chain cluster/shop/api/http @@",
			  "-meta l4proto tcp dnat to 10.244.1.50:8080",
			]
		`);
	});

	it.each([
		['the same', chain('accept'), chain('accept')],
		['indented otherwise', chain('accept'), chain('    accept')],
		[
			'drawn in another order',
			chain('numgen random mod 2 == 0 goto a', 'goto b'),
			chain('numgen random mod 2 == 0 goto b', 'goto a'),
		],
		[
			'with its comment at another rule',
			chain('numgen random mod 2 == 0 goto a comment "c"', 'goto b'),
			chain('numgen random mod 2 == 0 goto b comment "c"', 'goto a'),
		],
		['of elements in another order', 'set s {\nelements = {\na,\nb,\n}\n}', 'set s {\nelements = {\nb,\na,\n}\n}'],
	])('is nothing where they are %s', (_what, before, after) => {
		expect(rulesetTextDiff(before, after)).toEqual([]);
	});

	it('is an order that has a meaning', () => {
		expect(rulesetTextDiff(chain('tcp dport 80 accept', 'drop'), chain('drop', 'tcp dport 80 accept'))).toEqual([
			'@@ table ip x chain c @@',
			' the rules are in another order',
			'-tcp dport 80 accept',
			'-drop',
			'+drop',
			'+tcp dport 80 accept',
		]);
	});

	it('counts lines that are there more than once', () => {
		expect(rulesetTextDiff(chain('counter', 'counter'), chain('counter'))).toEqual([
			'@@ table ip x chain c @@',
			'-counter',
		]);
	});

	it.each(['}', '}}}\n{\n{', 'a {\nb', '\0'])('comes of any text: %j', (text) => {
		expect(rulesetTextDiff(text, text)).toEqual([]);
		expect(() => rulesetTextDiff(text, chain('accept'))).not.toThrow();
	});
});
