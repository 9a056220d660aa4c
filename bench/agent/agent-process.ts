import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfig } from '../../test/support/api-server.ts';
import { type Peaks, watchMemory } from '../measure/memory.ts';
import { NODE, type Workshop } from '../workshop.ts';

/** What an agent took, as a whole process. */
export interface AgentRun {
	readonly seconds: number;
	/** lines of its log, which is at debug */
	readonly log: readonly Readonly<Record<string, unknown>>[];
	readonly megabytes: Peaks;
}

/** An agent that runs. */
export interface AgentProcess {
	readonly log: () => AgentRun['log'];
	/** How long nft took for each transaction, where it was timed, in seconds: the agent may notice later that one has ended. */
	readonly transactions: () => readonly number[];
	/** Waits until both tables are taken over. @returns the seconds since the start @throws Error when it ends before */
	readonly begun: () => Promise<number>;
	/** The most memory since the start, or since this was asked before. */
	readonly megabytes: () => AgentRun['megabytes'];
	readonly stop: () => void;
	/** @throws Error when it fails */
	readonly ended: Promise<AgentRun>;
}

const POLL_MS = 3;

/** No agent is needed for longer. */
const LIMIT_MS = 120_000;

/**
 * Starts the built agent against an API server; it changes the tables of a namespace.
 * @param folder for its files; a later agent that gets the same one finds its state there
 * @param isTimed whether nft's transactions are timed, which takes some milliseconds for each
 */
export function startAgentProcess(
	workshop: Workshop,
	server: string,
	namespace: string,
	args: readonly string[],
	folder: string = agentFolder(workshop),
	isTimed = false,
): AgentProcess {
	const start = process.hrtime.bigint();
	const child = spawn(
		process.execPath,
		[workshop.program, 'agent', ...own(folder, server, namespace, isTimed), ...args],
		{
			stdio: ['ignore', 'ignore', 'pipe'],
			env: { PATH: process.env.PATH, HOME: '/nonexistent' },
		},
	);
	let text = '';
	child.stderr.on('data', (chunk: Buffer) => {
		text += chunk.toString();
	});
	const memory = watchMemory(child.pid ?? 0);
	const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
	const log = () =>
		text
			.split('\n')
			.slice(0, -1)
			.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
	const ended = new Promise<AgentRun>((resolve, reject) => {
		child.once('exit', (code, signal) => {
			memory.stop();
			clearTimeout(limit);
			const seconds = Number(process.hrtime.bigint() - start) / 1e9;
			if (code === 0) resolve({ seconds, log: log(), megabytes: memory.peaks() });
			else reject(new Error(`the agent ended with ${signal ?? code}:\n${text.slice(0, 2000)}`));
		});
	});
	const begun = async () => {
		const isBegun = () => log().filter(({ contact }) => typeof contact === 'string').length === 2;
		const waiting = (async () => {
			while (!isBegun()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
			return Number(process.hrtime.bigint() - start) / 1e9;
		})();
		return Promise.race([
			waiting,
			ended.then(() => {
				throw new Error('the agent ended before it began');
			}),
		]);
	};
	const transactions = () => readFileSync(timesFile(folder), 'utf8').split('\n').filter(Boolean).map(Number);
	return { log, transactions, begun, megabytes: memory.take, stop: () => child.kill('SIGTERM'), ended };
}

/** A new folder for an agent's files; it goes with the workshop. */
export function agentFolder(workshop: Workshop): string {
	return mkdtempSync(workshop.file('agent-'));
}

/** Where nft's times are noted. */
function timesFile(folder: string): string {
	return join(folder, 'times');
}

/** A shell script that notes how long transactions take. @param call of nft */
function timed(call: string, times: string): string {
	return `case "$*" in
*--check*) exec ${call} ;;
*--file*) ;;
*) exec ${call} ;;
esac
before=$(date +%s%N)
${call}
code=$?
after=$(date +%s%N)
echo "$((after - before))e-9" >> ${times}
exit $code`;
}

function own(folder: string, server: string, namespace: string, isTimed: boolean): readonly string[] {
	const nft = join(folder, 'nft');
	const call = `ip netns exec ${namespace} nft "$@"`;
	writeFileSync(nft, `#!/bin/sh\n${isTimed ? timed(call, timesFile(folder)) : `exec ${call}`}\n`);
	chmodSync(nft, 0o755);
	const config = join(folder, 'kubeconfig');
	writeFileSync(config, kubeconfig(server));
	const addresses = ['--healthz-bind-address', '', '--metrics-bind-address', ''];
	const files = ['--kubeconfig', config, '--nft', nft, '--state-dir', join(folder, 'state')];
	return ['--node', NODE, '--log-level', 'debug', ...files, ...addresses];
}
