import { IP_FAMILIES, type IpFamily } from '../../model/ip.ts';
import { checkNft } from './nft.ts';
import { FEATURES, tableText } from './nft-features.ts';
import type { NftReason } from './nft-messages.ts';
import { NFT, type NftOptions, type NftRun } from './nft-process.ts';
import { failureSentence, isTooOld, nftVersion, OLDEST_NFT } from './nft-version.ts';

/** Something that rulesets use and this machine cannot do. */
export interface MissingFeature {
	readonly feature: string;
	/** What is missing, who needs it and what may help, for the operator. */
	readonly sentence: string;
}

/** What came of asking. */
export type Probe =
	| { readonly kind: 'answered'; readonly missing: readonly MissingFeature[] }
	/** nft did not live to answer, or the machine was short of something: later it may */
	| { readonly kind: 'unanswered'; readonly sentence: string };

/** The table that features are tried in; it is never made. */
const TABLE = 'nft-gen-probe';

/**
 * What this machine lacks for our rulesets; nothing is changed. Everything is tried at once, and only where that is refused
 * one feature after the other: one unknown expression makes the kernel refuse all of a text (trap T26).
 */
export async function probe(families: readonly IpFamily[] = IP_FAMILIES, options: NftOptions = NFT): Promise<Probe> {
	try {
		return { kind: 'answered', missing: await missingFeatures(families, options) };
	} catch (error) {
		if (!(error instanceof NoAnswer)) throw error;
		return { kind: 'unanswered', sentence: error.message };
	}
}

class NoAnswer extends Error {
	override readonly name = 'NoAnswer';
}

async function missingFeatures(families: readonly IpFamily[], options: NftOptions): Promise<readonly MissingFeature[]> {
	const [version, all] = await Promise.all([nftVersion(options), checkNft(everything(families), options)]);
	if (version.kind === 'unknown') {
		answered(version.run, options);
		return [{ feature: 'nft', sentence: version.sentence }];
	}
	if (isTooOld(version)) {
		const sentence = `${version.text} is too old: install nftables ${OLDEST_NFT} or newer`;
		return [{ feature: 'nft', sentence }];
	}
	if (answered(all, options).outcome === 'done') return [];
	const missing: MissingFeature[] = [];
	for (const family of families) missing.push(...(await missingOf(family, options)));
	return missing;
}

function everything(families: readonly IpFamily[]): string {
	const tables = families.flatMap((family) =>
		FEATURES.map(({ snippet }, index) => tableText(`${TABLE}-${index}`, family, snippet)),
	);
	return tables.join('');
}

async function missingOf(family: IpFamily, options: NftOptions): Promise<readonly MissingFeature[]> {
	const ask = async (snippet: readonly string[]) =>
		answered(await checkNft(tableText(TABLE, family, snippet), options), options);
	const empty = await ask([]);
	if (empty.outcome !== 'done') {
		const sentence = `no table of family ${family} can be made here: ${failureSentence(empty, options)}`;
		return [{ feature: `tables of family ${family}`, sentence }];
	}
	const missing: MissingFeature[] = [];
	for (const { name, needed, kernel, snippet } of FEATURES) {
		const run = await ask(snippet);
		if (run.outcome === 'done') continue;
		const where = `the kernel (${kernel}) or nft lacks ${name} for family ${family}`;
		missing.push({ feature: name, sentence: `${where}: ${needed}; ${failureSentence(run, options)}` });
	}
	return missing;
}

/** Errors that pass by themselves, and say nothing of what the kernel can do. */
const PASSING: ReadonlySet<NftReason> = new Set(['EAGAIN', 'EINTR', 'ENOBUFS', 'ENOMEM', 'EBUSY', 'ENFILE', 'EMFILE']);

/** A run that says something of what nft and the kernel can do. @throws NoAnswer when it does not */
function answered(run: NftRun, options: NftOptions): NftRun {
	const isAnswer =
		run.outcome === 'refused'
			? !run.messages.some((message) => PASSING.has(message.reason))
			: run.outcome === 'done' || run.outcome === 'missing';
	if (!isAnswer) throw new NoAnswer(failureSentence(run, options));
	return run;
}
