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
}

/** Why the release of nft is not known, as a sentence. */
export interface NoNftVersion {
	readonly kind: 'unknown';
	readonly run: NftRun;
	readonly sentence: string;
}

/** Older ones fetch everybody's tables for each change (trap T16). */
export const OLDEST_NFT = '1.0.1';

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
	};
}

/** Whether a release is too old to be used. */
export function isTooOld({ major, minor, patch }: NftVersion): boolean {
	const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = OLDEST_NFT.split('.').map(Number);
	if (major !== oldMajor) return major < oldMajor;
	return minor !== oldMinor ? minor < oldMinor : patch < oldPatch;
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
