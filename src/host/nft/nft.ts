import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpFamily } from '../../model/ip.ts';
import { reason } from '../reason.ts';
import { NFT, type NftOptions, type NftOutput, type NftRun, runNft } from './nft-process.ts';

/** Changes the kernel's tables by one transaction: all of the text, or nothing. */
export function applyNft(text: string, options: NftOptions = NFT): Promise<NftRun> {
	return withFile(text, [], options);
}

/** Asks nft and the kernel whether they would take a transaction, and changes nothing. */
export function checkNft(text: string, options: NftOptions = NFT): Promise<NftRun> {
	return withFile(text, ['--check'], options);
}

/** How nft names its standard input when that is a file, which it opens and reads as any other. */
const STDIN = '/proc/self/fd/0';

/**
 * nft reads a file that is complete before it starts: of what comes by a pipe it commits what there is when the writer
 * dies (trap T23).
 */
async function withFile(text: string, args: readonly string[], options: NftOptions): Promise<NftRun> {
	const folder = options.folder ?? tmpdir();
	let stdin: number | null = null;
	try {
		try {
			stdin = filledFile(folder, text);
		} catch (error) {
			const why = `the folder ${folder}, where nft's input is written, ${reason(error)}`;
			return { outcome: 'not-started', reason: why, milliseconds: 0 };
		}
		const { run } = await runNft([...args, '--file', STDIN], options, { stdin, file: STDIN, text });
		return run;
	} finally {
		if (stdin !== null) closeSync(stdin);
	}
}

/**
 * A new file that nobody else can open; it goes when the last process that has it open ends, however that ends. Nothing is
 * waited for: what is small is written sooner than another thread has begun, and what an agent applies is small.
 */
export function namelessFile(folder: string): number {
	const path = join(folder, `nft-gen-${randomUUID()}`);
	const file = openSync(path, 'wx+', 0o600);
	try {
		unlinkSync(path);
	} catch (error) {
		closeSync(file);
		throw error;
	}
	return file;
}

/** A nameless file that holds a text, and is read from its beginning on by whoever has it as an input. */
export function filledFile(folder: string, text: string): number {
	const file = namelessFile(folder);
	const bytes = Buffer.from(text);
	try {
		for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at);
	} catch (error) {
		closeSync(file);
		throw error;
	}
	return file;
}

/** What nft told of a table or set. */
export type Listing =
	| {
			readonly kind: 'listed';
			readonly json: unknown;
			readonly milliseconds: number;
			readonly bytes: number;
			/** whether it is what there was at one moment */
			readonly isOneMoment: boolean;
	  }
	/** there is no such table or set */
	| { readonly kind: 'absent' }
	/** this nft is built without JSON */
	| { readonly kind: 'no-json' }
	/** nft prints half of it, as 1.0.6 does for a table with flags: it is none of ours */
	| { readonly kind: 'unreadable'; readonly reason: string }
	| { readonly kind: 'failed'; readonly run: NftRun };

/** Numbers instead of names: those come from files of the machine, such as /etc/iproute2/rt_marks. */
export const NUMERIC = '--numeric';

/** Everything in one table. This takes long and much memory where the table is large: never on the way of a change. */
export function listTable(family: IpFamily, table: string, options: NftOptions = NFT): Promise<Listing> {
	return list(['list', 'table', family, table], options);
}

/**
 * One set with its elements, of whatever size the table is: nft fetches that set alone. (`nft get element` fetches all sets
 * of the table, at least up to nft 1.0.6.)
 */
export function listSet(family: IpFamily, table: string, set: string, options: NftOptions = NFT): Promise<Listing> {
	return list(['list', 'set', family, table, set], options);
}

/** The tables of a family, without what is in them. Older nfts than 1.1.1 read everything for it. */
export function listTables(family: IpFamily, options: NftOptions = NFT): Promise<Listing> {
	return list(['list', 'tables', family], options);
}

/** Whether there is a table of the name; null when nft cannot say, with the run that shows why. */
export async function tableExists(
	family: IpFamily,
	table: string,
	options: NftOptions = NFT,
): Promise<{ readonly exists: boolean | null; readonly run: NftRun }> {
	// `list table` and `list tables` both fetch every rule; this asks the kernel to make the table, but not to keep it.
	const { run } = await runNft(['--check', 'create', 'table', family, table], options);
	if (run.outcome === 'done') return { exists: false, run };
	const isThere = run.outcome === 'refused' && run.messages.some((message) => message.reason === 'EEXIST');
	return { exists: isThere ? true : null, run };
}

async function list(args: readonly string[], options: NftOptions): Promise<Listing> {
	const { run, stdout } = await runNft(['--json', NUMERIC, ...args], options);
	if (run.outcome === 'done') return parse({ run, stdout });
	if (run.outcome !== 'refused') return { kind: 'failed', run };
	const has = (pattern: RegExp) => run.messages.some(({ message }) => pattern.test(message));
	if (has(/JSON support not compiled/)) {
		return { kind: 'no-json' };
	}
	return has(/^No such file or directory/) ? { kind: 'absent' } : { kind: 'failed', run };
}

function parse({ run, stdout }: NftOutput): Listing {
	try {
		return {
			kind: 'listed',
			json: JSON.parse(stdout),
			milliseconds: run.milliseconds,
			bytes: Buffer.byteLength(stdout),
			isOneMoment: true,
		};
	} catch {
		// nft 1.0.6 prints half of a table that has flags, and says that all is well.
		return { kind: 'unreadable', reason: 'nft printed something that is not JSON' };
	}
}
