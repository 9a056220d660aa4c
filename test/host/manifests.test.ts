import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { STDIN } from '../../src/host/manifests/file-content.ts';
import { readManifests } from '../../src/host/manifests/manifests.ts';
import { temporaryFolder } from '../support/folder.ts';

async function inFolder(files: Readonly<Record<string, string | Uint8Array>>, ...paths: readonly string[]) {
	const folder = await temporaryFolder(onTestFinished, files);
	const read = await readManifests(
		paths.map((path) => join(folder, path)),
		Readable.from([]),
	);
	const name = (file: string) => file.replace(`${folder}/`, '');
	return {
		folder,
		values: read.documents.map(({ file, index, value }) => [name(file), index, value]),
		sentences: read.problems.map(({ origin, sentence }) => `${name(origin?.file ?? '')}: ${sentence}`),
		offsets: read.problems.map(({ origin }) => (origin !== null && 'offset' in origin ? origin.offset : null)),
	};
}

async function fromStdin(...chunks: readonly (string | Uint8Array)[]) {
	return readManifests(['-', '-'], Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
}

describe('files', () => {
	it('YAML of many documents, with comments and empty ones between', async () => {
		const { values } = await inFolder({ 'a.yaml': '# first\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n' }, 'a.yaml');
		expect(values.filter(([, , value]) => value !== null)).toEqual([
			['a.yaml', 0, { a: 1 }],
			['a.yaml', 3, { b: 2 }],
		]);
	});

	it.each(['a.json', 'a.yaml', 'a.txt'])('JSON in %s', async (file) => {
		expect((await inFolder({ [file]: ' {"a": [1]}\n' }, file)).values).toEqual([[file, 0, { a: [1] }]]);
	});

	it('YAML that begins like JSON, and many documents of JSON in YAML', async () => {
		const { values } = await inFolder({ 'a.yaml': '{a: 1}\n---\n{"b": 2}\n' }, 'a.yaml');
		expect(values).toEqual([
			['a.yaml', 0, { a: 1 }],
			['a.yaml', 1, { b: 2 }],
		]);
	});

	it('merge keys, as kubectl reads them', async () => {
		const text = 'base: &base {x: 1, y: 2}\nmerged:\n  <<: *base\n  y: 3\n';
		expect((await inFolder({ 'a.yaml': text }, 'a.yaml')).values[0]?.[2]).toMatchObject({ merged: { x: 1, y: 3 } });
	});

	it('an empty file holds nothing and is no problem', async () => {
		expect(await inFolder({ 'a.yaml': '' }, 'a.yaml')).toMatchObject({ values: [], sentences: [] });
	});

	it.each([
		['UTF-8', Buffer.from('\uFEFFa: ä\r\nb: 1\r\n')],
		['UTF-16LE', Buffer.from('\uFEFFa: ä\r\nb: 1\r\n', 'utf16le')],
		['UTF-16BE', Buffer.from('\uFEFFa: ä\r\nb: 1\r\n', 'utf16le').swap16()],
	])('byte order marks and Windows’ line ends: %s', async (_encoding, bytes) => {
		expect((await inFolder({ 'a.yaml': bytes }, 'a.yaml')).values).toEqual([['a.yaml', 0, { a: 'ä', b: 1 }]]);
	});

	it('a path given twice, or two paths to one text, is read once or twice, as spelled', async () => {
		expect((await inFolder({ 'd/a.yaml': 'a: 1' }, 'd/a.yaml', 'd/a.yaml', 'd')).values).toHaveLength(1);
	});
});

describe('folders', () => {
	it('are read with all below, in the order of names; hidden and other files are not', async () => {
		const files = {
			'd/z.yml': 'z: 1',
			'd/b/x.json': '{"x": 1}',
			'd/a.yaml': 'a: 1',
			'd/.h.yaml': 'h: 1',
			'd/.git/i.yaml': 'i: 1',
			'd/r.md': '# r',
		};
		const { values, sentences } = await inFolder(files, 'd');
		expect(values.map(([file]) => file)).toEqual(['d/a.yaml', 'd/b/x.json', 'd/z.yml']);
		expect(sentences).toEqual([]);
	});

	it('a folder whose name ends in .yaml is a folder; a link in it to a file is read, one to a folder is told', async () => {
		const folder = await temporaryFolder(onTestFinished, { 'd/sub.yaml/a.yaml': 'a: 1', 'b.yaml': 'b: 1' });
		await symlink('../b.yaml', join(folder, 'd/link.yaml'));
		await symlink('sub.yaml', join(folder, 'd/loop.yaml'));
		const { documents, problems } = await readManifests([join(folder, 'd')], Readable.from([]));
		expect(documents.map(({ value }) => value)).toEqual([{ b: 1 }, { a: 1 }]);
		expect(problems.map(({ sentence }) => sentence)).toEqual(['it is a folder; nothing is read from it']);
	});

	it('a pipe in a folder is not waited for', async () => {
		const folder = await temporaryFolder(onTestFinished, { 'a.yaml': 'a: 1' });
		execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
		expect((await readManifests([folder], Readable.from([]))).documents).toHaveLength(1);
	});

	it('one without manifests is told', async () => {
		const folder = await temporaryFolder(onTestFinished);
		await mkdir(join(folder, 'empty'));
		const { problems } = await readManifests([join(folder, 'empty')], Readable.from([]));
		expect(problems).toMatchObject([
			{ code: 'unreadable-file', sentence: 'it has no .yaml, .yml or .json file in it; nothing is read from it' },
		]);
	});
});

describe('what cannot be read', () => {
	it('is told, and the rest is read', async () => {
		const files = { 'good.yaml': 'a: 1', 'file/x.yaml': 'b: 1' };
		const { values, sentences } = await inFolder(files, 'none.yaml', 'good.yaml/x.yaml', 'good.yaml', 'none.yaml');
		expect(values).toHaveLength(1);
		expect(sentences).toEqual([
			'none.yaml: it does not exist; nothing is read from it',
			'good.yaml/x.yaml: it does not exist; nothing is read from it',
		]);
	});

	it.each([
		['a.yaml', 'a: 1\n---\nb: [\n---\nc: 3\n', [0, 2], /^this document cannot be parsed: /],
		[
			'a.yaml',
			'a: b\nc: : d\n',
			[],
			/^this file cannot be parsed: nested mappings are not allowed in compact mappings; it is left out$/,
		],
		['a.yaml', 'a: 1\na: 2\n', [], /map keys must be unique/],
		['a.yaml', 'a:\n\t- b\n', [], /tabs are not allowed as indentation/],
		['a.yaml', 'a: *nothing\n', [], /unresolved alias/],
		['a.yaml', 'a: &a [1, *a]\n', [], /an alias in it stands for something that holds the alias/],
		[
			'a.yaml',
			`a0: &a0 [x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`).join('\n')}\n`,
			[],
			/resource exhaustion/,
		],
		['a.yaml', '['.repeat(50_000), [], /it is nested too deep/],
		['a.json', '{"a": abc}', [], /^this file cannot be parsed: unexpected token 'a'; it is left out$/],
		[
			'a.json',
			'{"a": [1,\n {"b": abc}, {\n}]}',
			[],
			/^this file cannot be parsed: unexpected token 'a'; it is left out$/,
		],
		[
			'a.json',
			'{"a": 1} {"b": 2}',
			[],
			/^this file cannot be parsed: unexpected non-whitespace character after JSON; it is left out$/,
		],
		['a.json', '{"a": 1', [], /expected ',' or '}' after property value/],
		['a.json', '  \n', [], /it is empty/],
		[
			'a.json',
			`{"a": "${'x'.repeat(100)}\nflush ruleset"}`,
			[],
			/bad control character in string literal; it is left out$/,
		],
	])('%s, %j: the document is left out', async (file, text, left, sentence) => {
		const { values, sentences } = await inFolder({ [file]: text }, file);
		expect(values.filter(([, , value]) => value !== null).map(([, index]) => index)).toEqual(left);
		expect(sentences).toHaveLength(1);
		expect(sentences[0]?.replace(`${file}: `, '')).toMatch(sentence);
	});

	it('a template is told once, whatever many of its documents cannot be parsed; what YAML it is is read', async () => {
		const broken = 'metadata:\n  {{- include "labels" . | nindent 2 }}\n  name: x\n';
		const text = `a: 1\n---\n${broken}---\n{{- if .Values.web }}\n${broken}{{- end }}\n`;
		const folder = await temporaryFolder(onTestFinished, { 'web.yaml': text });
		const { documents, problems } = await readManifests([join(folder, 'web.yaml')], Readable.from([]));
		expect(documents.map(({ value }) => value).filter((value) => value !== null)).toEqual([{ a: 1 }]);
		expect(problems).toMatchObject([
			{
				code: 'unparsable-file',
				severity: 'error',
				origin: { offset: text.indexOf('- include') },
				sentence: expect.stringMatching(/^this file cannot be parsed: .*; what of it is not YAML is left out$/),
				hint: 'it has {{ … }} in it: if it is a template, pass what "helm template" prints',
			},
		]);
	});

	it('JSON nested a million deep is read or told, never a crash', async () => {
		const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
		const { values } = await inFolder({ 'a.json': deep, 'b.json': `${deep}x` }, 'a.json', 'b.json');
		expect(values.length).toBeLessThanOrEqual(1);
	});
});

describe('standard input', () => {
	it('is read once, whatever is said', async () => {
		const { documents } = await fromStdin('a: 1\n---\n', 'b: 2\n');
		expect(documents).toEqual([
			{ file: STDIN, index: 0, value: { a: 1 } },
			{ file: STDIN, index: 1, value: { b: 2 } },
		]);
	});

	it('fault 12: a character split over two chunks is one', async () => {
		const bytes = Buffer.from('a: ä');
		expect((await fromStdin(bytes.subarray(0, 4), bytes.subarray(4))).documents[0]?.value).toEqual({ a: 'ä' });
	});

	it('that breaks off is a problem', async () => {
		const broken = new Readable({
			read() {
				this.destroy(new Error('gone'));
			},
		});
		const { problems } = await readManifests(['-'], broken);
		expect(problems).toMatchObject([{ sentence: 'it cannot be used: gone; nothing is read from it' }]);
	});
});
