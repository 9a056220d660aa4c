import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';
import { listTableText, listText } from '../../src/host/nft/table-text.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A program in place of nft: a shell script. */
async function fake(script: string): Promise<NftOptions & { readonly folder: string }> {
	const folder = await temporaryFolder(onTestFinished, { 'bin/nft': script, 'files/keep': '' });
	return { ...NFT, command: ['sh', join(folder, 'bin/nft')], folder: join(folder, 'files') };
}

async function listed(options: NftOptions) {
	const pieces: Buffer[] = [];
	const run = await listTableText('ip', 'a', (piece) => pieces.push(piece), options);
	return { run, text: Buffer.concat(pieces).toString(), largest: Math.max(0, ...pieces.map(({ length }) => length)) };
}

describe('the text of a table', () => {
	it('is asked for in numbers, and leaves no file behind or open', async () => {
		const options = await fake('echo "$@"; ls "$(dirname "$0")/../files"');
		const open = (await readdir('/proc/self/fd')).length;
		for (let run = 0; run < 5; run++) {
			const { run, text } = await listed(options);
			expect(run).toMatchObject({ outcome: 'done' });
			expect(text).toBe('--numeric list table ip a\nkeep\n');
		}
		expect(await readdir(options.folder)).toEqual(['keep']);
		expect((await readdir('/proc/self/fd')).length).toBeLessThan(open + 5);
	});

	it('comes in pieces, however large it is', async () => {
		const { text, largest } = await listed(await fake('seq 1 200000'));
		expect(text).toBe(Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join(''));
		expect(largest).toBeLessThanOrEqual(64 * 1024);
	});

	it.each([
		['nft refuses', 'echo half; echo "Error: No such file or directory" >&2; exit 1', { outcome: 'refused' }],
		['nft dies', 'echo half; kill -KILL $$', { outcome: 'killed', signal: 'SIGKILL' }],
	])('is nothing where %s', async (_what, script, outcome) => {
		const { run, text } = await listed(await fake(script));
		expect(run).toMatchObject(outcome);
		expect(text).toBe('');
	});

	it('is nothing where no file can be written, and says where', async () => {
		const options = await fake('echo all');
		const { run, text } = await listed({ ...options, folder: '/nonexistent' });
		expect(run).toMatchObject({ outcome: 'not-started', reason: expect.stringContaining('/nonexistent') });
		expect(text).toBe('');
	});
});

describe('the text of parts of a table', () => {
	it('is asked for by commands in a file that is complete, without a home for a history of them', async () => {
		const options = await fake('echo "$@" "$HOME"; test -f /dev/stdin && cat');
		const pieces: Buffer[] = [];
		const run = await listText(['chain ip a b', 'set ip a c'], (piece) => pieces.push(piece), options);
		expect(run).toMatchObject({ outcome: 'done' });
		const text = '--numeric --interactive /dev/null\nlist chain ip a b\nlist set ip a c\n';
		expect(Buffer.concat(pieces).toString()).toBe(text);
		expect(await readdir(options.folder)).toEqual(['keep']);
	});
});
