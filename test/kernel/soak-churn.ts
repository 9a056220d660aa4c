import type { Changing } from './random-changes.ts';

/** A cluster that changes all the time. */
export interface Churn {
	/** how many changes there were */
	readonly changes: () => number;
	readonly pause: () => void;
	readonly goOn: () => void;
	readonly stop: () => Promise<void>;
}

/** Changes a cluster so many times a second, until it is stopped. */
export function startChurn({ change }: Pick<Changing, 'change'>, perSecond: number): Churn {
	const state = { stopped: false, paused: false, changes: 0 };
	const run = async () => {
		let owed = 0;
		let last = performance.now();
		while (!state.stopped) {
			await new Promise((resolve) => setTimeout(resolve, 5));
			const now = performance.now();
			if (!state.paused) owed += ((now - last) / 1000) * perSecond;
			last = now;
			// After a hold-up it does not make good for all that was missed.
			for (owed = Math.min(owed, 50); owed >= 1; owed--) {
				change();
				state.changes++;
			}
		}
	};
	const running = run();
	return {
		changes: () => state.changes,
		pause: () => {
			state.paused = true;
		},
		goOn: () => {
			state.paused = false;
		},
		stop: async () => {
			state.stopped = true;
			await running;
		},
	};
}
