import type { Clock } from './clock.ts';

/** How the waits between failing requests grow. */
export interface BackoffTimes {
	readonly firstMs: number;
	readonly factor: number;
	readonly mostMs: number;
	/** after so long without a wait the next one is the first again */
	readonly resetMs: number;
}

/** Those of client-go's reflector (`tools/cache/reflector.go` NewReflectorWithOptions). */
export const BACKOFF: BackoffTimes = { firstMs: 800, factor: 2, mostMs: 30_000, resetMs: 120_000 };

/**
 * Gives one wait after the other: exponential, each a random part of the whole (full jitter), so that the agents of a
 * thousand nodes do not come back together.
 */
export function backoff(times: BackoffTimes, clock: Clock): () => number {
	let steps = 0;
	let last = Number.NEGATIVE_INFINITY;
	return () => {
		if (clock.now() - last > times.resetMs) steps = 0;
		const whole = Math.min(times.mostMs, times.firstMs * times.factor ** steps);
		// No further than where the whole stops growing: the power must stay a number.
		if (whole < times.mostMs) steps += 1;
		const wait = clock.random() * whole;
		last = clock.now() + wait;
		return wait;
	};
}
