import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kernel } from '../agent/kernel.ts';
import { applyNft, checkNft, listSet, listTable } from '../host/nft.ts';
import { probe } from '../host/nft-probe.ts';
import type { NftOptions, NftRun } from '../host/nft-process.ts';
import { failureSentence } from '../host/nft-version.ts';
import { reason } from '../host/reason.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import type { AgentRequest } from './agent-parts.ts';
import { CommandError, EXIT } from './exit.ts';
import type { World } from './world.ts';

/** @throws CommandError that names everything that nft or the kernel lacks */
export async function requireNft({ settings }: AgentRequest, nft: NftOptions): Promise<void> {
	const missing = await probe(undefined, settings.families, nft);
	if (missing.length > 0) throw new CommandError(missing.map(({ sentence }) => sentence).join('\n'));
}

/** The kernel by way of nft; with `--dry-run` transactions are printed instead of made. */
export function kernelOf({ dryRun, check }: AgentRequest, nft: NftOptions, { stdout }: World): Kernel {
	const apply = async (text: string): Promise<NftRun> => {
		if (dryRun) {
			stdout.write(text);
			return { outcome: 'done', milliseconds: 0 };
		}
		const checked = check ? await checkNft(text, nft) : null;
		return checked === null || checked.outcome === 'done' ? applyNft(text, nft) : checked;
	};
	return {
		apply,
		list: ({ family, table }) => listTable(family, table, nft),
		listSet: ({ family, table }, set) => listSet(family, table, set, nft),
	};
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
