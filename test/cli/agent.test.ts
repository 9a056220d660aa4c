import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { kubeconfig } from '../support/api-server.ts';
import { nftGen, type Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { node, service } from '../support/objects.ts';
import { startStandIn } from '../support/stand-in-api-server.ts';

/** A run of the agent, and the arguments of each run of its nft. */
interface Begun {
	readonly run: Run;
	readonly calls: readonly string[];
}

/**
 * Runs `agent --once --dry-run` against a small cluster. Its nft is a shell script that has no tables.
 * @param check what it does when it is asked to check something; `calls` is the file of calls so far,
 * and `asked` is there when the API server has been asked
 */
async function agentWith(check: string): Promise<Begun> {
	const server = await startStandIn();
	onTestFinished(server.close);
	server.put(service('web', ['10.96.0.20']), node(1));
	const script = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> calls
case "$*" in
-V) echo "nftables v1.0.6 (Lester Gooch #5)";;
--check*) ${check};;
*) echo "Error: No such file or directory" >&2; exit 1;;
esac
`;
	const folder = await temporaryFolder(onTestFinished, { nft: script });
	await chmod(join(folder, 'nft'), 0o755);
	await writeFile(join(folder, 'kubeconfig'), kubeconfig(server.url));
	const files = ['--kubeconfig', join(folder, 'kubeconfig'), '--nft', join(folder, 'nft')];
	const asking = vi.waitFor(() => expect(server.requests).not.toEqual([]), { timeout: 30_000 });
	const told = asking.then(() => writeFile(join(folder, 'asked'), ''));
	const run = await nftGen(['agent', '--node', 'n1', '--once', '--dry-run', ...files], { cwd: folder });
	await told;
	const calls = (await readFile(join(folder, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');
	return { run, calls };
}

describe('an agent that begins', () => {
	it('asks nft what it can do in one go, before it programs anything', async () => {
		const { run, calls } = await agentWith('true');
		expect(run.code).toBe(0);
		expect(run.stdout).toContain('10.96.0.20 . tcp . 80');
		expect(calls.slice(0, 2).sort()).toEqual(['--check --file /proc/self/fd/0', '-V']);
		expect(calls.slice(2).filter((call) => call.startsWith('--check'))).toEqual([]);
	});

	it('asks the API server meanwhile', async () => {
		const { run } = await agentWith('until test -e asked; do sleep 0.02; done');
		expect([run.code, run.stderr]).toEqual([0, expect.not.stringContaining('could not be asked')]);
		expect(run.stdout).toContain('10.96.0.20 . tcp . 80');
	});

	it('asks again when nft was killed, as where memory is short (fault 35)', async () => {
		const { run, calls } = await agentWith('test $(grep -c check calls) -gt 1 || kill -KILL $$');
		expect(run.code).toBe(0);
		expect(run.stderr).toContain('nft could not be asked what it can do');
		expect(run.stderr).toContain('nft was killed by SIGKILL');
		expect(calls.filter((call) => call.startsWith('--check'))).toHaveLength(2);
	});

	it('says what may help when nft crashes (fault 37)', async () => {
		const { run } = await agentWith('test $(grep -c check calls) -gt 1 || kill -SEGV $$');
		expect(run.stderr).toContain(
			'nft crashed with SIGSEGV: an old one does where a newer nft made a set or map, in whatever table; ' +
				'use an nft as new as the newest on this node',
		);
	});

	it('ends with a sentence when its kubeconfig cannot be used, and does not wait for nft', async () => {
		const folder = await temporaryFolder(onTestFinished, { nft: '#!/bin/sh\nexec sleep 60\n' });
		await chmod(join(folder, 'nft'), 0o755);
		const files = ['--kubeconfig', 'nowhere', '--nft', join(folder, 'nft')];
		const run = await nftGen(['agent', '--node', 'n1', ...files], { cwd: folder });
		expect([run.code, run.stdout]).toEqual([1, '']);
		expect(run.stderr).toMatch(/^nft-gen: the kubeconfig nowhere cannot be read: ENOENT[^\n]*\n$/);
	});

	it('ends with a sentence when the machine lacks something (fault 40), and has written nothing', async () => {
		const noFib = `grep -q 'fib' "$3" && { echo "$3:2:1-2: Error: Could not process rule: No such file or directory" >&2; exit 1; }; true`;
		const { run, calls } = await agentWith(noFib);
		expect([run.code, run.stdout]).toEqual([1, '']);
		expect(run.stderr).toMatch(/nft-gen: the kernel \(NFT_FIB_IPV4, NFT_FIB_IPV6\) or nft lacks fib for family ip:/);
		expect(calls.filter((call) => call.includes('list'))).toEqual([]);
	});
});
