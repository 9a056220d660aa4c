import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExecaError, execa } from 'execa';
import { expect, it, onTestFinished, vi } from 'vitest';
import { nftGen, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { pullRequest } from '../support/pull-request.ts';
import { describeKernel } from './requirements.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** So many Services with one endpoint each; that of the first is on the node of a number. */
function cluster(services: number, first: number): string {
	const items = numbers(services).flatMap((index) => {
		const address = `10.244.${index === 0 ? first : 1}.${5 + (index % 200)}`;
		return [
			service(`web-${index}`, [`10.96.${index >> 8}.${index & 255}`]),
			slice(`web-${index}`, [endpoint({ address, node: `n${index === 0 ? first : 1}` })]),
		];
	});
	return JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [node(1), node(2), ...items] });
}

/** A folder that everybody may read, with the program in it and two states of a cluster. */
async function publicFolder(services: number): Promise<string> {
	const files = { 'before.json': cluster(services, 1), 'after.json': cluster(services, 2), 'package.json': '{}' };
	const folder = await temporaryFolder(onTestFinished, files);
	cpSync('dist', join(folder, 'dist'), { recursive: true });
	cpSync('templates', join(folder, 'templates'), { recursive: true });
	await execa('chmod', ['-R', 'a+rX', folder]);
	chmodSync(folder, 0o755);
	return folder;
}

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

async function run(command: readonly string[], cwd: string, changes: Readonly<Record<string, string>> = {}) {
	const [program = '', ...args] = command;
	const env = { HOME: '/nonexistent', ...changes };
	const { exitCode, stdout } = await execa(program, args, { cwd, reject: false, env });
	const at = stdout.indexOf('\nkernel  ');
	return { code: exitCode, told: stdout.slice(at + 1).split('\n') };
}

const DIFF = ['diff', 'before.json', 'after.json', '--kernel'];

describeKernel('nft-gen diff --kernel', () => {
	it('replays a pull request whole', async () => {
		const { folder: cwd } = await pullRequest(onTestFinished);
		const sides = ['main:deploy', 'change:deploy', '--cluster', 'cluster.json.gz'];
		const { code, stdout, lines } = await nftGen(['diff', ...sides, '--kernel'], { cwd });
		expect([code, lines]).toEqual([0, []]);
		expect(stdout.slice(stdout.indexOf('\nkernel '))).toMatchInlineSnapshot(`
			"
			kernel  37/37 replayed, before and after, each on one of the nodes that treat it alike (n1, n2, n3, n4)
			        6 cannot be sent: an address or port is yet to be assigned
			"
		`);
		const markdown = await nftGen(['diff', ...sides, '--kernel', '--format', 'markdown'], { cwd });
		expect(markdown.lines).toEqual(stdout.slice(stdout.indexOf('\nkernel ') + 1, -1).split('\n'));
	}, 120_000);

	it('needs no root, and no large message for many Services, or says why it cannot', async () => {
		const folder = await publicFolder(400);
		const isAllowed = await execa(NOBODY[0] ?? '', [
			...NOBODY.slice(1),
			'unshare',
			'--user',
			'--map-root-user',
			'--net',
			'true',
		]).then(
			() => true,
			(error: ExecaError) => {
				console.info(`nobody cannot make namespaces here: ${error.message}`);
				return false;
			},
		);
		const { code, told } = await run([...NOBODY, process.execPath, 'dist/nft-gen.js', ...DIFF], folder);
		const expected = isAllowed
			? /^kernel {2}(\d+)\/\1 replayed, before and after, /
			: /^kernel {2}not replayed: no network namespace can be made here: unshare: .*\(.*run it as root\)$/;
		expect(told[0]).toMatch(expected);
		expect(code).toBe(0);
	}, 120_000);

	it('says what forbids it, and is incomplete then', async () => {
		const folder = await publicFolder(1);
		const forbid = 'for each in net user; do echo 0 > /proc/sys/user/max_"$each"_namespaces; done; exec "$@"';
		const forbidden = [
			'unshare',
			'--user',
			'--map-root-user',
			'sh',
			'-euc',
			forbid,
			'sh',
			process.execPath,
			'dist/nft-gen.js',
		];
		const { code, told } = await run([...forbidden, ...DIFF], folder);
		expect([code, told[0]]).toEqual([
			0,
			'kernel  not replayed: no network namespace can be made here: unshare: unshare failed: No space left on device (allow it with "sudo sysctl -w user.max_user_namespaces=10000", or run it as root)',
		]);
		expect((await run([...forbidden, ...DIFF, '--strict'], folder)).code).toBe(4);
	});

	it('names a program that is missing', async () => {
		const folder = await publicFolder(1);
		const programs = join(folder, 'programs');
		mkdirSync(programs);
		for (const program of ['unshare', 'nsenter', 'env', 'sh', 'ip']) {
			const { stdout } = await execa('sh', ['-c', `command -v ${program}`]);
			symlinkSync(realpathSync(stdout), join(programs, program));
		}
		// A whole copy in place of what /usr/sbin holds, which is searched too.
		const hidden = 'mount --bind "$1" /usr/sbin; shift; exec "$@"';
		const hide = ['unshare', '--mount', 'sh', '-euc', hidden, 'sh', programs, process.execPath, PROGRAM];
		const { told } = await run([...hide, ...DIFF], folder, { PATH: `${programs}:/usr/bin:/bin` });
		expect(told[0]).toBe('kernel  not replayed: the program nft is missing');
	});

	it('asks for a node of which both sides have rules', async () => {
		const folder = await publicFolder(1);
		await writeFile(join(folder, 'before.json'), JSON.stringify(service('web-0', ['10.96.0.0'])));
		const { code, told } = await run([process.execPath, PROGRAM, ...DIFF, '--strict'], folder);
		expect([code, told[0]]).toEqual([
			4,
			'kernel  not replayed: only one side has Nodes, so there is no node of which both have rules',
		]);
	});

	it('leaves nothing behind when it is killed', async () => {
		const folder = await publicFolder(1);
		const child = execa(process.execPath, [PROGRAM, ...DIFF], { cwd: folder, reject: false });
		const probers = await vi.waitUntil(() => {
			const found = childrenOf(child.pid ?? 0).filter(({ command }) => command.includes('prober.js'));
			return found.length === 4 ? found : null;
		}, 30_000);
		child.kill('SIGKILL');
		await child;
		await vi.waitFor(() => expect(probers.filter(({ pid }) => commandOf(pid) !== null)).toEqual([]), 10_000);
	});
});

interface Process {
	readonly pid: number;
	readonly command: string;
}

function childrenOf(parent: number): readonly Process[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			const status = read(`/proc/${name}/status`);
			const command = commandOf(Number(name));
			const isChild = new RegExp(`^PPid:\\t${parent}$`, 'm').test(status ?? '');
			return isChild && command !== null ? [{ pid: Number(name), command }] : [];
		});
}

/** Null for a process that is gone; one that nobody waited for has none any more. */
function commandOf(pid: number): string | null {
	const command = read(`/proc/${pid}/cmdline`);
	return command === '' ? null : command;
}

function read(file: string): string | null {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return null;
	}
}
