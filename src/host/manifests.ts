import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import type { Document } from '../model/document.ts';
import { compareBytes } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';

/** What was found in files, and their texts, to tell the line of a problem later. */
export interface Manifests {
	readonly documents: readonly Document[];
	readonly texts: ReadonlyMap<string, string>;
	readonly problems: readonly Problem[];
}

/** How standard input is called in messages. */
export const STDIN = '<stdin>';

/**
 * Reads files, folders (all .yaml, .yml and .json below, hidden ones left out) and `-` for standard input.
 * What cannot be read or parsed is a problem; the rest is read all the same.
 */
export async function readManifests(paths: readonly string[], stdin: NodeJS.ReadableStream): Promise<Manifests> {
	const documents: Document[] = [];
	const texts = new Map<string, string>();
	const problems: Problem[] = [];
	for (const path of paths) {
		for (const file of await filesOf(path, problems)) {
			if (texts.has(file)) continue;
			const text = await textOf(file, stdin, problems);
			if (text === null) continue;
			texts.set(file, text);
			for (const [index, value] of parse(file, text, problems).entries()) documents.push({ file, index, value });
		}
	}
	return { documents, texts, problems };
}

async function filesOf(path: string, problems: Problem[]): Promise<readonly string[]> {
	if (path === '-') return [STDIN];
	try {
		const found = await stat(path);
		if (!found.isDirectory()) return [path];
		const files = await manifestsBelow(path);
		if (files.length === 0) problems.push(unreadable(path, 'has no .yaml, .yml or .json file in it'));
		return files;
	} catch (error) {
		problems.push(unreadable(path, reason(error)));
		return [];
	}
}

async function manifestsBelow(folder: string): Promise<string[]> {
	const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => compareBytes(a.name, b.name));
	const files: string[] = [];
	for (const entry of entries) {
		if (entry.name.startsWith('.')) continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) files.push(...(await manifestsBelow(path)));
		else if (/\.(?:ya?ml|json)$/.test(entry.name)) files.push(path);
	}
	return files;
}

async function textOf(file: string, stdin: NodeJS.ReadableStream, problems: Problem[]): Promise<string | null> {
	try {
		const text = file === STDIN ? await readAll(stdin) : await readFile(file, 'utf8');
		return text.replace(/^\uFEFF/, '');
	} catch (error) {
		problems.push(unreadable(file, reason(error)));
		return null;
	}
}

const REASONS: ReadonlyMap<string, string> = new Map([
	['ENOENT', 'does not exist'],
	['EACCES', 'may not be read by this user'],
	['EISDIR', 'is a folder'],
	['ENOTDIR', 'does not exist'],
]);

/** What an error of the file system means, in words. */
export function reason(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}

function unreadable(file: string, why: string): Problem {
	return {
		code: 'unreadable-file',
		severity: 'error',
		origin: { file, document: 0, path: [] },
		object: null,
		sentence: `it ${why}; nothing is read from it`,
		hint: null,
	};
}

/** JSON is parsed as such because that is far faster; what is not quite JSON may still be YAML. */
function parse(file: string, text: string, problems: Problem[]): readonly unknown[] {
	if (/^\s*[[{]/.test(text)) {
		try {
			return [JSON.parse(text)];
		} catch (error) {
			if (file.endsWith('.json')) {
				problems.push(unparsable(file, jsonErrorOffset(error, text), reason(error)));
				return [];
			}
		}
	}
	return parseYaml(file, text, problems);
}

function jsonErrorOffset(error: unknown, text: string): number {
	const offset = /at position (\d+)/.exec(reason(error))?.[1];
	return offset === undefined ? text.length : Number(offset);
}

function parseYaml(file: string, text: string, problems: Problem[]): unknown[] {
	const values: unknown[] = [];
	for (const document of parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false })) {
		const [error] = document.errors;
		if (error !== undefined) {
			problems.push(unparsable(file, error.pos[0], error.message));
			values.push(null);
			continue;
		}
		try {
			values.push(document.toJS({ maxAliasCount: 100 }));
		} catch (cause) {
			problems.push(unparsable(file, document.range?.[0] ?? 0, reason(cause)));
			values.push(null);
		}
	}
	return values;
}

function unparsable(file: string, offset: number, why: string): Problem {
	return {
		code: 'unparsable-file',
		severity: 'error',
		origin: { file, offset },
		object: null,
		sentence: `this document cannot be parsed: ${why.split('\n')[0]}; it is left out`,
		hint: null,
	};
}
