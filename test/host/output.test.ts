import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeWhole } from '../../src/host/output.ts';
import { reason } from '../../src/host/reason.ts';
import { temporaryFolder } from '../support/folder.ts';

function folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
	return temporaryFolder(onTestFinished, files);
}

async function why(path: string): Promise<string> {
	return writeWhole(path, 'new').then(
		() => 'written',
		(error: unknown) => reason(error),
	);
}

/** Whether this user may mount file systems, which takes more than being root in a container. */
const CAN_MOUNT = spawnSync('unshare', ['--mount', 'true']).status === 0;

const NOBODY = 65534;

/** Does something as a user without rights. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
	process.seteuid?.(NOBODY);
	try {
		return await work();
	} finally {
		process.seteuid?.(0);
	}
}

describe('writing a file whole', () => {
	it('makes it, or takes its place, and leaves nothing else', async () => {
		const here = await folder();
		await writeWhole(join(here, 'out'), 'one');
		await writeWhole(join(here, 'out'), 'two');
		expect(await readFile(join(here, 'out'), 'utf8')).toBe('two');
		expect(await readdir(here)).toEqual(['out']);
	});

	it('keeps its mode, whatever the umask', async () => {
		const here = await folder({ out: 'old' });
		await chmod(join(here, 'out'), 0o662);
		await writeWhole(join(here, 'out'), 'new');
		expect((await stat(join(here, 'out'))).mode & 0o7777).toBe(0o662);
	});

	it('never shows a reader half of it', async () => {
		const here = await folder({ out: 'old' });
		const text = 'x'.repeat(20_000_000);
		const writing = writeWhole(join(here, 'out'), text);
		const seen = new Set<number>();
		let done = false;
		writing.finally(() => {
			done = true;
		});
		while (!done) seen.add((await stat(join(here, 'out'))).size);
		await writing;
		expect([...seen].filter((size) => size !== 3 && size !== text.length)).toEqual([]);
	});

	it('follows a symbolic link, which stays one, also to where nothing is yet', async () => {
		const here = await folder({ 'there/out': 'old' });
		await symlink('there/out', join(here, 'link'));
		await symlink('link', join(here, 'link2'));
		await symlink('there/later', join(here, 'dangling'));
		await writeWhole(join(here, 'link2'), 'new');
		await writeWhole(join(here, 'dangling'), 'later');
		expect(await readlink(join(here, 'link'))).toBe('there/out');
		expect((await lstat(join(here, 'dangling'))).isSymbolicLink()).toBe(true);
		expect(await readFile(join(here, 'there/out'), 'utf8')).toBe('new');
		expect(await readFile(join(here, 'there/later'), 'utf8')).toBe('later');
	});

	it('writes to a pipe as it is', async () => {
		const here = await folder();
		const pipe = join(here, 'pipe');
		execFileSync('mkfifo', [pipe]);
		const [text] = await Promise.all([readFile(pipe, 'utf8'), writeWhole(pipe, 'new')]);
		expect(text).toBe('new');
		expect((await stat(pipe)).isFIFO()).toBe(true);
	});

	it.each([
		['a folder that is missing', 'none/out', 'does not exist'],
		['a folder in its place', 'sub', 'is a folder'],
		['a file for a folder', 'file/out', 'does not exist'],
		['a link to itself', 'self', 'is a symbolic link that leads to itself'],
	])('%s: an error, and nothing is left behind', async (_what, path, expected) => {
		const here = await folder({ file: 'old' });
		await mkdir(join(here, 'sub'));
		await symlink('self', join(here, 'self'));
		const before = await readdir(here);
		expect(await why(join(here, path))).toBe(expected);
		expect(await readdir(here)).toEqual(before);
	});

	it.skipIf(process.getuid?.() !== 0)(
		'a folder that this user may not write to: an error, and the old file stays',
		async () => {
			const here = await folder({ out: 'old' });
			await chmod(here, 0o555);
			expect(await asNobody(() => why(join(here, 'out')))).toBe('may not be used by this user: permission denied');
			expect(await readFile(join(here, 'out'), 'utf8')).toBe('old');
			expect(await readdir(here)).toEqual(['out']);
		},
	);

	it('a full device: an error', async () => {
		expect(await why('/dev/full')).toBe('is on a file system without space left');
	});

	it.skipIf(!CAN_MOUNT)('a full disk: the old file stays, and nothing is left behind', async () => {
		const here = await folder();
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', here]);
		onTestFinished(() => void execFileSync('umount', [here]));
		await writeFile(join(here, 'out'), 'old');
		const written = await writeWhole(join(here, 'out'), 'x'.repeat(1_000_000)).then(() => 'written', reason);
		expect(written).toBe('is on a file system without space left');
		expect(await readFile(join(here, 'out'), 'utf8')).toBe('old');
		expect(await readdir(here)).toEqual(['out']);
	});

	it.skipIf(!CAN_MOUNT)('a read-only file system: the old file stays', async () => {
		const here = await folder();
		execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', here]);
		onTestFinished(() => void execFileSync('umount', [here]));
		await writeFile(join(here, 'out'), 'old');
		execFileSync('mount', ['-o', 'remount,ro', here]);
		expect(await why(join(here, 'out'))).toBe('is on a read-only file system');
		expect(await readFile(join(here, 'out'), 'utf8')).toBe('old');
	});
});
