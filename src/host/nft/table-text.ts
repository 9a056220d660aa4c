import { closeSync, createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import type { IpFamily } from '../../model/ip.ts';
import { reason } from '../reason.ts';
import { NUMERIC, namelessFile } from './nft.ts';
import { NFT, type NftOptions, type NftRun, runNftInto } from './nft-process.ts';

/**
 * Everything in one table as text, which takes nft less than half the memory and the time that JSON takes. nft prints it word
 * by word, and at a pipe this process would wake up for each: it goes into a file, which is read when it is complete.
 * @param onPiece given the text piece by piece, of a run that is done; it must not throw
 */
export async function listTableText(
	family: IpFamily,
	table: string,
	onPiece: (piece: Buffer) => void,
	options: NftOptions = NFT,
): Promise<NftRun> {
	const folder = options.folder ?? tmpdir();
	let file: number | null = null;
	try {
		file = namelessFile(folder);
		const run = await runNftInto(file, [NUMERIC, 'list', 'table', family, table], options);
		if (run.outcome !== 'done') return run;
		for await (const piece of createReadStream('', { fd: file, start: 0, autoClose: false })) onPiece(piece);
		return run;
	} catch (error) {
		const why = `the folder ${folder}, where nft's output is written, ${reason(error)}`;
		return { outcome: 'not-started', reason: why, milliseconds: 0 };
	} finally {
		if (file !== null) closeSync(file);
	}
}
