import { type Fraction, fractionText } from '../trace/fraction.ts';

const MOST_NAMED = 3;

/** A list as people read it: the first three, and how many more there are. */
export function listed(names: readonly string[]): string {
	const others = names.length - MOST_NAMED;
	return others > 0 ? `${names.slice(0, MOST_NAMED).join(', ')} and ${others} more` : names.join(', ');
}

/** A share in percent, rounded to tenths: `33.3 %`. */
export function percent(share: Fraction): string {
	const tenths = (share.of * 2000n + share.in) / (share.in * 2n);
	return `${tenths / 10n}.${tenths % 10n} %`;
}

/** The largest number below which a fraction says more than its percentage. */
const LARGEST_DENOMINATOR = 1000n;

/** A share as a fraction; empty where it is a whole, nothing or unreadable. */
export function shortFraction(share: Fraction): string {
	return share.in === 1n || share.in > LARGEST_DENOMINATOR ? '' : fractionText(share);
}
