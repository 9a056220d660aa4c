import { crashSentence, NFT, type NftOptions, type NftRun, runNft } from './nft-process.ts';

/** A release of nft. */
export interface NftVersion {
	readonly kind: 'version';
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	/** As nft says it: `nftables v1.0.6 (Lester Gooch #5)`. */
	readonly text: string;
	/** Whether it can print JSON; null when it does not say. */
	readonly json: boolean | null;
	/** What reads interactive commands, as `editline`; null when it does not say. */
	readonly cli: string | null;
}

/** Why the release of nft is not known, as a sentence. */
export interface NoNftVersion {
	readonly kind: 'unknown';
	readonly run: NftRun;
	readonly sentence: string;
}

/** Older ones misread maps of verdicts that say what they are of: 1.0.2 lists `[invalid type]`, though the kernel has them right. */
export const OLDEST_NFT = '1.0.6';

/** Which release of nft there is. */
export async function nftVersion(options: NftOptions = NFT): Promise<NftVersion | NoNftVersion> {
	const { run, stdout } = await runNft(['-V'], options);
	const version = parseVersion(stdout);
	if (version !== null) return version;
	// Old ones do not know that flag.
	const older = run.outcome === 'refused' ? parseVersion((await runNft(['--version'], options)).stdout) : null;
	return older ?? { kind: 'unknown', run, sentence: failureSentence(run, options) };
}

/** Reads what `nft -V` or `nft --version` prints. */
export function parseVersion(text: string): NftVersion | null {
	const [line, major, minor, patch] = /^nftables v(\d+)\.(\d+)(?:\.(\d+))?.*$/m.exec(text) ?? [];
	if (line === undefined) return null;
	const json = /^\s*json:\s*(yes|no)\s*$/m.exec(text)?.[1];
	return {
		kind: 'version',
		major: Number(major),
		minor: Number(minor),
		patch: Number(patch ?? 0),
		text: line,
		json: json === undefined ? null : json === 'yes',
		cli: /^\s*cli:\s*(\S+)\s*$/m.exec(text)?.[1] ?? null,
	};
}

/** Whether a release is too old to be used. */
export function isTooOld(version: NftVersion): boolean {
	return isOlder(version, OLDEST_NFT);
}

/** Older ones read much more than they are asked for: to list one chain the elements of all sets (1.0.6), for tables everything (1.0.9). */
const LISTS_PARTS = '1.1.1';

/**
 * Whether listing a chain takes no more than that chain does, for many chains in one process. Interactive commands have to be read by
 * editline, which prints nothing where there is no terminal.
 */
export function canListParts(version: NftVersion): boolean {
	return version.cli === 'editline' && !isOlder(version, LISTS_PARTS);
}

function isOlder({ major, minor, patch }: NftVersion, other: string): boolean {
	const [otherMajor = 0, otherMinor = 0, otherPatch = 0] = other.split('.').map(Number);
	if (major !== otherMajor) return major < otherMajor;
	return minor !== otherMinor ? minor < otherMinor : patch < otherPatch;
}

/** A run that did not do what it should, as a sentence for the operator. */
export function failureSentence(run: NftRun, { command, timeLimit }: NftOptions): string {
	const name = command.join(' ');
	switch (run.outcome) {
		case 'missing':
			return `nft cannot be run as ${name} (${run.reason}): install nftables ${OLDEST_NFT} or newer`;
		case 'not-started':
			return `nft could not be started: ${run.reason}`;
		case 'killed':
			return `nft was killed by ${run.signal}`;
		case 'crashed':
			return crashSentence(run.signal);
		case 'timed-out':
			return `nft did not end within ${timeLimit / 1000} s and was killed`;
		case 'refused':
			return `nft refused: ${run.messages[0]?.message ?? 'it did not say why'}`;
		case 'done':
			return `${name} did not answer as nft does`;
	}
}
