import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Document } from '../../model/document.ts';
import { compareBytes } from '../../model/order.ts';
import type { Problem } from '../../model/problem.ts';
import { CaptureError, isCapture, openCapture } from '../capture-file.ts';
import { reason } from '../reason.ts';
import { fileContent, READ_LIMITS, STDIN, TOO_LARGE_HINT, TooLargeError } from './file-content.ts';
import { parseText } from './parse.ts';
import type { FileBytes, FileList, ParseError, ReadLimits, SourceText } from './parsed.ts';

/** What was found in files, and their texts, to tell the line of a problem later. */
export interface Manifests {
	readonly documents: readonly Document[];
	readonly texts: ReadonlyMap<string, SourceText>;
	readonly problems: readonly Problem[];
}

/**
 * Reads files, folders (all .yaml, .yml and .json below, hidden ones left out) and `-` for standard input.
 * What cannot be read or parsed is a problem; the rest is read all the same.
 * @param fence the folder that symbolic links in folders must not lead out of; null lets them lead anywhere
 * @param limits from where on files are read in another way
 */
export async function readManifests(
	paths: readonly string[],
	stdin: NodeJS.ReadableStream,
	fence: string | null = null,
	limits: ReadLimits = READ_LIMITS,
): Promise<Manifests> {
	const problems: Problem[] = [];
	const files: string[] = [];
	for (const path of new Set(paths)) files.push(...(await filesOf(path, fence, problems)));
	const found: (FileBytes | FileList)[] = [];
	for (const file of new Set(files)) {
		try {
			found.push(await fileContent(file, stdin, limits));
		} catch (error) {
			problems.push(error instanceof TooLargeError ? tooLarge(file, error) : unreadable(file, reason(error)));
		}
	}
	const parsed = await parseFiles(found);
	return { ...parsed, problems: [...problems, ...parsed.problems] };
}

/** Parses files: manifests, and what `nft-gen capture` saved. What cannot be parsed is a problem; the rest is read all the same. */
export async function parseFiles(files: Iterable<FileBytes | FileList>): Promise<Manifests> {
	const documents: Document[] = [];
	const texts = new Map<string, SourceText>();
	const problems: Problem[] = [];
	for (const content of files) {
		const { file } = content;
		if ('source' in content) {
			texts.set(file, content.source);
			if (content.error === null) documents.push({ file, index: 0, value: content.value });
			else problems.push(unparsable(file, content.error, 1));
			continue;
		}
		const { bytes } = content;
		if (isCapture(bytes)) {
			documents.push(...capturedDocuments(file, bytes, problems));
			continue;
		}
		if (bytes.length > READ_LIMITS.text) {
			problems.push(tooLarge(file, new TooLargeError(READ_LIMITS.text)));
			continue;
		}
		const text = decoded(bytes);
		if (text.startsWith(LFS_POINTER)) {
			problems.push(lfsPointer(file));
			continue;
		}
		const { values, errors, source } = await parseText(text, file.endsWith('.json'));
		texts.set(file, source);
		problems.push(...parseProblems(file, text, errors, values.length));
		for (const [index, value] of values.entries()) documents.push({ file, index, value });
	}
	return { documents, texts, problems };
}

function capturedDocuments(file: string, bytes: Buffer, problems: Problem[]): readonly Document[] {
	try {
		return openCapture(file, bytes);
	} catch (error) {
		if (!(error instanceof CaptureError)) throw error;
		problems.push(unreadable(file, error.message));
		return [];
	}
}

async function filesOf(path: string, fence: string | null, problems: Problem[]): Promise<readonly string[]> {
	if (path === '-') return [STDIN];
	try {
		const found = await stat(path);
		if (!found.isDirectory()) return [path];
	} catch (error) {
		problems.push(unreadable(path, reason(error)));
		return [];
	}
	const before = problems.length;
	const files = await manifestsBelow(path, fence, problems);
	if (files.length === 0 && problems.length === before) {
		problems.push(unreadable(path, 'has no .yaml, .yml or .json file in it'));
	}
	return files;
}

async function manifestsBelow(folder: string, fence: string | null, problems: Problem[]): Promise<readonly string[]> {
	const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
		problems.push(unreadable(folder, reason(error)));
		return [];
	});
	const files: string[] = [];
	for (const entry of entries.sort((a, b) => compareBytes(a.name, b.name))) {
		if (entry.name.startsWith('.')) continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) files.push(...(await manifestsBelow(path, fence, problems)));
		// A pipe or device found by chance could keep us waiting for ever.
		else if ((entry.isFile() || entry.isSymbolicLink()) && isManifest(entry.name)) {
			if (fence === null || entry.isFile() || (await leadsInto(fence, path))) files.push(path);
			else problems.push(unreadable(path, `is a symbolic link that leads out of ${fence}`));
		}
	}
	return files;
}

/** Whether a folder's file of this name is read. */
export function isManifest(name: string): boolean {
	return /\.(?:ya?ml|json)$/.test(name);
}

/** One that leads nowhere is nobody's secret: reading it says so. */
async function leadsInto(fence: string, link: string): Promise<boolean> {
	const target = await realpath(link).catch(() => null);
	return target === null || target.startsWith(fence.endsWith(sep) ? fence : fence + sep);
}

/** UTF-8, or UTF-16 as PowerShell writes it; the byte order mark, which tells them apart, is dropped. */
function decoded(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function tooLarge(file: string, { message }: TooLargeError): Problem {
	return { ...unreadable(file, message), hint: TOO_LARGE_HINT };
}

/** What git has in place of a large file. */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

function lfsPointer(file: string): Problem {
	const hint = 'read the files after "git lfs pull"; commits hold pointers only';
	return { ...unreadable(file, 'is a pointer of Git LFS, not the file itself'), hint };
}

/** A problem of a whole file. @param why the end of a sentence that begins with the file */
export function unreadable(file: string, why: string): Problem {
	return {
		code: 'unreadable-file',
		severity: 'error',
		origin: { file, document: 0, path: [] },
		object: null,
		sentence: `it ${why}; nothing is read from it`,
		hint: null,
	};
}

function parseProblems(
	file: string,
	text: string,
	errors: readonly ParseError[],
	documents: number,
): readonly Problem[] {
	const [first] = errors;
	if (first !== undefined && /\{\{[^{}]*\}\}/.test(text)) return [template(file, first)];
	return errors.map((error) => unparsable(file, error, documents));
}

/** Folders of charts hold many, each wrong in many places. */
function template(file: string, { offset, why }: ParseError): Problem {
	return {
		code: 'unparsable-file',
		severity: 'error',
		origin: { file, offset },
		object: null,
		sentence: `this file cannot be parsed: ${why}; what of it is not YAML is left out`,
		hint: 'it has {{ … }} in it: if it is a template, pass what "helm template" prints',
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
