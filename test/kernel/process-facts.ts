import { readdirSync, readFileSync } from 'node:fs';

// What the kernel tells of processes.

/** The memory that a process has now, resident, in 10^6 bytes; 0 when it has gone. */
export function residentMegabytes(pid: number): number {
	try {
		const status = readFileSync(`/proc/${pid}/status`, 'latin1');
		return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024) / 1e6;
	} catch {
		return 0;
	}
}

/** The processes that a process has started and that still run, whichever of its threads did so. */
export function childrenOf(pid: number): readonly number[] {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
			readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')
				.split(' ')
				.filter((each) => each !== '')
				.map(Number),
		);
	} catch {
		return [];
	}
}

/** What a process was called with; nothing when it has gone. */
export function commandOf(pid: number): readonly string[] {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
	} catch {
		return [];
	}
}
