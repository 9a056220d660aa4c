import { spawnSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { filledFile } from '../../src/host/nft/nft.ts';
import { NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';

/** Each call has a user namespace of its own, where the kernel takes small messages only, at least of older releases of nft. */
const COMMAND = ['unshare', '--user', '--map-root-user', '--net', 'nft'] as const;

export const USER_NAMESPACE: NftOptions = { ...NFT, command: COMMAND };

const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1},`);

/** A transaction that nft 1.0.6 sends as a message that is too long there. */
export const LONG = `table ip long {\n\tset s {\n\t\ttype mark\n\t\telements = { ${numbers.join(' ')} }\n\t}\n}\n`;

/** Whether the nft of this machine can send it all the same, as 1.1.3 does. */
export function isLongTaken(): boolean {
	const [program, ...args] = COMMAND;
	const file = filledFile(tmpdir(), LONG);
	try {
		return spawnSync(program, [...args, '-f', '-'], { stdio: [file, 'ignore', 'ignore'] }).status === 0;
	} finally {
		closeSync(file);
	}
}
