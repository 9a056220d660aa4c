/**
 * How many lines stand on both sides and changed places with each other: the fewest that would have to be moved. Lines that
 * come or leave move nobody. A line is the same in the same blocks only, which indentation tells; those that a block has
 * more than once, such as closing braces, cannot be told apart and are not asked; nor are empty ones.
 */
export function movedLines(before: readonly string[], after: readonly string[]): number {
	const old = placesOfUnique(before);
	const places = [...placesOfUnique(after).keys()].flatMap((line) => old.get(line) ?? []);
	return places.length - longestRising(places);
}

/** The lines that occur once, with the lines that begin their blocks, in their order; and their places. */
function placesOfUnique(lines: readonly string[]): ReadonlyMap<string, number> {
	const places = new Map<string, number>();
	const twice = new Set<string>();
	const blocks: string[] = [];
	for (const [place, line] of lines.entries()) {
		if (line === '') continue;
		blocks.length = Math.min(blocks.length, line.length - line.trimStart().length);
		blocks.push(line);
		const key = blocks.join('\n');
		if (places.has(key)) twice.add(key);
		places.set(key, place);
	}
	for (const key of twice) places.delete(key);
	return places;
}

/** The length of the longest rising subsequence of different numbers, by the ends of the best ones (patience sorting). */
function longestRising(numbers: readonly number[]): number {
	const ends: number[] = [];
	for (const number of numbers) {
		let [low, high] = [0, ends.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((ends[middle] ?? 0) < number) low = middle + 1;
			else high = middle;
		}
		ends[low] = number;
	}
	return ends.length;
}
