import type { Run } from './process.ts';
import { type Spread, spreadOf } from './spread.ts';

/** One of several things that are measured against each other. */
export interface Contestant {
	readonly name: string;
	/** Measures it once; what has to be prepared and cleared away is not part of the time. */
	readonly measure: () => Promise<Run>;
}

/** One that is not measured in every round, because it takes too long for that. */
export interface RarelyMeasured extends Contestant {
	readonly rounds: number;
}

/** What repeated runs of one contestant took. */
export interface Measured {
	readonly name: string;
	readonly seconds: Spread;
	readonly megabytes: Spread;
	readonly runs: readonly Run[];
}

/**
 * Measures contestants in turn, round after round, so that a busy or a slow minute of the machine falls on all of them.
 * @param onRun is told of each run, for messages
 */
export function interleaved(
	contestants: readonly Contestant[],
	rounds: number,
	onRun: (name: string, run: Run) => void,
): Promise<readonly Measured[]> {
	return interleavedUpTo(
		contestants.map((each) => ({ ...each, rounds })),
		onRun,
	);
}

/** The same, each contestant in so many rounds as it says. */
export async function interleavedUpTo(
	contestants: readonly RarelyMeasured[],
	onRun: (name: string, run: Run) => void,
): Promise<readonly Measured[]> {
	const runs = contestants.map((): Run[] => []);
	const most = Math.max(...contestants.map(({ rounds }) => rounds));
	for (let round = 0; round < most; round++) {
		for (const [index, { name, measure, rounds }] of contestants.entries()) {
			if (round >= rounds) continue;
			const run = await measure();
			onRun(name, run);
			runs[index]?.push(run);
		}
	}
	return contestants.map(({ name }, index) => measuredOf(name, runs[index] ?? []));
}

/** Runs of one contestant, in short. @throws RangeError for none */
export function measuredOf(name: string, runs: readonly Run[]): Measured {
	return {
		name,
		seconds: spreadOf(runs.map((run) => run.seconds)),
		megabytes: spreadOf(runs.map((run) => run.megabytes)),
		runs,
	};
}
