import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import type { Document } from '../model/document.ts';
import { compareBytes } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import { parseText } from './parse.ts';
import type { ParseError, SourceText } from './parsed.ts';
import { reason } from './reason.ts';

/** What was found in files, and their texts, to tell the line of a problem later. */
export interface Manifests {
	readonly documents: readonly Document[];
	readonly texts: ReadonlyMap<string, SourceText>;
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
	const texts = new Map<string, SourceText>();
	const problems: Problem[] = [];
	const files: string[] = [];
	for (const path of new Set(paths)) files.push(...(await filesOf(path, problems)));
	for (const file of new Set(files)) {
		const text = await textOf(file, stdin, problems);
		if (text === null) continue;
		const { values, errors, source } = await parseText(text, file.endsWith('.json'));
		texts.set(file, source);
		problems.push(...errors.map((error) => unparsable(file, error, values.length)));
		for (const [index, value] of values.entries()) documents.push({ file, index, value });
	}
	return { documents, texts, problems };
}

async function filesOf(path: string, problems: Problem[]): Promise<readonly string[]> {
	if (path === '-') return [STDIN];
	try {
		const found = await stat(path);
		if (!found.isDirectory()) return [path];
	} catch (error) {
		problems.push(unreadable(path, reason(error)));
		return [];
	}
	const before = problems.length;
	const files = await manifestsBelow(path, problems);
	if (files.length === 0 && problems.length === before) {
		problems.push(unreadable(path, 'has no .yaml, .yml or .json file in it'));
	}
	return files;
}

async function manifestsBelow(folder: string, problems: Problem[]): Promise<readonly string[]> {
	const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
		problems.push(unreadable(folder, reason(error)));
		return [];
	});
	const files: string[] = [];
	for (const entry of entries.sort((a, b) => compareBytes(a.name, b.name))) {
		if (entry.name.startsWith('.')) continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) files.push(...(await manifestsBelow(path, problems)));
		// A pipe or device found by chance could keep us waiting for ever.
		else if ((entry.isFile() || entry.isSymbolicLink()) && /\.(?:ya?ml|json)$/.test(entry.name)) files.push(path);
	}
	return files;
}

async function textOf(file: string, stdin: NodeJS.ReadableStream, problems: Problem[]): Promise<string | null> {
	try {
		// Nothing else is to be done meanwhile, and the way through Node's thread pool costs more than a small file.
		const bytes = file === STDIN ? await readAll(stdin) : readFileSync(file);
		return decoded(bytes);
	} catch (error) {
		problems.push(unreadable(file, reason(error)));
		return null;
	}
}

/** UTF-8, or UTF-16 as PowerShell writes it; the byte order mark, which tells them apart, is dropped. */
function decoded(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	return bytes.toString('utf8').replace(/^\uFEFF/, '');
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

function unparsable(file: string, { offset, why }: ParseError, documents: number): Problem {
	const what = documents > 1 ? 'this document' : 'this file';
	return {
		code: 'unparsable-file',
		severity: 'error',
		origin: { file, offset },
		object: null,
		sentence: `${what} cannot be parsed: ${why}; it is left out`,
		hint: null,
	};
}
