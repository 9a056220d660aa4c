import { newKept, type ProcessFailure, type ProcessOptions, type ProcessRun, runProcess } from '../process.ts';
import type { NftMessage } from './nft-messages.ts';
import { refusal } from './nft-messages.ts';

/** How nft is called. */
export interface NftOptions extends ProcessOptions {
	/** Where the files for nft are made; the system's folder for such when null. */
	readonly folder: string | null;
}

export const NFT: NftOptions = { command: ['nft'], timeLimit: 30_000, folder: null, signal: null };

/**
 * What became of a call. After `done` all of it holds, after `refused`, `missing` and `not-started` none of it; after the
 * others nobody knows without looking, as nft may have ended just before or after the kernel did what it was told.
 */
export type NftOutcome =
	| { readonly outcome: 'done' }
	| { readonly outcome: 'refused'; readonly messages: readonly NftMessage[] }
	| ProcessFailure;

/** A call and what it took. */
export type NftRun = NftOutcome & { readonly milliseconds: number };

/** A call with what nft wrote to standard output. */
export interface NftOutput {
	readonly run: NftRun;
	readonly stdout: string;
}

/** What nft reads. */
export interface NftInput {
	/** its standard input */
	readonly stdin: number | 'ignore';
	/** the name it is told of it, to which its messages point */
	readonly file: string;
	readonly text: string;
}

/**
 * That nft crashed, and what is known to help: nft 1.0.6 does, as it changes or lists a table, where nft 1.1.3 made a set of another
 * (https://github.com/kubernetes/kubernetes/issues/136786).
 */
export function crashSentence(signal: string): string {
	return `nft crashed with ${signal}: an old one does where a newer nft made a set or map, in whatever table; use an nft as new as the newest on this node`;
}

const NO_INPUT: NftInput = { stdin: 'ignore', file: '', text: '' };

/** Runs nft once, and keeps what it prints. */
export async function runNft(
	args: readonly string[],
	options: NftOptions = NFT,
	input: NftInput = NO_INPUT,
): Promise<NftOutput> {
	const printed = newKept(Number.POSITIVE_INFINITY);
	const run = runOf(await runProcess(args, options, printed.add, input.stdin), input);
	return { run, stdout: printed.text() };
}

/** Runs nft once. @param stdout an open file that takes what it prints @param stdin one that it reads */
export async function runNftInto(
	stdout: number,
	args: readonly string[],
	options: NftOptions,
	stdin: number | 'ignore' = 'ignore',
): Promise<NftRun> {
	return runOf(await runProcess(args, options, () => {}, stdin, stdout), NO_INPUT);
}

function runOf({ stderr, milliseconds, ...outcome }: ProcessRun, { file, text }: NftInput): NftRun {
	const run: NftOutcome =
		outcome.outcome === 'failed' ? { outcome: 'refused', messages: refusal(stderr, file, text) } : outcome;
	return { ...run, milliseconds };
}
