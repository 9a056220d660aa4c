import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type ExecaError, execa } from 'execa';
import { NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';

/** A network namespace alone, for tests that load rules and send nothing. */
export interface OneNamespace {
	/** calls of nft that happen in it */
	readonly options: NftOptions;
	/** runs one nft command and gives its output. @throws Error with what nft says */
	readonly nft: (command: string) => Promise<string>;
	readonly close: () => void;
}

let made = 0;

/** Makes one; close it when done. It goes away with the process at the latest, or with the next run of the tests. */
export async function openNamespace(): Promise<OneNamespace> {
	made++;
	const name = `nftgen-${process.pid}-${made}-alone`;
	const close = () => {
		if (existsSync(`/run/netns/${name}`)) execFileSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
		process.off('exit', close);
	};
	process.once('exit', close);
	await execa('ip', ['netns', 'add', name]);
	const command = ['ip', 'netns', 'exec', name, 'nft'];
	const nft = async (text: string) => {
		const [program = '', ...args] = command;
		const { stdout } = await execa(program, [...args, text]).catch((error: ExecaError) => {
			throw new Error(`nft ${text}: ${error.message}`);
		});
		return String(stdout);
	};
	return { options: { ...NFT, command }, nft, close };
}
