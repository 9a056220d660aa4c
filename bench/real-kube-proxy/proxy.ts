import { spawn } from 'node:child_process';
import { type Peaks, watchMemory } from '../measure/memory.ts';

/** A proxy that runs. */
export interface Proxy {
	/** when it was started, by process.hrtime */
	readonly started: bigint;
	/** Waits for something that the proxy brings about. @throws Error when the proxy ends before, or after too long */
	readonly during: <T>(work: Promise<T>) => Promise<T>;
	/** The most memory since the start, or since this was last asked. */
	readonly memory: () => Peaks;
	readonly stop: () => Promise<void>;
}

/** What takes longer is not waited for: 20,000 Services take kube-proxy minutes. */
const LIMIT_MS = 15 * 60_000;

/** So much of what it said last is kept for a message. */
const KEPT = 2_000;

/** Starts one in a namespace. @param path where it looks for nft first */
export function startProxy(namespace: string, command: readonly string[], path: string): Proxy {
	const started = process.hrtime.bigint();
	const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
		stdio: ['ignore', 'ignore', 'pipe'],
		env: { PATH: `${path}:${process.env.PATH}`, HOME: '/nonexistent' },
	});
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said = (said + text).slice(-KEPT);
	});
	const memory = watchMemory(child.pid ?? 0);
	const ended = new Promise<string>((resolve) => {
		child.once('error', (error) => resolve(error.message));
		child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`));
	});
	const failure = (what: string) => new Error(`${command.join(' ')}: ${what}\n${said}`);
	const during = async <T>(work: Promise<T>) => {
		let limit: NodeJS.Timeout | undefined;
		const tooLong = new Promise<never>((_, reject) => {
			limit = setTimeout(() => reject(failure(`nothing after ${LIMIT_MS / 60_000} minutes`)), LIMIT_MS);
		});
		const early = ended.then((how) => Promise.reject(failure(how)));
		try {
			return await Promise.race([work, early, tooLong]);
		} finally {
			clearTimeout(limit);
		}
	};
	const stop = async () => {
		child.kill('SIGTERM');
		await ended;
		memory.stop();
	};
	return { started, during, memory: memory.take, stop };
}
