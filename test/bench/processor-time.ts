import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** User and system time, in seconds with three digits; what the program says is thrown away. */
const TIMED = 'TIMEFORMAT="%3U %3S"; time "$@" > /dev/null';

/**
 * Runs a program and gives the seconds that it kept a processor busy, the kernel's work for it included. Where others want
 * the processor too, it waits longer, and works hardly longer.
 * @throws Error when it fails
 */
export async function processorTime(program: string, ...args: readonly string[]): Promise<number> {
	const { stderr } = await promisify(execFile)('bash', ['-c', TIMED, 'bash', program, ...args]);
	const [user = Number.NaN, system = Number.NaN] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
	if (!Number.isFinite(user + system)) throw new Error(`${program} was not timed: ${stderr}`);
	return user + system;
}

/** The seconds that an action kept this process busy. */
export function ownProcessorTime(action: () => void): number {
	const before = process.cpuUsage();
	action();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1e6;
}
