import { describe, expect, it } from 'vitest';
import { findPositions } from '../../src/host/manifests/positions.ts';
import { parseNow } from '../support/parse-now.ts';

/** Where a value stands: `LINE:COLUMN`, and the text from there. */
function place(text: string, document: number, path: readonly (string | number)[], json = false): string {
	const origin = { file: 'x', document, path };
	const texts = new Map([['x', parseNow(text, json).source]]);
	const position = findPositions([origin], texts).get(origin);
	if (position === undefined) return 'nowhere';
	const line = text.split('\n')[position.line - 1] ?? '';
	return `${position.line}:${position.column} ${line.slice(position.column - 1).trim()}`;
}

const YAML = `# a comment
apiVersion: v1
kind: Service
spec:
  ports:
    - name: http
      port: 80
    - { name: x, port: 65536 }
---
# another
kind: List
items:
- kind: Service
  metadata:
    name: a
- kind: Service
  metadata: {name: b, labels: {"x": "y"}}
  spec: &spec
    type: "Foo"
- kind: Service
  spec: *spec
...
---
{"kind": "Service", "metadata": {"name": "c"}}
`;

describe('positions in YAML', () => {
	it.each([
		[0, [], '2:1 apiVersion: v1'],
		[0, ['spec', 'ports', 0], '6:7 name: http'],
		[0, ['spec', 'ports', 1, 'port'], '8:24 65536 }'],
		[0, ['spec', 'nothing', 'here'], '5:3 ports:'],
		[1, [], '11:1 kind: List'],
		[1, ['items', 0], '13:3 kind: Service'],
		[1, ['items', 0, 'metadata', 'name'], '15:11 a'],
		[1, ['items', 1, 'metadata', 'labels', 'x'], '17:37 "y"}}'],
		[1, ['items', 1, 'spec', 'type'], '19:11 "Foo"'],
		[1, ['items', 2, 'spec', 'type'], '21:9 *spec'],
		[1, ['items', 7, 'spec'], '13:1 - kind: Service'],
		[2, ['metadata', 'name'], '24:42 "c"}}'],
		[9, ['metadata'], '1:1 # a comment'],
	])('document %i, %j', (document, path, expected) => {
		expect(place(YAML, document, path)).toBe(expected);
	});

	it.each([
		['Windows’ line ends', (text: string) => text.replaceAll('\n', '\r\n')],
		['no line end at the end', (text: string) => text.trimEnd()],
	])('%s change nothing', (_what, change) => {
		expect(place(change(YAML), 1, ['items', 1, 'spec', 'type'])).toBe('19:11 "Foo"');
		expect(place(change(YAML), 2, ['metadata', 'name'])).toBe('24:42 "c"}}');
	});

	it('lists in flow style and on one line', () => {
		expect(place('{kind: List, items: [{kind: A}, {kind: B, x: 1}]}', 0, ['items', 1, 'x'])).toBe('1:46 1}]}');
	});

	it('items whose list is indented, with blocks of text and comments in them', () => {
		const text =
			'kind: List\nitems:\n    # one\n    -   kind: A\n        note: |\n          text: 1\n        x: 5 # five\n';
		expect(place(text, 0, ['items', 0, 'x'])).toBe('7:12 5 # five');
	});

	it('characters outside the plane count as editors count them', () => {
		expect(place('{a: "😀", b: 1}', 0, ['b'])).toBe('1:14 1}');
	});

	it('a text that begins with an empty line', () => {
		expect(place('\n\nkind: Service\nspec: 7\n', 0, ['spec'])).toBe('4:7 7');
	});

	it('errors of the parser', () => {
		const text = 'a: 1\n---\nb: c: d\n';
		const { errors, source } = parseNow(text, false);
		const origin = { file: 'x', offset: errors[0]?.offset ?? 0 };
		expect(findPositions([origin], new Map([['x', source]])).get(origin)).toEqual({ line: 3, column: 4 });
	});
});

describe('positions in JSON', () => {
	const value = { kind: 'List', items: [{ kind: 'A' }, { kind: 'B', spec: { ports: [{ port: 80.5 }] } }] };

	it('on one line', () => {
		expect(place(JSON.stringify(value), 0, ['items', 1, 'spec', 'ports', 0, 'port'])).toBe('1:75 80.5}]}}]}');
	});

	it.each(['\n', '\r\n'])('pretty printed, lines ending in %j', (end) => {
		const text = JSON.stringify(value, null, 2).replaceAll('\n', end);
		expect(place(text, 0, ['items', 1, 'spec', 'ports', 0, 'port'], true)).toBe('12:21 80.5');
		expect(place(text, 0, ['items', 1, 'spec', 'missing'], true)).toBe('9:15 {');
	});

	it.each([
		['{"a":\n  abc}', '2:3'],
		['{"a": 1,}', '1:9'],
		['{"a": 1\n"b": 2}', '2:1'],
		['{"a": 1} x', '1:10'],
		['{"a": 1', '1:8'],
		['[1, 2\n', '2:1'],
	])('errors of the parser in %j', (text, expected) => {
		const { errors, source } = parseNow(text, true);
		const origin = { file: 'x', offset: errors[0]?.offset ?? 0 };
		const position = findPositions([origin], new Map([['x', source]])).get(origin);
		expect(`${position?.line}:${position?.column}`).toBe(expected);
	});

	it('nested too deep to be looked up: the nearest place that was met', () => {
		const text = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "b": 1}`;
		expect(place(text, 0, ['b'], true)).toMatch(/^1:1 /);
	});

	it('a file of 20 MB', () => {
		const item = {
			kind: 'Service',
			metadata: { name: 'x', annotations: { a: 'x'.repeat(300) } },
			spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
		};
		const text = JSON.stringify({ kind: 'List', items: Array.from({ length: 45_000 }, () => item) });
		expect(text.length).toBeGreaterThan(19e6);
		expect(place(text, 0, ['items', 44_999, 'spec', 'ports', 0, 'port'], true)).toMatch(/^1:\d+ 80/);
	});

	it('a YAML list of 2 MB with a problem in each of 100 items', () => {
		const text = `kind: List\nitems:\n${Array.from({ length: 5000 }, (_, index) => `- kind: Service\n  metadata:\n    name: s${index}\n    note: ${'x'.repeat(350)}\n`).join('')}`;
		const texts = new Map([['x', parseNow(text, false).source]]);
		const places = Array.from({ length: 100 }, (_, index) => ({
			file: 'x',
			document: 0,
			path: ['items', index * 50, 'metadata', 'name'],
		}));
		const found = findPositions(places, texts);
		expect(places.map((each) => found.get(each)?.line)).toEqual(places.map((_, index) => index * 200 + 5));
	});
});
