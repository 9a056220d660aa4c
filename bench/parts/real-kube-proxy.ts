import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, run } from '../measure/process.ts';
import { interleaved, type Measured, measuredOf } from '../measure/repeat.ts';
import { servicesOf } from '../options.ts';
import type { Findings, Part } from '../part.ts';
import { comparisonTable, type Tried } from '../real-kube-proxy/comparison.ts';
import { agentContestant, type Contestant, kubeProxyContestant } from '../real-kube-proxy/contestants.ts';
import { makeNftShim } from '../real-kube-proxy/nft-shim.ts';
import { type Phase, type Trial, trial } from '../real-kube-proxy/trial.ts';
import { time } from '../report/units.ts';
import type { Workshop } from '../workshop.ts';

/** kube-proxy takes a minute to start with so many Services. */
const ROUNDS = 2;
const CHANGES = 20;
const SHIM_RUNS = 20;

/** The agent and a real kube-proxy on the same objects, measured by packets. */
export const realKubeProxy: Part = {
	name: 'real-kube-proxy',
	title: 'the agent beside the kube-proxy that KUBE_PROXY names',
	byDefault: true,
	run: async (workshop) => {
		const program = process.env.KUBE_PROXY ?? '';
		return program === '' ? NOT_RUN : compare(workshop, program);
	},
};

const NOT_RUN: Findings = {
	tables: [],
	goals: [],
	remarks: ['Part real-kube-proxy is not run: it wants KUBE_PROXY=/path/to/kube-proxy.'],
	measured: [],
};

async function compare(workshop: Workshop, program: string): Promise<Findings> {
	const services = servicesOf(workshop.options);
	const tried = await trials(workshop, services, [agentContestant(workshop), kubeProxyContestant(workshop, program)]);
	return {
		tables: [comparisonTable(`Beside a real kube-proxy: ${services} Services × 5 endpoints`, tried)],
		goals: [],
		remarks: [
			'Both have a namespace without rules, an API server of their own on the far side of a veth pair, where the pods are too, and',
			'no more than that to do: IPv4 and IPv6, --cluster-cidr, healthz and metrics as by default. No pause between synchronisations:',
			'--min-sync-period 0 here, nftables.minSyncPeriod 1ms there, where 0 counts as 1s. kube-proxy speaks JSON, with no limit to its',
			'requests. The agent compares its tables every hour (--verify-period 3600s), as kube-proxy has it; part agent has what that takes.',
			'Times end with a connection that is answered, or that reaches the new endpoint; the probe looks every few milliseconds.',
			`For the bytes a script stands before nft: it adds some ${time(await shimCost(workshop))} to each call that is timed, of both.`,
		],
		measured: tried.flatMap(measuredOfTried),
	};
}

/** Both in turn, so that a slow minute falls on both. */
async function trials(
	workshop: Workshop,
	services: number,
	contestants: readonly [Contestant, Contestant],
): Promise<readonly [Tried, Tried]> {
	const found: readonly [Trial[], Trial[]] = [[], []];
	for (let round = 0; round < Math.min(ROUNDS, workshop.options.rounds); round++) {
		for (const [index, contestant] of contestants.entries()) {
			const one = await trial(workshop, contestant, services, CHANGES);
			for (const run of runs(one.start)) workshop.sayRun(`${contestant.name}, start`, run);
			found[index]?.push(one);
		}
	}
	const [ours, theirs] = contestants;
	return [
		{ name: ours.name, trials: found[0] },
		{ name: theirs.name, trials: found[1] },
	];
}

function measuredOfTried({ name, trials: each }: Tried): readonly Measured[] {
	return [
		measuredOf(
			`${name}, start`,
			each.flatMap(({ start }) => runs(start)),
		),
		measuredOf(
			`${name}, changed endpoint`,
			each.flatMap(({ changes }) => runs(changes)),
		),
	];
}

/** Each time of a phase; the memory is that of both programs together. */
function runs({ seconds, memory: { own, child } }: Phase): readonly Run[] {
	return seconds.map((each) => ({ seconds: each, megabytes: own + child }));
}

/** What the script before nft adds to a call that gives nft nothing to do, in seconds. */
async function shimCost(workshop: Workshop): Promise<number> {
	const { folder } = makeNftShim(mkdtempSync(workshop.file('shim-')));
	const namespace = workshop.namespaces.add();
	const call = (nft: string) => () =>
		run({ program: 'ip', args: ['netns', 'exec', namespace, nft, '-f', '-'], output: null });
	const measured = await interleaved(
		[
			{ name: 'script and nft', measure: call(join(folder, 'nft')) },
			{ name: 'nft', measure: call('nft') },
		],
		SHIM_RUNS,
		() => {},
	);
	workshop.namespaces.remove(namespace);
	// The fastest: what comes on top is somebody else's.
	const [script, bare] = measured.map(({ seconds }) => seconds.min);
	return (script ?? Number.NaN) - (bare ?? Number.NaN);
}
