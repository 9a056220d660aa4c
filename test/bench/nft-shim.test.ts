import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeNftShim } from '../../bench/real-kube-proxy/nft-shim.ts';
import { temporaryFolder } from '../support/folder.ts';

/** Tells its arguments, and what it reads where it is asked to. */
const FAKE_NFT = `#!/bin/sh
echo "$@"
case "$*" in
*"-f -") cat ;;
*/fd/0) cat /proc/self/fd/0 ;;
esac
`;

async function shimOf() {
	// A quote in the name: paths are words of a shell.
	const folder = await temporaryFolder(onTestFinished, { "it's/nft": FAKE_NFT, 'shim/.keep': '' });
	execFileSync('chmod', ['+x', join(folder, "it's", 'nft')]);
	const shim = makeNftShim(join(folder, 'shim'), `${join(folder, "it's")}:${process.env.PATH}`);
	const call = (args: readonly string[], stdin: { readonly input: string } | { readonly fd: number }) =>
		spawnSync(join(shim.folder, 'nft'), args, {
			encoding: 'utf8',
			...('fd' in stdin ? { stdio: [stdin.fd, 'pipe', 'pipe'] } : stdin),
		});
	return { folder, shim, call };
}

it('hands on and counts what comes by its standard input, as kube-proxy gives it', async () => {
	const { shim, call } = await shimOf();
	shim.keep();
	expect(call(['-f', '-'], { input: 'add table ip x\n' }).stdout).toBe('-f -\nadd table ip x\n');
	call(['-f', '-'], { input: '12345' });
	expect(shim.takeBytes()).toBe('add table ip x\n'.length + 5);
});

it('hands on and counts a file that has been read to its end, as our agent gives it', async () => {
	const { folder, shim, call } = await shimOf();
	const file = join(folder, 'commands');
	const fd = openSync(file, 'w+');
	writeFileSync(fd, 'add table ip x\n');
	shim.keep();
	const { stdout } = call(['--file', '/proc/self/fd/0'], { fd });
	closeSync(fd);
	expect(stdout).toBe('--file /proc/self/fd/0\nadd table ip x\n');
	expect(shim.takeBytes()).toBe('add table ip x\n'.length);
});

it('counts only what comes while it is told to, and no checks and listings', async () => {
	const { shim, call } = await shimOf();
	call(['-f', '-'], { input: 'before' });
	shim.keep();
	expect(call(['--check', '-f', '-'], { input: 'checked' }).stdout).toBe('--check -f -\nchecked');
	expect(call(['list', 'ruleset'], { input: '' }).stdout).toBe('list ruleset\n');
	expect(shim.takeBytes()).toBe(0);
	expect(call(['-f', '-'], { input: 'after' }).stdout).toBe('-f -\nafter');
	shim.keep();
	call(['-f', '-'], { input: 'again' });
	expect(shim.takeBytes()).toBe(5);
});

it('ends as nft does', async () => {
	const { folder, shim, call } = await shimOf();
	writeFileSync(join(folder, "it's", 'nft'), '#!/bin/sh\nexit 3\n');
	shim.keep();
	expect(call(['-f', '-'], { input: 'x' }).status).toBe(3);
});
