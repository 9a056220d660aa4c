import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadState } from '../../src/host/load-state.ts';
import { saveState } from '../../src/host/saved-state.ts';
import type { SavedObject } from '../../src/host/saved-state-format.ts';
import { projectTo } from '../../src/host/watch/project.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endpoint, node, service, serviceCidr, settings, slice } from '../support/objects.ts';

const OWNER = { node: 'n1', server: 'https://10.0.0.1:6443' };
const LIMITS = { fileBytes: 1 << 20, textBytes: 1 << 20, lineBytes: 1 << 18 };

function saved(kind: SavedObject['kind'], name: string, object: unknown): SavedObject {
	return { kind, name, value: projectTo(kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1', kind)(object) };
}

const OBJECTS: readonly SavedObject[] = [
	saved('Service', 'shop/web', service('web', ['10.96.0.20'])),
	saved('EndpointSlice', 'shop/web-ipv4', slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })])),
	saved('Node', 'n1', node(1, 'a')),
	saved('ServiceCIDR', 'kubernetes', serviceCidr('10.96.0.0/16')),
];

async function newPath(): Promise<string> {
	return join(await temporaryFolder(onTestFinished), 'state', 'objects.json.gz');
}

/** A file that was saved. */
async function savedPath(objects: readonly SavedObject[] = OBJECTS): Promise<string> {
	const path = await newPath();
	expect(await saveState(path, OWNER, objects)).toMatchObject({ outcome: 'saved', objects: objects.length });
	return path;
}

async function lines(path: string): Promise<readonly string[]> {
	return gunzipSync(await readFile(path))
		.toString()
		.trimEnd()
		.split('\n');
}

async function why(path: string, limits = LIMITS): Promise<string> {
	const loaded = await loadState(path, OWNER, limits);
	return loaded.outcome === 'ignored'
		? loaded.reason.replace(`the saved state is ignored: ${path} `, '')
		: loaded.outcome;
}

describe('state is saved', () => {
	it('and comes back as it was, with when that was', async () => {
		const path = await newPath();
		const now = () => new Date('2026-03-01T12:00:00Z');
		expect((await saveState(path, OWNER, OBJECTS, { now })).outcome).toBe('saved');
		expect(await loadState(path, OWNER)).toEqual({ outcome: 'loaded', objects: OBJECTS, savedAt: now() });
	});

	it('as changes that the follower takes', async () => {
		const loaded = await loadState(await savedPath(), OWNER);
		const objects = loaded.outcome === 'loaded' ? loaded.objects : [];
		const [table] = newFollower(settings()).update(objects).tables;
		expect([...(table?.ports.keys() ?? [])]).toEqual(['shop/web:http']);
	});

	it('for its owner alone, with nothing left beside it', async () => {
		const path = await savedPath();
		expect((await stat(path)).mode & 0o777).toBe(0o600);
		expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
		expect(await readdir(join(path, '..'))).toEqual(['objects.json.gz']);
	});

	it('again and again, over what a crash left', async () => {
		const path = await savedPath();
		await writeFile(`${path}.new`, 'half of a');
		expect((await saveState(path, OWNER, OBJECTS.slice(1))).outcome).toBe('saved');
		expect(await loadState(path, OWNER)).toMatchObject({ outcome: 'loaded', objects: OBJECTS.slice(1) });
		expect(await readdir(join(path, '..'))).toEqual(['objects.json.gz']);
	});

	it('with nothing in it too', async () => {
		expect(await loadState(await savedPath([]), OWNER)).toMatchObject({ outcome: 'loaded', objects: [] });
	});

	it('of a large cluster, in little time and without holding others up', async () => {
		const many = Array.from({ length: 10_000 }, (_, index) => {
			const name = `service-${index}`;
			const address = (host: number) => `10.${200 + host}.${index >> 8}.${index & 255}`;
			const endpoints = [1, 2, 3, 4, 5].map((host) =>
				endpoint({ address: address(host), node: `n${host}`, zone: 'a' }),
			);
			return [
				saved('Service', `shop/${name}`, service(name, [address(0)])),
				saved('EndpointSlice', `shop/${name}-ipv4`, slice(name, endpoints)),
			];
		}).flat();
		const path = await newPath();
		let longest = 0;
		let last = performance.now();
		const watch = setInterval(() => {
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		}, 1);
		const result = await saveState(path, OWNER, many);
		clearInterval(watch);
		const start = performance.now();
		const loaded = await loadState(path, OWNER);
		const milliseconds = performance.now() - start;
		expect(result).toMatchObject({ outcome: 'saved', objects: 20_000 });
		expect(loaded).toMatchObject({ outcome: 'loaded', objects: { length: 20_000 } });
		if (result.outcome !== 'saved') return;
		console.info(
			`10,000 Services × 5: saved in ${Math.round(result.milliseconds)} ms, others waited at most ${Math.round(longest)} ms;`,
			`${(result.bytes / 1e6).toFixed(1)} MB; loaded in ${Math.round(milliseconds)} ms`,
		);
	});
});

describe('state cannot be saved (fault 33)', () => {
	it('where the folder is none', async () => {
		const folder = await temporaryFolder(onTestFinished, { file: '' });
		const path = join(folder, 'file', 'state');
		const failed = await saveState(path, OWNER, OBJECTS);
		expect(failed).toMatchObject({
			outcome: 'failed',
			reason: expect.stringMatching(/^the last state could not be saved: /),
		});
	});

	it('where a folder has its name', async () => {
		const path = await newPath();
		await mkdir(join(path, 'inside'), { recursive: true });
		expect((await saveState(path, OWNER, OBJECTS)).outcome).toBe('failed');
		expect(await readdir(join(path, '..'))).toEqual(['objects.json.gz']);
	});

	it('when the caller gives up', async () => {
		const path = await savedPath();
		const given = await saveState(path, OWNER, [], { signal: AbortSignal.abort() });
		expect(given.outcome).toBe('failed');
		expect(await loadState(path, OWNER)).toMatchObject({ outcome: 'loaded', objects: OBJECTS });
	});

	it('when an object cannot be written down', async () => {
		const circle: Record<string, unknown> = {};
		circle.self = circle;
		const path = await savedPath();
		expect((await saveState(path, OWNER, [{ kind: 'Node', name: 'n1', value: circle }])).outcome).toBe('failed');
		expect(await loadState(path, OWNER)).toMatchObject({ outcome: 'loaded', objects: OBJECTS });
		expect(await readdir(join(path, '..'))).toEqual(['objects.json.gz']);
	});

	describe.skipIf(!canMount())('on a file system of its own', () => {
		async function mounted(options: string): Promise<string> {
			const folder = await temporaryFolder(onTestFinished);
			execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'nft-gen-test', folder]);
			onTestFinished(() => void execFileSync('umount', [folder]));
			return folder;
		}

		it('where there is no space left: the old state stays', async () => {
			const path = join(await mounted('size=64k'), 'state');
			expect((await saveState(path, OWNER, OBJECTS)).outcome).toBe('saved');
			const noise = Array.from({ length: 20_000 }, (_, index) => saved('Node', `n${index}`, node(index)));
			const reason = `the last state could not be saved: ${path} is on a file system without space left`;
			expect(await saveState(path, OWNER, noise)).toEqual({ outcome: 'failed', reason });
			expect(await loadState(path, OWNER)).toMatchObject({ outcome: 'loaded', objects: OBJECTS });
			expect(await readdir(join(path, '..'))).toEqual(['state']);
		});

		it('where nothing may be written: the old state is read', async () => {
			const folder = await mounted('size=64k');
			const path = join(folder, 'state');
			await saveState(path, OWNER, OBJECTS);
			execFileSync('mount', ['-o', 'remount,ro', folder]);
			const reason = `the last state could not be saved: ${path} is on a read-only file system`;
			expect(await saveState(path, OWNER, [])).toEqual({ outcome: 'failed', reason });
			expect(await loadState(path, OWNER)).toMatchObject({ outcome: 'loaded', objects: OBJECTS });
		});
	});
});

describe('saved state is ignored (fault 34)', () => {
	it('quietly when there is none', async () => {
		expect(await loadState(await newPath(), OWNER)).toEqual({ outcome: 'none' });
	});

	it('when it is cut off anywhere', async () => {
		const path = await savedPath();
		const whole = await readFile(path);
		for (let length = 0; length < whole.length; length++) {
			await writeFile(path, whole.subarray(0, length));
			expect(await why(path), `${length} bytes`).toMatch(/^is (?:cut off|damaged)$/);
		}
	});

	it('when a bit of it flipped', async () => {
		const path = await savedPath();
		const whole = await readFile(path);
		for (let position = 0; position < whole.length * 8; position += 3) {
			const damaged = Buffer.from(whole);
			damaged[position >> 3] = (damaged[position >> 3] ?? 0) ^ (1 << (position & 7));
			await writeFile(path, damaged);
			const loaded = await loadState(path, OWNER, LIMITS);
			// Some bits of gzip's header say nothing of what is in it.
			if (loaded.outcome === 'loaded') expect(loaded.objects, `bit ${position}`).toEqual(OBJECTS);
			else expect(loaded.outcome, `bit ${position}`).toBe('ignored');
		}
	});

	it('when it was cut off between lines, or its lines were changed', async () => {
		const path = await savedPath();
		const all = await lines(path);
		const variants: readonly (readonly string[])[] = [
			...all.map((_, index) => all.slice(0, index)),
			...all.map((_, index) => all.toSpliced(index, 1)),
			...all.map((line, index) => all.toSpliced(index, 0, line)),
			all.with(1, (all[1] ?? '').replace('10.96.0.20', '10.96.0.21')),
			[...all, '{}'],
		];
		for (const [index, variant] of variants.entries()) {
			await writeFile(path, gzipSync(variant.map((line) => `${line}\n`).join('')));
			expect(await why(path), `variant ${index}`).not.toBe('loaded');
		}
	});

	it.each([
		['another node', { ...OWNER, node: 'n2' }, 'is that of another node, n1'],
		['another cluster', { ...OWNER, server: 'https://10.0.0.2' }, 'is that of another cluster, https://10.0.0.1:6443'],
	])('when it is that of %s', async (_, owner, reason) => {
		const path = await savedPath();
		const expected = { outcome: 'ignored', reason: `the saved state is ignored: ${path} ${reason}` };
		expect(await loadState(path, owner)).toEqual(expected);
	});

	const HEAD = JSON.stringify({ format: 'nft-gen saved state', version: 1, ...OWNER, savedAt: '2026-03-01T12:00:00Z' });
	const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
	const object = (text: string) => `${HEAD}\n${text}\n${text}\n`;
	it.each([
		['nothing', '', 'is cut off'],
		['something else', 'hello\nworld\n', 'is damaged'],
		['JSON of something else', '[]\n{}\n', 'is no saved state'],
		[
			'another format',
			`${HEAD.replace('"version":1', '"version":2')}\n{}\n`,
			'was saved by another release, in another format',
		],
		['no time', `${HEAD.replace('2026-03-01T12:00:00Z', 'today')}\n{}\n`, 'does not say when it was saved'],
		['a stranger', `${HEAD.replace('"n1"', '"\\n\\u001b[31m"')}\n{}\n`, 'is that of another node, \\n\\u001b[31m'],
		['no objects but words', object('"x"'), 'holds what is no object'],
		['another kind', object('{"kind":"Secret","name":"a/b","value":{}}'), 'holds what is no object'],
		['an object without a value', object('{"kind":"Node","name":"n1","value":null}'), 'holds what is no object'],
		[
			'an object under another name',
			object('{"kind":"Node","name":"n1","value":{"kind":"Node","metadata":{"name":"n2"}}}'),
			'holds an object under the wrong name, n1',
		],
		[
			'an object of endless depth',
			object(`{"kind":"Node","name":"n1","value":{"kind":"Node","metadata":{"name":"n1"},"x":${deep}}}`),
			'holds an object that no API server would give',
		],
	])('when it is made of %s', async (_, content, reason) => {
		const path = await savedPath();
		await writeFile(path, gzipSync(content));
		expect(await why(path)).toBe(reason);
	});

	it('when it is too large, or grows too large when it is unpacked', async () => {
		const path = await savedPath();
		expect(await why(path, { ...LIMITS, fileBytes: 10 })).toBe('is too large');
		await writeFile(path, gzipSync(Buffer.alloc(50_000_000, ' ')));
		expect(await why(path)).toBe('is too large');
		await writeFile(path, gzipSync(Buffer.alloc(50_000_000, '{}\n')));
		expect(await why(path)).not.toBe('loaded');
	});

	it('when others may have written it', async () => {
		const path = await savedPath();
		execFileSync('chmod', ['620', path]);
		expect(await why(path)).toBe('may be written by other users');
	});

	it('when it is no file', async () => {
		const path = await savedPath();
		const link = `${path}.link`;
		await symlink(path, link);
		expect(await why(link)).toBe('is a symbolic link');
		expect(await why(join(path, '..'))).toBe('is no file');
		execFileSync('mkfifo', [`${path}.pipe`]);
		expect(await why(`${path}.pipe`)).toBe('is no file');
		expect(await why(join(path, 'inside'))).toBe('does not exist');
	});
});

/** Whether this user may mount file systems. */
function canMount(): boolean {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
	try {
		execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'try', '/mnt'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}
