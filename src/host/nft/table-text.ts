import { closeSync, createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import type { IpFamily } from '../../model/ip.ts';
import { reason } from '../reason.ts';
import { interactive } from './lists.ts';
import { filledFile, NUMERIC, namelessFile } from './nft.ts';
import { NFT, type NftOptions, type NftRun, runNftInto } from './nft-process.ts';

/** Given what nft has printed, piece by piece; it must not throw. */
export type OnPiece = (piece: Buffer) => void;

/**
 * Everything in one table as text, which takes nft less than half the memory and the time that JSON takes.
 * @param onPiece given the text of a run that is done
 */
export function listTableText(
	family: IpFamily,
	table: string,
	onPiece: OnPiece,
	options: NftOptions = NFT,
): Promise<NftRun> {
	return printed([NUMERIC, 'list', 'table', family, table], '', onPiece, options);
}

/**
 * What nft lists by several commands, as text, one after another. Each is made by itself, so that nft holds no more than one of them
 * needs (`canListParts` says with which nft that is little). What cannot be listed is missing from the text.
 * @param lists what is to be listed, as `chain ip nft-gen NAME`; nothing in it may need quotes
 */
export function listText(lists: readonly string[], onPiece: OnPiece, options: NftOptions = NFT): Promise<NftRun> {
	const { args, input } = interactive(lists);
	return printed([NUMERIC, ...args], input, onPiece, options);
}

/** nft prints word by word, and at a pipe this process would wake up for each: it goes into a file, read when it is complete. */
async function printed(args: readonly string[], input: string, onPiece: OnPiece, options: NftOptions): Promise<NftRun> {
	const folder = options.folder ?? tmpdir();
	const files: number[] = [];
	const opened = (file: number) => {
		files.push(file);
		return file;
	};
	try {
		const output = opened(namelessFile(folder));
		const stdin = input === '' ? 'ignore' : opened(filledFile(folder, input));
		const run = await runNftInto(output, args, options, stdin);
		if (run.outcome !== 'done') return run;
		for await (const piece of createReadStream('', { fd: output, start: 0, autoClose: false })) onPiece(piece);
		return run;
	} catch (error) {
		const why = `the folder ${folder}, where nft's input and output are written, ${reason(error)}`;
		return { outcome: 'not-started', reason: why, milliseconds: 0 };
	} finally {
		for (const file of files) closeSync(file);
	}
}
