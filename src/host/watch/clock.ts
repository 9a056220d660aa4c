/** Time and chance, as a watch uses them; tests bring their own. */
export interface Clock {
	/** in milliseconds since some fixed moment; never goes back, whatever becomes of the time of day */
	readonly now: () => number;
	/** Runs something later; what it returns calls it off. */
	readonly after: (ms: number, run: () => void) => () => void;
	/** from 0 to below 1 */
	readonly random: () => number;
}

/** A timer may fire up to a millisecond early; who was told to wait a second waits it whole. */
const TIMER_SLACK_MS = 1;

export const REAL_CLOCK: Clock = {
	now: () => performance.now(),
	after: (ms, run) => {
		const timer = setTimeout(run, ms + TIMER_SLACK_MS);
		return () => clearTimeout(timer);
	},
	random: Math.random,
};

/** Waits, or until the signal says stop, which is no error. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted || ms <= 0) {
			resolve();
			return;
		}
		const wake = () => {
			cancel();
			signal.removeEventListener('abort', wake);
			resolve();
		};
		const cancel = clock.after(ms, wake);
		signal.addEventListener('abort', wake);
	});
}

/** What a promise gives, or null as soon as the signal says stop; what it gives or throws later is forgotten. */
export async function unlessStopped<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
	if (signal.aborted) {
		promise.catch(() => {});
		return null;
	}
	let stop = () => {};
	const stopped = new Promise<null>((resolve) => {
		stop = () => resolve(null);
		signal.addEventListener('abort', stop);
	});
	try {
		return await Promise.race([promise, stopped]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
