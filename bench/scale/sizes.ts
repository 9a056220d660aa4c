import type { Options } from '../options.ts';
import type { StateShape } from '../state/state.ts';

/** How many Services, and endpoints of each. */
export type Size = Pick<StateShape, 'services' | 'endpoints'>;

/** With --quick a fifth of the Services. */
const QUICK = 5;

/** The sizes that goals are for. */
export const SIZES: readonly Size[] = [
	{ services: 10_000, endpoints: 2 },
	{ services: 10_000, endpoints: 5 },
	{ services: 20_000, endpoints: 2 },
	{ services: 10_000, endpoints: 1 },
	{ services: 45_000, endpoints: 1 },
	{ services: 5_000, endpoints: 50 },
	{ services: 10_000, endpoints: 15 },
];

/** What the curves of the plot are drawn through, with those above that have as many endpoints. */
const PLOTTED: readonly Size[] = [
	{ services: 1_000, endpoints: 2 },
	{ services: 2_000, endpoints: 2 },
	{ services: 5_000, endpoints: 2 },
	{ services: 45_000, endpoints: 2 },
];

/** Which number of endpoints the plot is for. */
export const PLOTTED_ENDPOINTS = 2;

/** The sizes to measure; those that only the plot needs come with --svg. */
export function sizesOf(options: Options): readonly Size[] {
	const all = options.svg === null ? SIZES : [...SIZES, ...PLOTTED];
	return all.map((size) => inThisRun(options, size));
}

/** A size as it is measured in this run. */
export function inThisRun({ quick }: Options, { services, endpoints }: Size): Size {
	return { services: quick ? services / QUICK : services, endpoints };
}

/** A size for people, as 10,000 × 2. */
export function sizeName({ services, endpoints }: Size): string {
	return `${services.toLocaleString('en-US')} × ${endpoints}`;
}
