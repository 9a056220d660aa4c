import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { parseText } from '../../src/host/manifests/parse.ts';
import { parseQuickly } from '../../src/host/manifests/quick-parse.ts';
import { YAML_OPTIONS } from '../../src/host/manifests/thorough-parse.ts';

/** What the thorough parser makes of a text; null of a document that has no value, such as one that merges what is no map. */
function thoroughly(text: string): readonly unknown[] {
	return parseAllDocuments(text, YAML_OPTIONS).map((document) => {
		try {
			return document.toJS();
		} catch {
			return null;
		}
	});
}

describe('the quick way to read YAML', () => {
	it.each([
		'a: 1\n',
		'# a comment\n---\na: 1\n---\nb: 2\n',
		'---\n---\na: 1\n',
		'',
		'port: 010\nhex: 0x1F\nfloat: 1.5\nexp: 1e3\nyes: yes\nno: ~\nnil: null\ntrue: true\n',
		'time: 2026-01-01T00:00:00Z\ndate: 2026-01-01\n',
		'ip: 10.0.0.1\nv6: fd00::1\nport: 80\nclock: 12:30:45\n',
		'text: |\n  --- not a document\n  - not an item\nfolded: >-\n  a\n  b\n',
		"quoted: 'it''s'\ndouble: \"\\u00e4\\n\"\n",
		'flow: { a: [1, 2], b: "x" }\nempty: {}\nlist: []\n',
		'items:\n- a: 1\n- a: 2\nkind: List\n',
		'items:\n    - a: 1\n    - a: 2\n',
		'a: 1\r\nb: 2\r\n',
		'key with spaces: 1\n"quoted key": 2\n80: number key\n',
	])('agrees with the thorough one about %j', (text) => {
		const quick = parseQuickly(text, false);
		expect(quick?.values).toEqual(thoroughly(text));
	});

	it('agrees with it about anything that can be written down', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 3 }), async (values) => {
				const text = values.map((value) => `---\n${stringify(value)}`).join('');
				expect((await parseText(text, false)).values).toEqual(thoroughly(text));
			}),
			{ numRuns: 500, examples: [[[[{ '<<': null }]]]] },
		);
	});

	it('says what is wrong with a document that merges what is no map', async () => {
		const { values, errors } = await parseText('- <<: null\n', false);
		expect(values).toEqual([null]);
		expect(errors.map(({ why }) => why)).toEqual(['merge sources must be maps or map aliases']);
	});

	it.each([
		'a: &x 1\nb: *x\n',
		'<<: { a: 1 }\n',
		'a: !!str 1\n',
		'a: [\n',
		'a: 1\na: 2\n',
		'\tb: 1\n',
		`${'['.repeat(30)}\n`,
	])('leaves %j to it', (text) => {
		expect(parseQuickly(text, false)).toBeNull();
	});

	it('knows where the items of a list stand', () => {
		const text = 'apiVersion: v1\nitems:\n- a: 1\n  text: |\n    - b\n- a: 2\nkind: List\n';
		const [document] = parseQuickly(text, false)?.source.documents ?? [];
		expect(document?.items.map(({ start, end }) => text.slice(start, end))).toEqual([
			'a: 1\n  text: |\n    - b\n',
			'a: 2\nkind: List\n',
		]);
	});
});
