import type { NftRun } from '../host/nft/nft-process.ts';

// How heavy a transaction may be, as `weight` counts. nft needs some 3 KB for each rule or element, and the kernel makes
// nobody else wait for longer than the transaction takes. A part of that time is the same for every transaction: nft reads
// the table's chains back first, which grows with the table. So transactions that are too small cost more than they spare.

/** More is never sent, however fast the machine is: the first elements that lead to chains take longer than the chains did. */
const MOST = 8_000;

/** With this a table begins: what the machine can do is not known yet. */
export const FIRST_HEAVIEST = 4_300;

/** However slow the machine is, no less is sent: of so little the fixed part is most, and smaller ones would only be more. */
const LEAST = 3_000;

/** Above, transactions get smaller, to stay below 250 ms also on a machine that is busy now and then. */
const SLOW_MS = 150;

/** Below, they may grow. */
const FAST_MS = 105;

/** A transaction much lighter than allowed says nothing of those that are as heavy as allowed. */
const TELLING = 1 / 4;

/**
 * How heavy the next transactions may be, after one was made: less at once when it was slow, more little by little.
 * @param heaviest what was allowed
 * @param weight what the transaction weighed
 */
export function nextHeaviest(heaviest: number, weight: number, { milliseconds }: Pick<NftRun, 'milliseconds'>): number {
	if (weight < heaviest * TELLING) return heaviest;
	if (milliseconds < FAST_MS) return Math.min(MOST, Math.ceil(heaviest * 1.25));
	if (milliseconds <= SLOW_MS) return heaviest;
	const less = Math.round(heaviest * Math.max(1 / 2, SLOW_MS / milliseconds));
	return Math.min(heaviest, Math.max(LEAST, less));
}
