import type { Costs, LoadCosts } from './costs.ts';

/** What a first packet may pay for rules: about what such measurements differ by from run to run. */
const MOST_MICROSECONDS = 1;

/**
 * What the figures say about the boundary, in sentences.
 * @param crowded loads of the largest cluster, all its endpoints in Services of one size; sizes ascend
 */
export function suggestion(few: readonly Costs[], crowded: readonly LoadCosts[]): readonly string[] {
	const cheap = few.filter(({ packets }) => packets.rules.median - packets.map.median <= MOST_MICROSECONDS);
	const safe = crowded.find(({ rules, map }) => map.seconds.median <= rules.seconds.median);
	const largestCheap = cheap.at(-1)?.endpoints;
	return [
		largestCheap === undefined
			? `First packets: rules always cost more than ${MOST_MICROSECONDS} µs above a map.`
			: `First packets: rules cost at most ${MOST_MICROSECONDS} µs more than a map up to ${largestCheap} endpoints.`,
		safe === undefined
			? 'Loading: in the largest cluster rules are the faster form at every size.'
			: `Loading: a map is not slower from ${safe.endpoints} endpoints on, even in the largest cluster, where each of the many maps slows down the others.`,
	];
}
