import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { highWaterMark } from './process.ts';

/** The most memory of a program and of the largest one that it started, in 10^6 bytes. */
export interface Peaks {
	readonly own: number;
	readonly child: number;
}

/** Watches the memory of a program that runs. */
export interface MemoryWatch {
	/** The most since the start, or since it was last taken. */
	readonly peaks: () => Peaks;
	/** The same, and then begins anew. */
	readonly take: () => Peaks;
	readonly stop: () => void;
}

const POLL_MS = 3;

/** Reads the kernel's high-water marks every few milliseconds, until it is stopped or the program has ended. */
export function watchMemory(pid: number): MemoryWatch {
	const most = { own: 0, child: 0 };
	const poll = setInterval(() => {
		most.own = Math.max(most.own, highWaterMark(pid));
		const own = programOf(pid);
		for (const each of descendants(pid)) {
			// For an instant a new process has its parent's program, and memory.
			if (programOf(each) !== own) most.child = Math.max(most.child, highWaterMark(each));
		}
	}, POLL_MS);
	const peaks = () => ({ own: most.own / 1e6, child: most.child / 1e6 });
	const take = () => {
		const found = peaks();
		Object.assign(most, { own: 0, child: 0 });
		forgetHighWaterMark(pid);
		return found;
	};
	return { peaks, take, stop: () => clearInterval(poll) };
}

/** The kernel's mark goes back to what the process has now. */
function forgetHighWaterMark(pid: number): void {
	try {
		writeFileSync(`/proc/${pid}/clear_refs`, '5');
	} catch {
		// It has ended.
	}
}

/** The file of the program that a process runs; null when it has ended. */
function programOf(pid: number): string | null {
	try {
		return readlinkSync(`/proc/${pid}/exe`);
	} catch {
		return null;
	}
}

/** What a process has started, and what these have; the thread that started it does not matter. */
function descendants(pid: number): readonly number[] {
	try {
		const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
			readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
		);
		return children.flatMap((child) => [child, ...descendants(child)]);
	} catch {
		return [];
	}
}
