import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { NftMessage } from './nft-messages.ts';
import { refusal } from './nft-messages.ts';
import { reason } from './reason.ts';

/** How nft is called. */
export interface NftOptions {
	/** The program, and what has to stand before it: `['ip', 'netns', 'exec', 'NAME', 'nft']`. */
	readonly command: readonly string[];
	/** After so many milliseconds nft is killed. */
	readonly timeLimit: number;
	/** Where the files for nft are written; the system's folder for such when null. */
	readonly folder: string | null;
	/** Kills nft when it is aborted. What it was told may have been done all the same. */
	readonly signal: AbortSignal | null;
}

export const NFT: NftOptions = { command: ['nft'], timeLimit: 30_000, folder: null, signal: null };

/**
 * What became of a call. After `done` all of it holds, after `refused`, `missing` and `not-started` none of it; after the
 * others nobody knows without looking, as nft may have ended just before or after the kernel did what it was told.
 */
export type NftOutcome =
	| { readonly outcome: 'done' }
	| { readonly outcome: 'refused'; readonly messages: readonly NftMessage[] }
	/** there is no such program, or it may not be run */
	| { readonly outcome: 'missing'; readonly reason: string }
	/** the machine is out of something: `reason` says what */
	| { readonly outcome: 'not-started'; readonly reason: string }
	/** by somebody else, such as the kernel when memory is short, or by the caller's signal */
	| { readonly outcome: 'killed'; readonly signal: string }
	| { readonly outcome: 'crashed'; readonly signal: string }
	| { readonly outcome: 'timed-out' };

/** A call and what it took. */
export type NftRun = NftOutcome & { readonly milliseconds: number };

/** A call with what nft wrote to standard output. */
export interface NftOutput {
	readonly run: NftRun;
	readonly stdout: string;
}

/** Where the messages of a run point. */
export interface NftInput {
	readonly file: string;
	readonly text: string;
}

const NO_INPUT: NftInput = { file: '', text: '' };

/** More of nft's complaints is not kept: a text with many mistakes has one for each. */
const MOST_STDERR_BYTES = 256 * 1024;

/** Signals that a program brings upon itself. */
const CRASHES: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSYS', 'SIGTRAP']);

/** Runs nft once, without a shell and with nothing on its standard input. */
export async function runNft(
	args: readonly string[],
	options: NftOptions = NFT,
	input: NftInput = NO_INPUT,
): Promise<NftOutput> {
	const start = performance.now();
	const [program = 'nft', ...before] = options.command;
	const subprocess = execa(program, [...before, ...args], {
		stdin: 'ignore',
		buffer: false,
		reject: false,
		// Messages in English, whatever this process speaks; PATH, because `command` may name others.
		env: { LC_ALL: 'C', PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
		extendEnv: false,
		timeout: options.timeLimit,
		killSignal: 'SIGKILL',
		...(options.signal === null ? {} : { cancelSignal: options.signal }),
	});
	const stdout = collect(subprocess.stdout, Number.POSITIVE_INFINITY);
	const stderr = collect(subprocess.stderr, MOST_STDERR_BYTES);
	const ended = await Promise.race([subprocess, unkillable(options.timeLimit + GRACE, subprocess)]);
	const outcome = judge(ended, stderr().toString(), input);
	return { run: { ...outcome, milliseconds: performance.now() - start }, stdout: stdout().toString() };
}

/** A process that is killed ends, unless it waits in the kernel, or something it started holds its output open. */
const GRACE = 1_000;

/** Gives a process up that has not ended for so long. */
function unkillable(milliseconds: number, subprocess: Abandoned): Promise<Ended> {
	return new Promise((resolve) => {
		const timer = setTimeout(() => {
			subprocess.stdout.destroy();
			subprocess.stderr.destroy();
			subprocess.unref();
			resolve({ timedOut: true });
		}, milliseconds);
		subprocess.then(
			() => clearTimeout(timer),
			() => clearTimeout(timer),
		);
	});
}

interface Abandoned extends PromiseLike<unknown> {
	readonly stdout: Readable;
	readonly stderr: Readable;
	unref(): void;
}

/** Reads a stream to its end and keeps the first bytes of it: one that is not read would hold the program up. */
function collect(stream: Readable, most: number): () => Buffer {
	const chunks: Buffer[] = [];
	let bytes = 0;
	stream.on('data', (chunk: Buffer) => {
		if (bytes < most) chunks.push(chunk.subarray(0, most - bytes));
		bytes += chunk.length;
	});
	return () => Buffer.concat(chunks);
}

/** What execa says of a process that ended. */
interface Ended {
	readonly exitCode?: number | undefined;
	readonly signal?: string | undefined;
	readonly timedOut: boolean;
	readonly code?: string | undefined;
	readonly cause?: unknown;
}

function judge(ended: Ended, stderr: string, input: NftInput): NftOutcome {
	if (ended.timedOut) return { outcome: 'timed-out' };
	if (ended.signal !== undefined) {
		return { outcome: CRASHES.has(ended.signal) ? 'crashed' : 'killed', signal: ended.signal };
	}
	if (ended.exitCode === 0) return { outcome: 'done' };
	if (ended.exitCode === undefined) return unstarted(ended);
	// `ip netns exec` starts nft itself, and says so when it cannot.
	const missing = /^exec of "[^"]*" failed: (.*)$/m.exec(stderr)?.[1];
	if (missing !== undefined) return { outcome: 'missing', reason: missing };
	return { outcome: 'refused', messages: refusal(stderr, input.file, input.text) };
}

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'EPERM', 'ENOEXEC', 'ELOOP']);

function unstarted({ code, cause }: Ended): NftOutcome {
	const why = reason(cause);
	return { outcome: code !== undefined && MISSING.has(code) ? 'missing' : 'not-started', reason: why };
}
