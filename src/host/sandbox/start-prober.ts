import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ProbeAnswer } from '../../model/probe.ts';
import { newKept } from '../process.ts';
import type { Answered, Asked, Question } from './messages.ts';

/** A process in a namespace of its own, which lives as long as it does. */
export interface Prober {
	readonly pid: number;
	/** Any number of questions at once. */
	readonly ask: (question: Question) => Promise<ProbeAnswer>;
	readonly stop: () => Promise<void>;
}

/** Why there is none. */
export interface NotStarted {
	readonly why: string;
}

/**
 * Starts a prober.
 * @param command what makes the namespace and then runs the prober in its own place: `['unshare', '--net']`
 */
export function startProber(command: readonly string[]): Promise<Prober | NotStarted> {
	const [program = '', ...args] = command;
	const child = spawn(program, [...args, process.execPath, proberProgram()], {
		stdio: ['pipe', 'pipe', 'pipe'],
		env: { LC_ALL: 'C', PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
	});
	const complaints = newKept(MOST_COMPLAINTS);
	child.stderr.on('data', complaints.add);
	child.stdin.on('error', () => {});
	const waiting = new Map<number, (answer: ProbeAnswer) => void>();
	let last = 0;
	const ask = (question: Question): Promise<ProbeAnswer> => {
		last++;
		const asked: Asked = { id: last, question };
		return new Promise((resolve) => {
			if (isGone(child)) return resolve(GONE);
			const timer = setTimeout(() => resolve(NO_ANSWER), TIME_LIMIT);
			waiting.set(asked.id, (answer) => {
				clearTimeout(timer);
				resolve(answer);
			});
			child.stdin.write(`${JSON.stringify(asked)}\n`);
		});
	};
	return new Promise((resolve) => {
		// Its end is told below.
		const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT);
		createInterface({ input: child.stdout }).on('line', (line) => {
			const { id, answer }: Answered = JSON.parse(line);
			clearTimeout(timer);
			if (id === 0) resolve({ pid: child.pid ?? 0, ask, stop: () => stop(child) });
			waiting.get(id)?.(answer);
			waiting.delete(id);
		});
		child.on('error', () => {
			clearTimeout(timer);
			resolve({ why: `the program ${program} is missing` });
		});
		// Not `exit`: what it complained of has to be here.
		child.on('close', () => {
			clearTimeout(timer);
			for (const each of waiting.values()) each(GONE);
			const [complaint = ''] = complaints.text().trim().split('\n');
			resolve({ why: complaint === '' ? `${program} ended without a word` : complaint });
		});
	});
}

const MOST_COMPLAINTS = 4096;

/** Milliseconds in which a prober starts or answers, on the busiest machine; the longest probe takes three seconds. */
const TIME_LIMIT = 30_000;

const NO_ANSWER: ProbeAnswer = { kind: 'failed', why: 'the process in the namespace does not answer' };
const GONE: ProbeAnswer = { kind: 'failed', why: 'the process in the namespace is gone' };

/** The bundled prober, wherever this file runs from: the source tree or the bundle. */
function proberProgram(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'dist', 'prober.js'))) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error('the file dist/prober.js of nft-gen is missing');
		folder = parent;
	}
	return join(folder, 'dist', 'prober.js');
}

function isGone(child: ChildProcess): boolean {
	return child.exitCode !== null || child.signalCode !== null;
}

function stop(child: ChildProcess): Promise<void> {
	if (isGone(child)) return Promise.resolve();
	return new Promise((resolve) => {
		child.once('exit', () => resolve());
		child.kill('SIGKILL');
	});
}
