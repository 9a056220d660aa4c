import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../support/cli.ts';

/** A file of the bundle and those that it loads at once. */
function loadedAtOnce(file: string): readonly string[] {
	const imports = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+\.js)"/g);
	return [file, ...[...imports].flatMap(([, path = '']) => loadedAtOnce(join(dirname(file), path)))];
}

function filesWith(text: string): readonly string[] {
	const chunks = join(dirname(PROGRAM), 'chunks');
	const files = [PROGRAM, ...readdirSync(chunks).map((name) => join(chunks, name))];
	return files.filter((file) => readFileSync(file, 'utf8').includes(text));
}

describe('the bundle', () => {
	it('starts from two files, however many share parts with what is loaded late', () => {
		expect(new Set(loadedAtOnce(PROGRAM)).size).toBe(2);
	});

	it('has the built-in templates in them', () => {
		const files = filesWith('loading this file replaces them in one transaction');
		expect(files).toHaveLength(1);
		expect(loadedAtOnce(PROGRAM)).toContain(files[0]);
	});

	it.each([
		['the compiler of templates', 'JavaScriptCompiler'],
		['other commands than render', "Keep a node's ruleset right"],
		['the API library', 'V1StatefulSet'],
	])('loads %s late', (_what, text) => {
		const files = filesWith(text);
		expect(files).toHaveLength(1);
		expect(loadedAtOnce(PROGRAM)).not.toContain(files[0]);
	});
});
