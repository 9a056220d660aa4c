import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { IpFamily } from '../../model/ip.ts';
import { asList, isObject, type Json, type JsonObject, onlyKey } from '../../model/json.ts';
import { interactive, listsOfChains, listsWithoutRules } from './lists.ts';
import { filledFile, type Listing, listTable, NUMERIC } from './nft.ts';
import { NFT, type NftOptions, runNft } from './nft-process.ts';

/** What is listed in parts, and how many chains by one nft. */
export interface PartLimits {
	/** tables of no more chains are listed at once */
	readonly whole: number;
	readonly chains: number;
}

const LIMITS: PartLimits = { whole: 2000, chains: 1000 };

/**
 * Everything in one table, as listTable gives it. A large one is asked for in parts, one after the other, for which nft takes some MB in
 * place of hundreds (with an nft of which `canListParts` says so). It may be changed meanwhile, and then is as it was at no one time; what
 * sets hold is read before any rule.
 */
export async function listTableInParts(
	family: IpFamily,
	table: string,
	options: NftOptions = NFT,
	limits: PartLimits = LIMITS,
): Promise<Listing> {
	return (await inParts(family, table, options, limits)) ?? listTable(family, table, options);
}

/** Null where it is small, or where something is in the way. */
async function inParts(
	family: IpFamily,
	table: string,
	options: NftOptions,
	limits: PartLimits,
): Promise<Listing | null> {
	const start = performance.now();
	const all = await listed([`tables ${family}`, ...listsWithoutRules(family, table)], options);
	if (all === null) return null;
	const ours = all.objects.filter((object) => isOf(object, table));
	const chains = ours.flatMap(({ chain }) => (isObject(chain) && typeof chain.name === 'string' ? [chain.name] : []));
	if (chains.length <= limits.whole || !chains.every((name) => PLAIN.test(name))) return null;
	let { bytes } = all;
	for (let at = 0; at < chains.length; at += limits.chains) {
		const some = chains.slice(at, at + limits.chains);
		const part = await listed(listsOfChains(family, table, some), options);
		if (part === null) return null;
		for (const object of part.objects) if (onlyKey(object) === 'rule') ours.push(object);
		bytes += part.bytes;
	}
	return {
		kind: 'listed',
		json: { nftables: ours },
		milliseconds: performance.now() - start,
		bytes,
		isOneMoment: false,
	};
}

/** Names that nft takes as they are: what is written past nft's language may have any other. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;

/** Whether an object is a table of the name, or in it. */
function isOf(object: JsonObject, table: string): boolean {
	const kind = onlyKey(object);
	const value = kind === null ? undefined : object[kind];
	return isObject(value) && (kind === 'table' ? value.name : value.table) === table;
}

/** What nft lists by several commands, each by itself; null when it does not answer all of them. */
async function listed(
	lists: readonly string[],
	options: NftOptions,
): Promise<{ readonly objects: JsonObject[]; readonly bytes: number } | null> {
	const { args, input } = interactive(lists);
	let stdin: number;
	try {
		stdin = filledFile(options.folder ?? tmpdir(), input);
	} catch {
		return null;
	}
	try {
		const { run, stdout } = await runNft(['--json', NUMERIC, ...args], options, { stdin, file: '', text: '' });
		const lines = stdout.split('\n').filter((line) => line !== '');
		if (run.outcome !== 'done' || lines.length !== lists.length) return null;
		return { objects: lines.flatMap(objectsOf), bytes: Buffer.byteLength(stdout) };
	} catch {
		return null;
	} finally {
		closeSync(stdin);
	}
}

/** @throws SyntaxError */
function objectsOf(line: string): readonly JsonObject[] {
	const json: Json = JSON.parse(line);
	return isObject(json) ? asList(json.nftables).filter(isObject) : [];
}
