import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { reason } from './reason.ts';
import {
	checkEnd,
	readHead,
	readObject,
	type SavedObject,
	type StateOwner,
	UnusableState,
} from './saved-state-format.ts';
import { through } from './through.ts';

/** What a file of saved state gave. */
export type Loaded =
	| { readonly outcome: 'loaded'; readonly objects: readonly SavedObject[]; readonly savedAt: Date }
	/** nothing was saved yet */
	| { readonly outcome: 'none' }
	/** `reason` is a sentence for an operator */
	| { readonly outcome: 'ignored'; readonly reason: string };

/** What is larger is not ours: 150,000 endpoints take some 7 MB on disk, 65 MB as text, and less than 1 MB for an object. */
export interface LoadLimits {
	readonly fileBytes: number;
	readonly textBytes: number;
	readonly lineBytes: number;
}

const LIMITS: LoadLimits = { fileBytes: 64 << 20, textBytes: 256 << 20, lineBytes: 4 << 20 };

/**
 * Reads what was saved; all of it, or nothing. It never throws, whatever the file is: a file that is missing, cut off, damaged,
 * too large, of another format, node or cluster, or that others may have written gives no objects.
 */
export async function loadState(path: string, owner: StateOwner, limits: LoadLimits = LIMITS): Promise<Loaded> {
	try {
		const file = await openOwn(path, limits);
		try {
			return { outcome: 'loaded', ...(await readAll(file, owner, limits)) };
		} finally {
			await file.close();
		}
	} catch (error) {
		if (isCode(error, 'ENOENT')) return { outcome: 'none' };
		return { outcome: 'ignored', reason: `the saved state is ignored: ${path} ${why(error)}` };
	}
}

/** Opens a file that only its owner, which is this user, can have written. A pipe would wait for a writer; a link may lead anywhere. */
export async function openOwn(path: string, { fileBytes }: Pick<LoadLimits, 'fileBytes'>): Promise<FileHandle> {
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const found = await file.stat();
		if (!found.isFile()) throw new UnusableState('is no file');
		if (found.uid !== process.geteuid?.()) throw new UnusableState('belongs to another user');
		if ((found.mode & 0o022) !== 0) throw new UnusableState('may be written by other users');
		if (found.size > fileBytes) throw new UnusableState('is too large');
		return file;
	} catch (error) {
		await file.close();
		throw error;
	}
}

async function readAll(file: FileHandle, owner: StateOwner, limits: LoadLimits): Promise<State> {
	const reader = newReader(owner, limits);
	await through(bytesOf(file), createGunzip(), reader.add);
	return reader.end();
}

async function* bytesOf(file: FileHandle): AsyncGenerator<Buffer> {
	while (true) {
		const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE), 0, PIECE);
		if (bytesRead === 0) return;
		yield buffer.subarray(0, bytesRead);
	}
}

const PIECE = 64 * 1024;

interface State {
	readonly objects: readonly SavedObject[];
	readonly savedAt: Date;
}

interface Reader {
	readonly add: (piece: Buffer) => void;
	readonly end: () => State;
}

const NEWLINE = 10;

/** Reads lines as they come. The last line is known as such only at the end: each is held back until the next one comes. */
function newReader(owner: StateOwner, { textBytes, lineBytes }: LoadLimits): Reader {
	const digest = createHash('sha256');
	const objects: SavedObject[] = [];
	let savedAt: Date | null = null;
	let held: Buffer | null = null;
	let rest = Buffer.alloc(0);
	let bytes = 0;
	const take = (line: Buffer) => {
		if (savedAt === null) savedAt = readHead(text(line), owner);
		else objects.push(readObject(text(line)));
		digest.update(line).update('\n');
	};
	const add = (piece: Buffer) => {
		bytes += piece.length;
		if (bytes > textBytes || rest.length > lineBytes) throw new UnusableState('is too large');
		const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
		let start = 0;
		for (let end = all.indexOf(NEWLINE); end !== -1; end = all.indexOf(NEWLINE, start)) {
			if (held !== null) take(held);
			held = Buffer.from(all.subarray(start, end));
			start = end + 1;
		}
		rest = Buffer.from(all.subarray(start));
	};
	const end = () => {
		if (savedAt === null || held === null || rest.length > 0) throw new UnusableState('is cut off');
		checkEnd(text(held), objects.length, digest.digest('hex'));
		return { objects, savedAt };
	};
	return { add, end };
}

function text(line: Buffer): string {
	return line.toString('utf8');
}

const ENDINGS: ReadonlyMap<string, string> = new Map([
	['Z_BUF_ERROR', 'is cut off'],
	['Z_DATA_ERROR', 'is damaged'],
	['ELOOP', 'is a symbolic link'],
]);

function why(error: unknown): string {
	if (error instanceof UnusableState) return error.message;
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return ENDINGS.get(code) ?? reason(error);
}

function isCode(error: unknown, code: string): boolean {
	return error instanceof Error && 'code' in error && error.code === code;
}
