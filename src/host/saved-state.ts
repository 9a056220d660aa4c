import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createGzip } from 'node:zlib';
import { reason } from './reason.ts';
import { FORMAT, type SavedObject, type StateOwner } from './saved-state-format.ts';
import { through } from './through.ts';

/** What became of saving. It never throws: an agent works without saved state. */
export type Saved =
	| { readonly outcome: 'saved'; readonly objects: number; readonly bytes: number; readonly milliseconds: number }
	/** the file is as it was; `reason` is a sentence for an operator */
	| { readonly outcome: 'failed'; readonly reason: string };

/** How to save. */
export interface SaveOptions {
	/** Gives up when it is aborted. */
	readonly signal: AbortSignal | null;
	/** the time to note */
	readonly now: () => Date;
}

const SAVE: SaveOptions = { signal: null, now: () => new Date() };

/**
 * Keeps the objects for the next start: all of them or none. They go to a new file beside the old one, which takes its name
 * when everything is on the disk; a crash at any time leaves one of the two. The file is compressed lines of JSON: what it is
 * and whose, one line for each object, and a digest of all that. It is written piece by piece, so that nothing else has to
 * wait; the objects must not change meanwhile. Not for two calls at a time.
 */
export async function saveState(
	path: string,
	owner: StateOwner,
	objects: Iterable<SavedObject>,
	options: Partial<SaveOptions> = {},
): Promise<Saved> {
	const { signal, now } = { ...SAVE, ...options };
	const start = performance.now();
	const temporary = `${path}.new`;
	try {
		await mkdir(dirname(path), { recursive: true, mode: 0o700 });
		await rm(temporary, { force: true });
		const written = await writeSynced(temporary, pieces(owner, objects, now()), signal);
		await rename(temporary, path);
		await syncFolder(dirname(path));
		return { outcome: 'saved', ...written, milliseconds: performance.now() - start };
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {});
		const why = signal?.aborted ? 'is not needed any more' : reason(error);
		return { outcome: 'failed', reason: `the last state could not be saved: ${path} ${why}` };
	}
}

/** A text in pieces, of which the last call gave the number of objects. */
interface Pieces {
	readonly text: Iterable<string>;
	readonly count: () => number;
}

/** Pieces of about this length are compressed at a time. */
const PIECE = 64 * 1024;

function pieces(owner: StateOwner, objects: Iterable<SavedObject>, now: Date): Pieces {
	const digest = createHash('sha256');
	let count = 0;
	const text = function* (): Generator<string> {
		let piece = `${JSON.stringify({ ...FORMAT, ...owner, savedAt: now.toISOString() })}\n`;
		for (const { kind, name, value } of objects) {
			count++;
			piece += `${JSON.stringify({ kind, name, value })}\n`;
			if (piece.length < PIECE) continue;
			digest.update(piece);
			yield piece;
			piece = '';
		}
		digest.update(piece);
		yield `${piece}${JSON.stringify({ objects: count, sha256: digest.digest('hex') })}\n`;
	};
	return { text: text(), count: () => count };
}

/** For its owner alone: Services and addresses of the whole cluster are nobody else's business. */
const MODE = 0o600;

async function writeSynced(
	path: string,
	{ text, count }: Pieces,
	signal: AbortSignal | null,
): Promise<{ readonly objects: number; readonly bytes: number }> {
	const file = await open(path, 'wx', MODE);
	try {
		let bytes = 0;
		const write = async (piece: Buffer) => {
			await file.writeFile(piece);
			bytes += piece.length;
		};
		await through(text, createGzip({ level: 1 }), write, signal);
		await file.sync();
		return { objects: count(), bytes };
	} finally {
		await file.close();
	}
}

/** Makes the new name last through a power failure, where the file system can do that. */
async function syncFolder(path: string): Promise<void> {
	const folder = await open(path, 'r');
	try {
		await folder.sync();
	} catch {
		// Some file systems cannot; the file is whole either way.
	} finally {
		await folder.close();
	}
}
