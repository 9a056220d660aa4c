import type { Verdict } from './look.ts';
import type { Part } from './parts.ts';
import type { TableState } from './table-state.ts';

/** All tables once, in as many looks as the largest has parts. */
export interface Round {
	/** how many looks it takes */
	readonly looks: number;
	/** what is next to be looked at */
	readonly next: () => ReadonlyMap<TableState, Part>;
	/** Says what came of the last look. @returns whether there is more to be looked at */
	readonly judged: (verdict: Verdict) => boolean;
}

/** Begins a round. @param parts of each table */
export function newRound(parts: ReadonlyMap<TableState, readonly Part[]>): Round {
	const looks = Math.max(1, ...[...parts.values()].map((each) => each.length));
	let done = 0;
	return {
		looks,
		next: () => new Map([...parts].flatMap(([state, all]) => all.slice(done, done + 1).map((part) => [state, part]))),
		judged: (verdict) => {
			if (verdict === 'wrong') return false;
			if (verdict === 'right') done++;
			return done < looks;
		},
	};
}
