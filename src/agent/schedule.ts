/** How often the agent does what, in milliseconds. */
export interface Periods {
	/** at least so long between the end of one synchronisation and the start of the next */
	readonly minSync: number;
	/** between two looks at the fence, which finds a flush */
	readonly fence: number;
	/** between two comparisons of the whole table */
	readonly verify: number;
	/** the first wait after a failure; it doubles up to the longest */
	readonly retry: number;
	readonly longestRetry: number;
	/** how long kernels before 6.2 may still count what led to a chain (trap T20) */
	readonly cleanUp: number;
}

export const PERIODS: Periods = {
	minSync: 1000,
	fence: 1500,
	verify: 25_000,
	retry: 500,
	longestRetry: 30_000,
	cleanUp: 1000,
};

/** What the agent can do next; to verify is to begin to read the whole tables, to judge is to compare them. */
export type Task = 'sync' | 'fence' | 'clean-up' | 'verify' | 'judge';

/** When each task is due; infinity for one that is not. */
export type Schedule = Record<Task, number>;

/** Nothing is due before there is something to program. */
export function newSchedule(): Schedule {
	return {
		sync: Number.POSITIVE_INFINITY,
		fence: Number.POSITIVE_INFINITY,
		'clean-up': Number.POSITIVE_INFINITY,
		verify: Number.POSITIVE_INFINITY,
		judge: Number.POSITIVE_INFINITY,
	};
}

const BY_URGENCY: readonly Task[] = ['sync', 'fence', 'clean-up', 'verify', 'judge'];

/** The task that is due for the longest time, so that changes that come all the time do not put the others off for ever. */
export function dueTask(schedule: Schedule, now: number): Task | null {
	const due = BY_URGENCY.filter((task) => schedule[task] <= now);
	return due.sort((a, b) => schedule[a] - schedule[b])[0] ?? null;
}

/** When the next task is due. */
export function nextDue(schedule: Schedule): number {
	return Math.min(...BY_URGENCY.map((task) => schedule[task]));
}

/** Asks for a synchronisation as soon as may be; one that is asked for already is not put off. */
export function askForSync(schedule: Schedule, now: number, lastEnd: number, { minSync }: Periods): void {
	schedule.sync = Math.min(schedule.sync, Math.max(now, lastEnd + minSync));
}

/** How long to wait after so many failures in a row: doubled each time, and up to a quarter less by chance. */
export function retryDelay(failures: number, { retry, longestRetry }: Periods, random: () => number): number {
	return Math.min(longestRetry, retry * 2 ** Math.max(0, failures - 1)) * (1 - random() / 4);
}

/**
 * When a look is to be taken again: a period after it began, so that what happened just after it is found within a period
 * and the time a look takes; later where it takes so long that it would keep more than a fifth of a core busy. Looks that
 * take up to 5 s (10,000 Services of 5 endpoints take 1.5 s) are taken every 25 s, so drift is found within 30 s.
 */
export function nextLook(start: number, end: number, period: number): number {
	return Math.max(start + period, end + (LOOK_SHARE - 1) * (end - start));
}

const LOOK_SHARE = 5;
