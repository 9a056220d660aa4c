import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { realKubeProxy } from '../../bench/parts/real-kube-proxy.ts';
import { comparisonTable } from '../../bench/real-kube-proxy/comparison.ts';
import { agentContestant, type Contestant, kubeProxyContestant } from '../../bench/real-kube-proxy/contestants.ts';
import { type Trial, trial } from '../../bench/real-kube-proxy/trial.ts';
import { openWorkshop, type Workshop } from '../../bench/workshop.ts';
import { describeKernel } from '../kernel/requirements.ts';

const OPTIONS = { parts: [], quick: true, fail: true, json: null, svg: null, rounds: 1, help: false };
const KUBE_PROXY = process.env.KUBE_PROXY ?? '';

let workshop: Workshop;
beforeAll(() => {
	workshop = openWorkshop(OPTIONS);
});
afterAll(() => workshop.close());

it('is not run without KUBE_PROXY, and says so', async () => {
	vi.stubEnv('KUBE_PROXY', undefined);
	onTestFinished(() => void vi.unstubAllEnvs());
	const { tables, remarks } = await realKubeProxy.run(workshop);
	expect({ tables, remarks }).toEqual({
		tables: [],
		remarks: ['Part real-kube-proxy is not run: it wants KUBE_PROXY=/path/to/kube-proxy.'],
	});
});

it('refuses a KUBE_PROXY that cannot be run', () => {
	expect(() => kubeProxyContestant(workshop, '/nowhere')).toThrow(
		'KUBE_PROXY=/nowhere names no program that can be run',
	);
});

it('has medians of times and bytes and the most of memory, and the second as a multiple of the first', () => {
	const tried = (name: string, factor: number) => ({ name, trials: [1, 2, 6].map((each) => trialOf(each * factor)) });
	const { columns, rows } = comparisonTable('both', [tried('ours', 1), tried('theirs', 2)]);
	expect(columns).toEqual(['', 'ours', 'theirs', 'ratio']);
	expect(rows).toEqual([
		['start, until every Service of a sample answers', '2.00 s', '4.00 s', '2.00 ×'],
		['changed endpoint, until it answers, p50', '20.0 ms', '40.0 ms', '2.00 ×'],
		['changed endpoint, until it answers, p90', '60.0 ms', '120 ms', '2.00 ×'],
		['bytes given to nft, start', '2,000', '4,000', '2.00 ×'],
		['memory, start', '60 MB', '120 MB', '2.00 ×'],
		['  largest nft', '120 MB', '240 MB', '2.00 ×'],
		['  together', '180 MB', '360 MB', '2.00 ×'],
		['bytes given to nft, one changed endpoint', '200', '400', '2.00 ×'],
		['memory, one changed endpoint', '6 MB', '12 MB', '2.00 ×'],
		['  largest nft', '18 MB', '36 MB', '2.00 ×'],
		['  together', '24 MB', '48 MB', '2.00 ×'],
	]);
});

function trialOf(factor: number): Trial {
	const phase = (seconds: readonly number[], bytes: number, own: number, child: number) => ({
		seconds: seconds.map((each) => each * factor),
		bytes: bytes * factor,
		memory: { own: own * factor, child: child * factor },
	});
	return { start: phase([1], 1_000, 10, 20), changes: phase([0.01, 0.01], 100, 1, 3) };
}

describeKernel('a trial of a proxy, by packets', () => {
	const SERVICES = 20;
	const CHANGES = 3;

	beforeAll(() => workshop.build());

	async function expectTried(contestant: Contestant): Promise<void> {
		const { start, changes } = await trial(workshop, contestant, SERVICES, CHANGES);
		expect(start.seconds).toHaveLength(1);
		expect(changes.seconds).toHaveLength(CHANGES);
		for (const seconds of [...start.seconds, ...changes.seconds]) expect(seconds).toBeGreaterThan(0);
		// A start has all endpoints, a change those of one Service.
		expect(start.bytes).toBeGreaterThan(SERVICES * 5 * '10.128.0.1'.length);
		expect(changes.bytes).toBeGreaterThan('10.128.0.1'.length);
		expect(changes.bytes).toBeLessThan(start.bytes / 4);
		for (const { memory } of [start, changes]) expect(Math.min(memory.own, memory.child)).toBeGreaterThan(1);
		expect(namespaces()).toEqual([]);
	}

	it('measures the agent', () => expectTried(agentContestant(workshop)));

	it.skipIf(!existsSync(KUBE_PROXY))('measures a real kube-proxy (where KUBE_PROXY names one)', () =>
		expectTried(kubeProxyContestant(workshop, KUBE_PROXY)),
	);

	it('fails with what a proxy said that ends, and leaves no namespace', async () => {
		const failing = {
			name: 'failing',
			command: () => ['sh', '-c', 'echo "the server is on fire" >&2; exit 7'],
		};
		const failure = trial(workshop, failing, SERVICES, CHANGES);
		await expect(failure).rejects.toThrow(/it ended with 7\nthe server is on fire/);
		expect(namespaces()).toEqual([]);
	});

	it('ends what runs in a namespace with the namespace', async () => {
		const name = workshop.namespaces.add();
		const pid = execFileSync('ip', ['netns', 'exec', name, 'sh', '-c', 'sleep 100 >/dev/null 2>&1 & echo $!']);
		workshop.namespaces.remove(name);
		await vi.waitFor(() => expect(isRunning(String(pid).trim())).toBe(false));
	});
});

function namespaces(): readonly string[] {
	const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n');
	return names.filter((name) => name.startsWith(`nftgen-bench-${process.pid}-`));
}

/** Whether a process is there and does something: one that nobody waits for stays as a zombie. */
function isRunning(pid: string): boolean {
	try {
		return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
	} catch {
		return false;
	}
}
