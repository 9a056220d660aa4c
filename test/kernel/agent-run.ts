import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { kubeconfig } from '../support/api-server.ts';
import { PROGRAM } from '../support/cli.ts';

/** A `nft-gen agent` that runs as a process of its own. */
export interface RunningAgent {
	readonly pid: number;
	/** its log so far, an object for each line */
	readonly log: () => readonly Readonly<Record<string, unknown>>[];
	readonly kill: (signal: NodeJS.Signals) => void;
	/** whether it has saved what it knows */
	readonly hasSaved: () => boolean;
	readonly ended: Promise<Ended>;
}

export interface Ended {
	readonly code: number | undefined;
	readonly signal: string | undefined;
	readonly stdout: string;
}

/** The URL of an API server that lets everybody do everything, or a kubeconfig. */
export type ApiServer = string | { readonly kubeconfig: string };

/**
 * Starts one that speaks to an API server and changes the rules of a network namespace.
 * @param folder for its files; the caller removes it
 * @param poison a text of rules that nft is to refuse
 */
export function runAgent(
	namespace: string,
	server: ApiServer,
	folder: string,
	args: readonly string[] = [],
	poison: string | null = null,
): RunningAgent {
	const config = join(folder, 'kubeconfig');
	writeFileSync(config, typeof server === 'string' ? kubeconfig(server) : readFileSync(server.kubeconfig));
	const spoilt = join(folder, 'spoilt');
	const spoil =
		poison === null ? '' : `sed 's/${poison}/nonsense/' /proc/self/fd/0 > ${spoilt}.$$; exec < ${spoilt}.$$\n`;
	const nft = wrapper(folder, 'nft', namespace, spoil);
	const conntrack = wrapper(folder, 'conntrack', namespace);
	const own = [
		['--node', 'n1'],
		['--kubeconfig', config],
		['--nft', nft],
		['--conntrack', conntrack],
		['--state-dir', join(folder, 'state')],
		['--healthz-bind-address', ''],
		['--metrics-bind-address', ''],
	].flat();
	const child = execa(process.execPath, [PROGRAM, 'agent', ...own, ...args], {
		reject: false,
		env: { HOME: '/nonexistent', KUBECONFIG: '' },
	});
	let text = '';
	child.stderr.on('data', (chunk: Buffer) => {
		text += chunk.toString();
	});
	const log = () => text.split('\n').flatMap((line) => (line === '' ? [] : [parseLine(line)]));
	const ended = child.then(({ exitCode, signal, stdout }) => ({ code: exitCode, signal, stdout }));
	const hasSaved = () => existsSync(join(folder, 'state', 'objects.json.gz'));
	return { pid: child.pid ?? 0, log, kill: (signal) => child.kill(signal), hasSaved, ended };
}

/** A program that does its work in a namespace. @param before what the shell does first */
function wrapper(folder: string, program: string, namespace: string, before = ''): string {
	const path = join(folder, program);
	writeFileSync(path, `#!/bin/sh\n${before}exec ip netns exec ${namespace} ${program} "$@"\n`);
	chmodSync(path, 0o755);
	return path;
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
	return line.startsWith('{') ? JSON.parse(line) : { msg: line };
}

/** Waits until something holds. @throws Error that says what was waited for, when that takes too long */
export async function until(
	what: string,
	holds: () => boolean | Promise<boolean>,
	milliseconds = 15_000,
): Promise<void> {
	const end = performance.now() + milliseconds;
	while (!(await holds())) {
		if (performance.now() > end) throw new Error(`waited ${milliseconds} ms in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
