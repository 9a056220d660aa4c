/** Numbers of repeated measurements in short. */
export interface Spread {
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

/** The median of some numbers, with the least and the greatest. @throws RangeError for none */
export function spreadOf(numbers: readonly number[]): Spread {
	const sorted = [...numbers].sort((a, b) => a - b);
	const [min] = sorted;
	const max = sorted.at(-1);
	if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
	const middle = (sorted.length - 1) / 2;
	const median = ((sorted[Math.floor(middle)] ?? min) + (sorted[Math.ceil(middle)] ?? max)) / 2;
	return { median, min, max };
}

/** The number below which a share of some numbers lies: 0.99 for the 99th percentile. @throws RangeError for none */
export function percentile(numbers: readonly number[], share: number): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
	if (found === undefined) throw new RangeError('nothing was measured');
	return found;
}
