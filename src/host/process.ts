import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { reason } from './reason.ts';

/** How a program is called. */
export interface ProcessOptions {
	/** The program, and what has to stand before it: `['ip', 'netns', 'exec', 'NAME', 'nft']`. */
	readonly command: readonly string[];
	/** After so many milliseconds it is killed. */
	readonly timeLimit: number;
	/** Kills it when it is aborted. What it was told may have been done all the same. */
	readonly signal: AbortSignal | null;
}

/** What became of a program that did not end by itself, or never began. */
export type ProcessFailure =
	/** there is no such program, or it may not be run */
	| { readonly outcome: 'missing'; readonly reason: string }
	/** the machine is out of something: `reason` says what */
	| { readonly outcome: 'not-started'; readonly reason: string }
	/** by somebody else, such as the kernel when memory is short, or by the caller's signal */
	| { readonly outcome: 'killed'; readonly signal: string }
	| { readonly outcome: 'crashed'; readonly signal: string }
	| { readonly outcome: 'timed-out' };

/** What became of a call. */
export type ProcessOutcome =
	| { readonly outcome: 'done' }
	/** it ended by itself, with another exit code than 0 */
	| { readonly outcome: 'failed' }
	| ProcessFailure;

/** A call, what it took, and what the program complained of. */
export type ProcessRun = ProcessOutcome & { readonly milliseconds: number; readonly stderr: string };

/** More complaints are not kept: of a text with many mistakes nft has one for each. */
const MOST_STDERR_BYTES = 256 * 1024;

/** Where there is no folder: nft would keep a history of interactive commands at home, without one in `/`. */
const NO_HOME = '/dev/null';

/** Signals that a program brings upon itself. */
const CRASHES: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSYS', 'SIGTRAP']);

/**
 * Runs a program once, without a shell.
 * @param onOutput given what it prints, piece by piece; while it works the program has to wait. It must not throw.
 * @param stdin an open file that is its standard input; without one there is nothing on it
 * @param stdout an open file that takes what it prints; then `onOutput` is given nothing
 */
export async function runProcess(
	args: readonly string[],
	options: ProcessOptions,
	onOutput: (piece: Buffer) => void,
	stdin: number | 'ignore' = 'ignore',
	stdout: number | 'pipe' = 'pipe',
): Promise<ProcessRun> {
	const start = performance.now();
	const [program = '', ...before] = options.command;
	const subprocess = execa(program, [...before, ...args], {
		// execa takes every open file; its types know of those up to 9.
		stdin: stdin as 'ignore' | 9,
		stdout: stdout as 'pipe' | 9,
		buffer: false,
		reject: false,
		// Messages in English, whatever this process speaks; PATH, because `command` may name others.
		env: { LC_ALL: 'C', HOME: NO_HOME, PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
		extendEnv: false,
		timeout: options.timeLimit,
		killSignal: 'SIGKILL',
		...(options.signal === null ? {} : { cancelSignal: options.signal }),
	});
	subprocess.stdout?.on('data', onOutput);
	const complaints = newKept(MOST_STDERR_BYTES);
	subprocess.stderr.on('data', complaints.add);
	const ended = await Promise.race([subprocess, unkillable(options.timeLimit + GRACE, subprocess)]);
	const stderr = complaints.text();
	return { ...judge(ended, stderr), milliseconds: performance.now() - start, stderr };
}

/** The first bytes of something that comes in pieces: all has to be read, or it would hold the program up. */
export interface Kept {
	readonly add: (piece: Buffer) => void;
	readonly text: () => string;
}

/** Nothing yet. @param most bytes beyond which nothing is kept */
export function newKept(most: number): Kept {
	const pieces: Buffer[] = [];
	let bytes = 0;
	const add = (piece: Buffer) => {
		if (bytes < most) pieces.push(piece.subarray(0, most - bytes));
		bytes += piece.length;
	};
	return { add, text: () => Buffer.concat(pieces).toString() };
}

/** A process that is killed ends, unless it waits in the kernel, or something it started holds its output open. */
const GRACE = 1_000;

/** Gives a process up that has not ended for so long. */
async function unkillable(milliseconds: number, subprocess: Abandoned): Promise<Ended> {
	const ended = new AbortController();
	subprocess.then(
		() => ended.abort(),
		() => ended.abort(),
	);
	try {
		await setTimeout(milliseconds, undefined, { signal: ended.signal });
	} catch {
		return new Promise(() => {});
	}
	subprocess.stdout?.destroy();
	subprocess.stderr.destroy();
	subprocess.unref();
	return { timedOut: true };
}

interface Abandoned extends PromiseLike<unknown> {
	readonly stdout: Readable | null;
	readonly stderr: Readable;
	unref(): void;
}

/** What execa says of a process that ended. */
interface Ended {
	readonly exitCode?: number | undefined;
	readonly signal?: string | undefined;
	readonly timedOut: boolean;
	readonly code?: string | undefined;
	readonly cause?: unknown;
}

function judge(ended: Ended, stderr: string): ProcessOutcome {
	if (ended.timedOut) return { outcome: 'timed-out' };
	if (ended.signal !== undefined) {
		return { outcome: CRASHES.has(ended.signal) ? 'crashed' : 'killed', signal: ended.signal };
	}
	if (ended.exitCode === 0) return { outcome: 'done' };
	if (ended.exitCode === undefined) return unstarted(ended);
	// `ip netns exec` starts the program itself, and says so when it cannot.
	const missing = /^exec of "[^"]*" failed: (.*)$/m.exec(stderr)?.[1];
	return missing === undefined ? { outcome: 'failed' } : { outcome: 'missing', reason: missing };
}

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'EPERM', 'ENOEXEC', 'ELOOP']);

function unstarted({ code, cause }: Ended): ProcessFailure {
	const why = reason(cause);
	return { outcome: code !== undefined && MISSING.has(code) ? 'missing' : 'not-started', reason: why };
}
