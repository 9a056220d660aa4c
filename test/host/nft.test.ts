import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { applyNft, checkNft, listSet, listTable, tableExists } from '../../src/host/nft/nft.ts';
import { NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A program in place of nft: a shell script, in a folder that also takes the transactions. */
async function fake(
	script: string,
	changes: Partial<NftOptions> = {},
): Promise<NftOptions & { readonly folder: string }> {
	const folder = await temporaryFolder(onTestFinished, { 'bin/nft': script, 'input/keep': '' });
	return { ...NFT, command: ['sh', join(folder, 'bin/nft')], ...changes, folder: join(folder, 'input') };
}

async function leftBehind({ folder }: { readonly folder: string }): Promise<readonly string[]> {
	return (await readdir(folder)).filter((name) => name !== 'keep');
}

describe('running nft', () => {
	it('gives it a complete private file, which has no name when it is started', async () => {
		const seen = join(await temporaryFolder(onTestFinished), 'seen');
		const options = await fake(
			`stat -L -c '%F %a %s %h' "$2" > ${seen}; cat "$2" >> ${seen}; env | grep ^LC >> ${seen}; echo "$1" >> ${seen}
			ls "$(dirname "$0")/../input" >> ${seen}`,
		);
		const text = 'add table ip x\n'.repeat(100_000);
		expect(await applyNft(text, options)).toMatchObject({ outcome: 'done' });
		expect(await readFile(seen, 'utf8')).toBe(`regular file 600 ${text.length} 0\n${text}LC_ALL=C\n--file\nkeep\n`);
		expect(await leftBehind(options)).toEqual([]);
	});

	it('leaves nothing behind when this process is killed while nft runs', async () => {
		const options = await fake('kill -KILL $PPID; sleep 1');
		const program = `
			const { applyNft } = await import('./src/host/nft/nft.ts');
			await applyNft('x', ${JSON.stringify(options)});`;
		const ended = await execa(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
			reject: false,
		});
		expect(ended.signal).toBe('SIGKILL');
		expect(await leftBehind(options)).toEqual([]);
	});

	it('keeps no file open', async () => {
		const options = await fake('true');
		const before = await readdir('/proc/self/fd');
		for (let run = 0; run < 5; run++) await applyNft('x', options);
		expect((await readdir('/proc/self/fd')).length).toBeLessThan(before.length + 5);
	});

	it('only checks where it shall only check', async () => {
		const options = await fake('test "$1" = --check');
		expect(await checkNft('x', options)).toMatchObject({ outcome: 'done' });
		expect(await applyNft('x', options)).toMatchObject({ outcome: 'refused' });
	});

	it('has no nft (fault 36)', async () => {
		const run = await applyNft('x', { ...NFT, command: ['/nowhere/nft'] });
		expect(run).toMatchObject({ outcome: 'missing', reason: 'does not exist' });
	});

	it('may not run nft', async () => {
		const folder = await temporaryFolder(onTestFinished, { nft: 'not a program' });
		const run = await applyNft('x', { ...NFT, command: [join(folder, 'nft')] });
		expect(run).toMatchObject({ outcome: 'missing', reason: 'may not be used by this user: permission denied' });
	});

	it.each(['SEGV', 'ABRT', 'BUS'])('sees it crash by SIG%s (fault 37)', async (signal) => {
		const options = await fake(`kill -${signal} $$`);
		expect(await applyNft('x', options)).toMatchObject({ outcome: 'crashed', signal: `SIG${signal}` });
		expect(await leftBehind(options)).toEqual([]);
	});

	it('sees it killed, as when memory is short (fault 35)', async () => {
		expect(await applyNft('x', await fake('kill -KILL $$'))).toMatchObject({ outcome: 'killed', signal: 'SIGKILL' });
	});

	it('kills it when it hangs, though it ignores other signals (fault 38)', async () => {
		const options = await fake("trap '' TERM; while true; do :; done", { timeLimit: 200 });
		const run = await applyNft('x', options);
		expect(run.outcome).toBe('timed-out');
		expect(run.milliseconds).toBeGreaterThan(150);
		expect(run.milliseconds).toBeLessThan(5_000);
		expect(await leftBehind(options)).toEqual([]);
	});

	it('does not wait for what outlives it', async () => {
		const run = await applyNft('x', await fake('sleep 4; true', { timeLimit: 100 }));
		expect(run.outcome).toBe('timed-out');
		expect(run.milliseconds).toBeLessThan(3_000);
	});

	it('kills it when the caller gives up', async () => {
		const abort = new AbortController();
		const options = await fake('while true; do :; done', { signal: abort.signal });
		setTimeout(() => abort.abort(), 100);
		expect(await applyNft('x', options)).toMatchObject({ outcome: 'killed', signal: 'SIGKILL' });
	});

	it('does nothing when the caller has given up already', async () => {
		const seen = join(await temporaryFolder(onTestFinished), 'seen');
		const run = await applyNft('x', await fake(`sleep 1; touch ${seen}`, { signal: AbortSignal.abort() }));
		expect(run.outcome).toMatch(/^(?:killed|not-started)$/);
		await expect(stat(seen)).rejects.toThrow('ENOENT');
	});

	it('says where its input cannot be written', async () => {
		const run = await applyNft('x', { ...NFT, folder: '/nowhere' });
		const reason = 'the folder /nowhere, where nft’s input is written, does not exist';
		expect(run).toMatchObject({ outcome: 'not-started', reason: reason.replace('’', "'") });
	});

	it('keeps little of endless complaints, and reads them to the end', async () => {
		const options = await fake('yes "$2:1:1-2: Error: syntax error, unexpected x" | head -c 20000000 >&2; exit 1');
		const run = await applyNft('x', options);
		expect(run.outcome === 'refused' && run.messages.length).toBe(64);
	});

	it('has a message even when nft fails without a word', async () => {
		const run = await applyNft('x', await fake('exit 1'));
		const message = { line: null, reason: 'other', message: 'nft failed and did not say why' };
		expect(run).toMatchObject({ outcome: 'refused', messages: [message] });
	});

	it.each(['Resource temporarily unavailable', 'Interrupted system call', 'No buffer space available'])(
		'tells errors that pass by themselves: %s (fault 50)',
		async (text) => {
			const run = await applyNft('x', await fake(`echo "netlink: Error: Could not process rule: ${text}" >&2; exit 1`));
			const reason = { Res: 'EAGAIN', Int: 'EINTR', 'No ': 'ENOBUFS' }[text.slice(0, 3)];
			expect(run).toMatchObject({ outcome: 'refused', messages: [{ line: null, reason }] });
		},
	);
});

describe('listing', () => {
	it('an nft without JSON cannot (fault 39)', async () => {
		const options = await fake('echo "JSON support not compiled-in" >&2; exit 1');
		const listing = await listTable('ip', 'nft-gen', options);
		expect(listing).toEqual({ kind: 'no-json' });
	});

	it('half of a text is no listing', async () => {
		const options = await fake('printf "{\\"nftables\\": [{\\"table\\": {\\"flags\\": "');
		expect(await listTable('ip', 'nft-gen', options)).toMatchObject({ kind: 'unreadable' });
	});

	it('a table that is not there', async () => {
		const options = await fake(
			'echo "Error: No such file or directory; did you mean table ‘nft-gem’ in family ip?" >&2; exit 1',
		);
		expect(await listTable('ip', 'nft-gen', options)).toEqual({ kind: 'absent' });
	});

	it('a failure is not a table that is not there', async () => {
		const options = await fake('echo "Cannot open network namespace: No such file or directory" >&2; exit 1');
		expect(await listTable('ip', 'nft-gen', options)).toMatchObject({ kind: 'failed', run: { outcome: 'refused' } });
		expect(await tableExists('ip', 'nft-gen', options)).toMatchObject({ exists: null });
		expect(await listTable('ip', 'x', { ...NFT, command: ['/nowhere/nft'] })).toMatchObject({
			kind: 'failed',
			run: { outcome: 'missing' },
		});
	});

	it('asks for one table or set and nothing else (trap T16)', async () => {
		const options = await fake('printf "\\"%s\\"" "$*"');
		expect(await listTable('ip6', 'a', options)).toMatchObject({ json: '--json --numeric list table ip6 a' });
		expect(await listSet('ip', 'a', 'b', options)).toMatchObject({ json: '--json --numeric list set ip a b' });
		expect((await stat(options.folder)).isDirectory()).toBe(true);
	});
});
