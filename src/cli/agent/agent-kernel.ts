import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../../agent/kernel.ts';
import type { Log } from '../../host/log.ts';
import { applyNft, checkNft } from '../../host/nft/nft.ts';
import { probe } from '../../host/nft/nft-probe.ts';
import type { NftOptions, NftRun } from '../../host/nft/nft-process.ts';
import { nftTables } from '../../host/nft/nft-tables.ts';
import { failureSentence } from '../../host/nft/nft-version.ts';
import { reason } from '../../host/reason.ts';
import { REAL_CLOCK, sleep } from '../../host/watch/clock.ts';
import { IP_FAMILIES } from '../../model/ip.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { World } from '../world.ts';
import type { AgentRequest } from './agent-parts.ts';

/** How often nft is asked what it can do when it does not live to answer, and the wait after the first time; it doubles. */
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1000;

/** It answers within a second, or hangs. */
const PROBE_LIMIT_MS = 10_000;

/**
 * What keeps this machine from holding our rulesets, in sentences for the operator; null when nothing does, and when told
 * to stop.
 */
export async function whatIsMissing(
	{ settings }: AgentRequest,
	nft: NftOptions,
	signal: AbortSignal,
	log: Log,
): Promise<string | null> {
	for (let attempt = 1; ; attempt++) {
		const found = await probe(settings.families, { ...nft, timeLimit: PROBE_LIMIT_MS, signal });
		if (signal.aborted) return null;
		if (found.kind === 'answered') {
			return found.missing.length === 0 ? null : found.missing.map(({ sentence }) => sentence).join('\n');
		}
		const { sentence } = found;
		if (attempt === ATTEMPTS) return `nft could not be asked what it can do, ${ATTEMPTS} times: ${sentence}`;
		const retryInMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
		log.warn({ reason: sentence, retryInMs }, 'nft could not be asked what it can do');
		await sleep(REAL_CLOCK, retryInMs, signal);
	}
}

/**
 * The kernel by way of nft; with `--dry-run` transactions are printed instead of made.
 * @param signal ends what only reads whole tables; transactions are finished
 */
export function kernelOf(
	{ dryRun, check }: AgentRequest,
	nft: NftOptions,
	{ stdout }: World,
	signal: AbortSignal,
): Kernel {
	const tables = nftTables(nft);
	const apply = async (text: string): Promise<NftRun> => {
		if (dryRun) {
			stdout.write(text);
			return { outcome: 'done', milliseconds: 0 };
		}
		const checked = check ? await checkNft(text, nft) : null;
		return checked === null || checked.outcome === 'done' ? tables.apply(text) : checked;
	};
	const { list, listText, listParts } = nftTables({ ...nft, signal });
	return { ...tables, apply, list, listText, listParts };
}

/** Removes both tables and what is in the state folder. The folder itself may be a mount point, which stays. */
export async function cleanUpEverything(request: AgentRequest, nft: NftOptions, { talk }: World): Promise<number> {
	const { settings, stateDir } = request;
	const tables = IP_FAMILIES.map((family) => `${family} ${settings.table}`);
	const text = tables.map((table) => `add table ${table}\ndelete table ${table}\n`).join('');
	const run = await applyNft(text, nft);
	if (run.outcome !== 'done') throw new CommandError(`the tables could not be removed: ${failureSentence(run, nft)}`);
	talk.line(`removed the tables ${tables.join(' and ')}`);
	try {
		const names = await readdir(stateDir).catch(() => []);
		await Promise.all(names.map((name) => rm(join(stateDir, name), { recursive: true, force: true })));
	} catch (cause) {
		throw new CommandError(`what is in ${stateDir} could not be removed: it ${reason(cause)}`, EXIT.failed, { cause });
	}
	await rm(stateDir, { recursive: true, force: true }).catch(() => {});
	return EXIT.done;
}
