import { constants } from 'node:buffer';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { type Chunks, gather, nextChunks, putBack } from './gather.ts';
import type { FileBytes, FileList, ReadLimits } from './parsed.ts';

/** How standard input is called in messages. */
export const STDIN = '<stdin>';

/**
 * A list of `atOnce` bytes is parsed up to twice as fast as item by item, and all of `render` takes less than 1 GB for it. No string
 * of the engine is longer than 512 MiB. An item's end is looked for in a string of twice `item`; no object of a cluster comes near
 * it, but a list in a list may.
 */
export const READ_LIMITS: ReadLimits = {
	atOnce: 192 << 20,
	text: constants.MAX_STRING_LENGTH,
	item: 192 << 20,
	window: 1 << 20,
};

/** A file that is too large, and no list. The message ends a sentence that begins with the file. */
export class TooLargeError extends Error {
	override readonly name = 'TooLargeError';

	constructor(limit: number) {
		super(`is larger than ${Math.round(limit / 2 ** 20)} MiB, as only a list in JSON may be`);
	}
}

/** What to do about one. */
export const TOO_LARGE_HINT = 'take what "kubectl get -o json" prints, or several files';

/**
 * Reads a file, or standard input. Large JSON lists are parsed on the way, so that they need not fit into memory.
 * @throws TooLargeError, and errors of the file system
 */
export async function fileContent(
	file: string,
	stdin: NodeJS.ReadableStream,
	limits: ReadLimits,
): Promise<FileBytes | FileList> {
	const found = file === STDIN ? null : statSync(file);
	if (found === null || !found.isFile()) return once(file, found === null ? stdin : createReadStream(file), limits);
	if (found.size > limits.atOnce) {
		const list = await listOf(file, limits);
		// What is no JSON may be YAML.
		if (list !== null && (list.error === null || found.size > limits.text)) return list;
		if (found.size > limits.text) throw new TooLargeError(limits.text);
	}
	// Nothing else is to be done meanwhile, and the way through Node's thread pool costs more than a small file.
	return { file, bytes: readFileSync(file) };
}

/** What can be read only once: it is held until it is known how to parse it. */
async function once(file: string, stream: NodeJS.ReadableStream, limits: ReadLimits): Promise<FileBytes | FileList> {
	const chunks = chunksOf(stream);
	try {
		const taken = await nextChunks(chunks, limits.atOnce + 1);
		const size = sizeOf(taken);
		const list = size > limits.atOnce ? await asList(file, null, taken, chunks, limits) : null;
		if (list !== null) return list;
		const bytes = await gather(Buffer.concat(taken), chunks, limits.text - size + 1);
		if (bytes.length > limits.text) throw new TooLargeError(limits.text);
		return { file, bytes };
	} finally {
		await chunks.return(undefined);
	}
}

async function listOf(file: string, limits: ReadLimits): Promise<FileList | null> {
	const chunks = chunksOf(createReadStream(file, { highWaterMark: CHUNK }));
	try {
		return await asList(file, file, await nextChunks(chunks, CHUNK), chunks, limits);
	} finally {
		await chunks.return(undefined);
	}
}

const CHUNK = 1 << 20;

/**
 * A JSON list; null where it is something else.
 * @param path where it can be read again; null for nowhere
 */
async function asList(
	file: string,
	path: string | null,
	taken: Uint8Array[],
	chunks: Chunks,
	limits: ReadLimits,
): Promise<FileList | null> {
	// Loaded here only: few files are as large.
	const { listHead, streamList } = await import('./stream-list.ts');
	const head = listHead(Buffer.concat(taken, Math.min(sizeOf(taken), CHUNK)));
	if (head === null) return null;
	return streamList({ file, path, head, chunks: putBack(taken, chunks), limits });
}

function sizeOf(chunks: readonly Uint8Array[]): number {
	return chunks.reduce((size, chunk) => size + chunk.length, 0);
}

/** The stream is closed when nothing more of it is wanted. */
async function* chunksOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array, void> {
	for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
