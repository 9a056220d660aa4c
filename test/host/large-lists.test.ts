import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { READ_LIMITS, STDIN } from '../../src/host/manifests/file-content.ts';
import { type Manifests, parseFiles, readManifests } from '../../src/host/manifests/manifests.ts';
import type { ReadLimits } from '../../src/host/manifests/parsed.ts';
import { findPositions } from '../../src/host/manifests/positions.ts';
import { readSource } from '../../src/host/sources.ts';
import { readPart } from '../../src/model/read-part.ts';
import { temporaryFolder } from '../support/folder.ts';

/** Every list is a large one, and no text is short enough to be tried at once. */
const ITEM_BY_ITEM: ReadLimits = { atOnce: 0, text: 0, item: 1 << 20, window: 1 << 10 };

type Path = readonly (string | number)[];

/** What was read, and where things in it stand. */
function told({ documents, problems, texts }: Manifests, paths: readonly Path[] = []) {
	const file = [...texts.keys()][0] ?? '';
	const places = [
		...problems.flatMap(({ origin }) => origin ?? []),
		...paths.map((path) => ({ file, document: 0, path })),
	];
	const positions = findPositions(places, texts);
	return {
		values: documents.map(({ index, value }) => [index, readPart(value)]),
		sentences: problems.map(({ code, sentence, hint }) => [code, sentence, hint]),
		positions: places.map((place) => positions.get(place)),
	};
}

/** A text read in both ways. */
async function bothWays(text: string | Uint8Array, paths: readonly Path[] = [], limits: Partial<ReadLimits> = {}) {
	const file = join(await temporaryFolder(onTestFinished, { 'dump.json': text }), 'dump.json');
	const read = (how: ReadLimits) => readManifests([file], Readable.from([]), null, how);
	return {
		atOnce: told(await read(READ_LIMITS), paths),
		itemByItem: told(await read({ ...ITEM_BY_ITEM, ...limits }), paths),
	};
}

function fromStdin(chunks: Iterable<Uint8Array>, limits: Partial<ReadLimits> = {}): Promise<Manifests> {
	return readManifests(['-'], Readable.from(chunks), null, { ...ITEM_BY_ITEM, ...limits });
}

function* inChunksOf(size: number, bytes: Buffer): Generator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** All there are in a value. */
function pathsIn(value: unknown, above: Path = []): readonly Path[] {
	const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
	const key = (name: string) => (Array.isArray(value) ? Number(name) : name);
	return [above, ...inner.flatMap(([name, part]) => pathsIn(part, [...above, key(name)]))];
}

const KINDS = ['Service', 'Pod', 'ConfigMap', 'List', 'ServiceList', 7, null];
const anything = fc.jsonValue({ depthSize: 'small' });
const text = fc.constantFrom('web', 'größe', '😀', '\\', '"', '}\n        }', '\u0000', ']', '{', ',');
const object = fc.record(
	{
		apiVersion: fc.constant('v1'),
		kind: fc.constantFrom(...KINDS),
		metadata: fc.dictionary(text, text),
		data: anything,
	},
	{ requiredKeys: ['kind'] },
);
const list = fc.record({
	before: fc.dictionary(text, anything, { maxKeys: 2 }),
	items: fc.array(fc.oneof({ weight: 4, arbitrary: object }, anything), { maxLength: 6 }),
	after: fc.dictionary(text, anything, { maxKeys: 2 }),
});
const indent = fc.constantFrom(undefined, 1, 4, '\t');

describe('a large list in JSON', () => {
	it('gives the documents that it gives when it is parsed at once, and everything in it stands where it stands', async () => {
		await fc.assert(
			fc.asyncProperty(
				list,
				indent,
				fc.oneof(fc.nat(60), fc.nat(2000)),
				async ({ before, items, after }, indentation, window) => {
					const value = { ...before, items, kind: 'List', ...after };
					const written = JSON.stringify(value, null, indentation);
					const inItems = pathsIn(value).filter(([first, second]) => first === 'items' && second !== undefined);
					const { atOnce, itemByItem } = await bothWays(written, [[], ...inItems], { window });
					expect(itemByItem).toEqual(atOnce);
					expect(itemByItem.sentences).toEqual([]);
				},
			),
			{ numRuns: 60 },
		);
	});

	it('that is broken is told as when it is parsed at once, wherever it breaks off', async () => {
		const items = [{ kind: 'Service', metadata: { name: 'größe 😀' } }, 7, { kind: 'Pod', a: [1, 'x\\"y'] }];
		const whole = JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, null, 2);
		for (let end = whole.indexOf('[') + 1; end < whole.length; end++) {
			const { atOnce, itemByItem } = await bothWays(whole.slice(0, end), [], { window: end % 40 });
			expect(itemByItem, whole.slice(0, end)).toEqual(atOnce);
			expect(itemByItem.sentences).toHaveLength(1);
		}
	});

	it.each([
		['a comma too many', '{"items": [{"a": 1},\n {"b": 2},\n ]}'],
		['a comma too few', '{"items": [{"a": 1}\n {"b": 2}]}'],
		['no items between commas', '{"items": [\n,]}'],
		['a bracket of the wrong kind', '{"items": [{"a": [1}]}, {"b": 2}]}'],
		['one that closes too early', '{"items": [{"a": 1}}, {"b": 2}]}'],
		['one that closes too much', '{"items": [{"a": 1}]]}'],
		['a value without quotes', '{"items": [{"a": 1},\n {"b": abc}, {"c": 3}]}'],
		['a line break in a string', '{"items": [{"a": "b\nc"}]}'],
		['something after the end', '{"items": [{"a": 1}],\n "kind": "List"}\n{"b": 2}'],
		['something wrong after the items', '{"items": [{"a": 1}],\n "kind": List}'],
		['nothing after the items', '{"items": [{"a": 1}]'],
	])('%s is told where it is', async (_what, broken) => {
		const { atOnce, itemByItem } = await bothWays(broken);
		expect(itemByItem).toEqual(atOnce);
		expect(itemByItem.sentences).toMatchObject([['unparsable-file', expect.stringMatching(/it is left out$/), null]]);
	});

	it.each([
		['none', '{"kind": "List", "items": [ ]}'],
		['a byte order mark before it', '\uFEFF\n{"kind": "List", "items": [{"kind": "Pod"}]}'],
		['two lists of one name', '{"items": [{"kind": "Pod"}], "kind": "List", "items": [{"kind": "Node"}]}'],
		['a list before it that is none of its own', '{"metadata": {"items": [1]}, "items": [{"kind": "Pod"}]}'],
		['items of other formats in turn', '{"items": [\n {"kind": "Pod"\n }, {"kind":"Pod"},\n {"kind": "Pod"\n }]}'],
		[
			'inner brackets in lines like the last one',
			'{"items": [\n{"a": {\n"b": 1\n}\n}, {"a": {\n"b": 1\n}, "c": 2\n}\n]}',
		],
	])('with %s is read as when it is parsed at once', async (_what, written) => {
		const { atOnce, itemByItem } = await bothWays(written, [[], ['items', 0]]);
		expect(itemByItem.values).toEqual(atOnce.values);
		expect(itemByItem.positions[0]).toEqual(atOnce.positions[0]);
		expect(itemByItem.sentences).toEqual([]);
	});

	it('fault 12: comes in any chunks, of characters torn apart too', async () => {
		const value = { items: [{ kind: 'Pod', metadata: { name: '😀ä\\"' } }, { kind: 'Node' }], kind: 'List' };
		const bytes = Buffer.from(JSON.stringify(value, null, 4));
		for (let size = 1; size < bytes.length; size++) {
			const { documents } = await fromStdin(inChunksOf(size, bytes), { atOnce: 20, window: size % 7 });
			expect(documents, `${size}`).toEqual([{ file: STDIN, index: 0, value }]);
		}
	});

	it('from standard input: a place in an item is the item’s, because the text comes only once', async () => {
		const bytes = Buffer.from('{"items": [\n  {"a": 1},\n  {"spec":\n    7}]}');
		const { positions } = told(await fromStdin([bytes]), [['items', 1, 'spec'], ['items', 1], []]);
		expect(positions).toEqual([
			{ line: 3, column: 3 },
			{ line: 3, column: 3 },
			{ line: 1, column: 1 },
		]);
	});

	it('from standard input that breaks off is a problem', async () => {
		const chunks = (function* () {
			yield Buffer.from('{"items": [{"kind": "Pod"},');
			throw new Error('gone');
		})();
		const { documents, problems } = await fromStdin(chunks);
		expect(documents).toEqual([]);
		expect(problems).toMatchObject([{ sentence: 'it cannot be used: gone; nothing is read from it' }]);
	});

	it('that is broken is not read to its end', async () => {
		let closed = false;
		const chunks = (function* () {
			try {
				for (;;) yield Buffer.from('{"items": [x, ');
			} finally {
				closed = true;
			}
		})();
		expect((await fromStdin(chunks)).problems.map(({ code }) => code)).toEqual(['unparsable-file']);
		expect(closed).toBe(true);
	});

	it('from a pipe is read as it comes', async () => {
		const file = join(await temporaryFolder(onTestFinished), 'pipe');
		execFileSync('mkfifo', [file]);
		const [read] = await Promise.all([
			readManifests([file], Readable.from([]), null, ITEM_BY_ITEM),
			writeFile(file, '{"items": [{"kind": "Pod"}]}'),
		]);
		expect(told(read, [['items', 0, 'kind']])).toEqual({
			values: [[0, { items: [{ kind: 'Pod' }] }]],
			sentences: [],
			positions: [{ line: 1, column: 12 }],
		});
	});

	it('whose file is gone when a place is asked for has the place of the item', async () => {
		const folder = await temporaryFolder(onTestFinished, { 'a.json': '{"items": [1,\n {"a":\n 1}]}' });
		const read = await readManifests([join(folder, 'a.json')], Readable.from([]), null, ITEM_BY_ITEM);
		await writeFile(join(folder, 'a.json'), '');
		expect(told(read, [['items', 1, 'a']]).positions).toEqual([{ line: 2, column: 2 }]);
	});

	it('with an item that is too large is left out, and the place is the item’s', async () => {
		const bytes = Buffer.from(`{"items": [{"a": 1},\n{"b": "${'x'.repeat(5000)}"}]}`);
		const { values, sentences, positions } = told(await fromStdin(inChunksOf(100, bytes), { item: 1000, window: 100 }));
		expect(values).toEqual([]);
		expect(sentences).toEqual([
			[
				'unparsable-file',
				'this file cannot be parsed: an item of its list is too large, or lacks a quote or bracket; it is left out',
				null,
			],
		]);
		expect(positions).toEqual([{ line: 2, column: 1 }]);
	});

	it('has a digest, the same for the same bytes wherever they are', async () => {
		const [one, two] = ['{"items": [1]}', '{"items": [2]}'];
		const folder = await temporaryFolder(onTestFinished, { 'a.json': one, 'b.json': two, 'c.json': one });
		const world = {
			folder,
			environment: {},
			cluster: { kubeconfig: null, context: null },
			onObjects: () => {},
			stdin: Readable.from([Buffer.from(one)]),
		};
		const digest = async (source: string) => (await readSource(source, world, ITEM_BY_ITEM)).digest;
		const [a, b, c] = await Promise.all(['a.json', 'b.json', 'c.json'].map((file) => digest(join(folder, file))));
		expect(a).toMatch(/^sha256:[0-9a-f]{64}$/);
		expect([b === a, c === a, (await digest('-')) === a]).toEqual([false, true, true]);
	});
});

describe('a large file that is no list in JSON', () => {
	const OTHERS = ['kind: Service\n', '{"kind": "Service"}', '[1, 2]', '{"items": {"a": 1}}', 'a: {"items": [1]}'];

	it.each(OTHERS)('is parsed at once as long as it can be: %j', async (written) => {
		const limits = { ...ITEM_BY_ITEM, text: 100 };
		const folder = await temporaryFolder(onTestFinished, { 'a.yaml': written });
		const file = join(folder, 'a.yaml');
		const { documents } = await readManifests([file], Readable.from([]), null, limits);
		const atOnce = await readManifests([file], Readable.from([]));
		expect(documents).toEqual(atOnce.documents);
		const [chunk] = (await fromStdin([Buffer.from(written)], limits)).documents;
		expect(chunk?.value).toEqual(atOnce.documents[0]?.value);
	});

	it('begins like one and is YAML: it is parsed at once as long as it can be', async () => {
		const folder = await temporaryFolder(onTestFinished, {
			'a.yaml': '{"items": [{"kind": "Pod"},]}\n---\n{"b": 2}\n',
		});
		const limits = { ...ITEM_BY_ITEM, text: 100 };
		const { documents } = await readManifests([join(folder, 'a.yaml')], Readable.from([]), null, limits);
		expect(documents.map(({ value }) => value)).toEqual([{ items: [{ kind: 'Pod' }] }, { b: 2 }]);
	});

	it('and does not fit into a text is told, with what to do', async () => {
		const limits = { ...ITEM_BY_ITEM, text: 1 << 20 };
		const long = `# ${'x'.repeat(1 << 20)}\nkind: Service\n`;
		const folder = await temporaryFolder(onTestFinished, { 'a.yaml': long });
		const problem = {
			code: 'unreadable-file',
			severity: 'error',
			sentence: 'it is larger than 1 MiB, as only a list in JSON may be; nothing is read from it',
			hint: 'take what "kubectl get -o json" prints, or several files',
		};
		expect((await readManifests([folder], Readable.from([]), null, limits)).problems).toMatchObject([problem]);
		expect((await fromStdin([Buffer.from(long)], limits)).problems).toMatchObject([problem]);
	});

	it('and comes from a commit is told too', async () => {
		const bytes = Buffer.alloc(READ_LIMITS.text + 1);
		const { problems } = await parseFiles([{ file: 'deploy/a.yaml', bytes }]);
		expect(problems.map(({ sentence }) => sentence)).toEqual([
			'it is larger than 512 MiB, as only a list in JSON may be; nothing is read from it',
		]);
	});
});
