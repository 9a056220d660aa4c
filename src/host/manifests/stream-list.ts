import { isAscii } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { itemKind, readPart } from '../../model/read-part.ts';
import { advance } from './advance.ts';
import { type Chunks, gather } from './gather.ts';
import { itemsBegin } from './json-items.ts';
import type { FileList, ItemPlace, ListText, ParseError, Position, ReadLimits } from './parsed.ts';
import { lastLineOf, type Taken, takeItem, type Window } from './take-item.ts';

/** How far the list may begin from the start of the text. What kubectl and the API print before it is short. */
const LONGEST_HEAD = 64 << 10;

/** The begin of a list, up to its opening bracket. */
export interface ListHead {
	/** without a byte order mark */
	readonly text: string;
	readonly bytes: number;
	/** what a typed list says that its items are; empty where nothing is said */
	readonly itemKind: string;
}

/** The head of a JSON list, `{ …, "items": [`, in the first bytes of a text; null where it is something else. */
export function listHead(bytes: Buffer): ListHead | null {
	const end = itemsBegin(bytes.toString('latin1', 0, LONGEST_HEAD));
	if (end === null) return null;
	const text = bytes.toString('utf8', 0, end).replace(/^\uFEFF/, '');
	try {
		const { kind }: { readonly kind?: unknown } = JSON.parse(`${text}]}`);
		return { text, bytes: end, itemKind: typeof kind === 'string' && kind.endsWith('List') ? itemKind(kind) : '' };
	} catch {
		return null;
	}
}

/** How a list is read. */
export interface ListRequest {
	/** as messages name it */
	readonly file: string;
	/** where items can be read again; null for nowhere */
	readonly path: string | null;
	readonly head: ListHead;
	/** from the first byte */
	readonly chunks: Chunks;
	readonly limits: ReadLimits;
}

/** What was read of a list so far. */
interface Progress {
	readonly values: unknown[];
	readonly places: ItemPlace[];
	/** the next byte: in the file, in the text, and as editors count it */
	byte: number;
	offset: number;
	position: Position;
}

const TOP: Position = { line: 1, column: 1 };

/**
 * Parses a JSON list as it is read, item by item, and keeps of each what somebody reads: its text is never there as a whole.
 * One thing that is wrong with it leaves all of it out, as in a text that is parsed at once.
 */
export async function streamList(request: ListRequest): Promise<FileList> {
	const { file, path, head, chunks } = request;
	const hash = createHash('sha256');
	const progress: Progress = {
		values: [],
		places: [],
		byte: head.bytes,
		offset: head.text.length,
		position: advance(TOP, head.text, 0, head.text.length),
	};
	const read = await readItems({ ...request, chunks: hashed(chunks, hash) }, progress);
	const error = 'why' in read ? read : null;
	const source: ListText = {
		path,
		begin: advance(TOP, head.text, 0, head.text.indexOf('{')),
		items: progress.places,
		broken: error === null ? null : progress.position,
		sha256: hash.digest('hex'),
	};
	return { file, value: 'value' in read ? read.value : null, error, source };
}

function hashed(chunks: Chunks, hash: Hash): Chunks {
	return {
		next: async () => {
			const next = await chunks.next();
			if (next.done !== true) hash.update(next.value);
			return next;
		},
	};
}

type ReadValue = ParseError | { readonly value: unknown };

async function readItems({ head, chunks, limits }: ListRequest, progress: Progress): Promise<ReadValue> {
	let bytes = (await gather(Buffer.alloc(0), chunks, head.bytes + limits.window)).subarray(head.bytes);
	for (;;) {
		const { next, stopped } = takeItems(bytes, head.itemKind, progress);
		const rest = bytes.subarray(next);
		if (stopped === 'closed') return readTail(head, await gather(rest, chunks, limits.item), progress);
		if (stopped === 'broken') return wrongItem(rest, progress);
		if (rest.length > limits.item) return tooLong(rest, progress);
		bytes = await gather(rest, chunks, Math.max(limits.window, rest.length));
		if (bytes.length === rest.length) return wrongItem(rest, progress);
	}
}

/** The progress ends where the item begins. */
function tooLong(bytes: Buffer, progress: Progress): ParseError {
	const blanks = blanksIn(bytes.toString('latin1'));
	pass(blanks, blanks.length, progress);
	return { offset: progress.offset, why: 'an item of its list is too large, or lacks a quote or bracket' };
}

/** Those that a text begins with. */
function blanksIn(text: string): string {
	return /^[ \t\r\n]*/.exec(text)?.[0] ?? '';
}

/**
 * Takes all items that end in these bytes.
 * @returns the first byte after them, and why they ended there: the next item goes on, the list is closed, or it is not JSON
 */
function takeItems(
	bytes: Buffer,
	kind: string,
	progress: Progress,
): { readonly next: number; readonly stopped: 'open' | 'closed' | 'broken' } {
	const window: Window = { bytes, characters: bytes.toString('latin1'), isAscii: isAscii(bytes) };
	let lastLine: string | null = null;
	let next = 0;
	for (;;) {
		const item = takeItem(window, next, lastLine);
		if (item === null) return { next, stopped: 'open' };
		const mark = window.characters[item.end];
		const isNone = progress.values.length === 0 && mark === ']' && item.text.trim() === '';
		if (mark === '}' || (item.value === undefined && !isNone)) return { next, stopped: 'broken' };
		if (!isNone) noteItem(item, item.end - next, kind, progress);
		pass(item.text, item.end - next, progress);
		pass(',', 1, progress);
		if (mark === ']') return { next: item.end + 1, stopped: 'closed' };
		lastLine = lastLineOf(item.text);
		next = item.end + 1;
	}
}

function noteItem({ text, value }: Taken, bytes: number, kind: string, progress: Progress): void {
	const blanks = blanksIn(text).length;
	const { byte, position, values, places } = progress;
	values.push(readPart(value, kind));
	places.push({ start: byte + blanks, end: byte + bytes, ...advance(position, text, 0, blanks) });
}

function pass(text: string, bytes: number, progress: Progress): void {
	progress.byte += bytes;
	progress.offset += text.length;
	progress.position = advance(progress.position, text, 0, text.length);
}

/** What follows the list. A second list of the same name counts, as it does to every parser of JSON. */
async function readTail({ text }: ListHead, bytes: Buffer, progress: Progress): Promise<ReadValue> {
	const [head, tail] = [`${text}0]`, bytes.toString()];
	try {
		const value: { readonly items?: unknown } = JSON.parse(head + tail);
		const isThis = Array.isArray(value.items) && value.items.length === 1 && value.items[0] === 0;
		return { value: isThis ? { ...value, items: progress.values } : value };
	} catch {
		return wrong(head, tail, progress);
	}
}

/** The items before, which were right, are one number to the parser. */
function wrongItem(bytes: Buffer, progress: Progress): Promise<ParseError> {
	return wrong(progress.values.length === 0 ? '[' : '[0,', bytes.toString(), progress);
}

/** What is wrong with a text after others that are right; the progress ends there. */
async function wrong(before: string, text: string, progress: Progress): Promise<ParseError> {
	const { parseThoroughly } = await import('./thorough-parse.ts');
	const { errors } = parseThoroughly(before + text, true);
	const { offset, why } = errors[0] ?? { offset: before.length, why: 'it is no JSON' };
	const right = text.slice(0, offset - before.length);
	pass(right, right.length, progress);
	return { offset: progress.offset, why };
}
