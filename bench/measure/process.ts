import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';

/** A program to run as a whole process. */
export interface Command {
	readonly program: string;
	readonly args: readonly string[];
	/** the file its standard output goes to; null throws it away */
	readonly output: string | null;
}

/** What one process took. */
export interface Run {
	readonly seconds: number;
	/** the most memory it had at once, resident, in 10^6 bytes */
	readonly megabytes: number;
}

/** How often the memory of a process is read, in milliseconds. */
const POLL_MS = 5;

/**
 * Runs a command and measures it from before it is started until it is gone.
 *
 * Memory is the kernel's own high-water mark (`VmHWM` in /proc/PID/status), read every few milliseconds, because Node does
 * not tell what its children used and a fresh Debian has no /usr/bin/time. The mark never sinks, so the last reading misses
 * no more than what the process grew by in its last milliseconds.
 * @throws Error with its standard error when it fails
 */
export async function run(command: Command): Promise<Run> {
	const output = command.output === null ? null : openSync(command.output, 'w');
	try {
		const start = process.hrtime.bigint();
		const child = spawn(command.program, command.args, { stdio: ['ignore', output ?? 'ignore', 'pipe'] });
		let peak = 0;
		const poll = setInterval(() => {
			peak = Math.max(peak, highWaterMark(child.pid));
		}, POLL_MS);
		const errors = child.stderr === null ? '' : readAll(child.stderr);
		const failure = await new Promise<string | null>((resolve) => {
			child.on('error', (error) => resolve(error.message));
			child.on('exit', (code, signal) => resolve(code === 0 ? null : `it ended with ${signal ?? code}`));
		});
		const nanoseconds = process.hrtime.bigint() - start;
		clearInterval(poll);
		if (failure !== null) {
			const said = (await errors).split('\n').slice(0, 5).join('\n');
			throw new Error(`${command.program} ${command.args.join(' ')}: ${failure}\n${said}`);
		}
		return { seconds: Number(nanoseconds) / 1e9, megabytes: peak / 1e6 };
	} finally {
		if (output !== null) closeSync(output);
	}
}

/** The most memory that a process has had, in bytes; 0 when it has gone, for then its memory has too. */
export function highWaterMark(pid: number | undefined): number {
	try {
		const status = readFileSync(`/proc/${pid}/status`, 'latin1');
		return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
}
