import { load } from '../measure/load.ts';
import { interleavedUpTo, type Measured, type RarelyMeasured } from '../measure/repeat.ts';
import type { Options } from '../options.ts';
import { time } from '../report/units.ts';
import { plainShape } from '../state/state.ts';
import type { Workshop } from '../workshop.ts';
import { LAYOUT_NAMES, LAYOUTS, type Layout, rulesetOf } from './layouts.ts';
import { type Size, sizeName } from './sizes.ts';

/** One layout of one size: measured, or said to take too long. */
export interface Load {
	readonly size: Size;
	readonly layout: Layout;
	/** null where it was not loaded */
	readonly measured: Measured | null;
	/** what a load was expected to take, in seconds; null where nobody asked */
	readonly expected: number | null;
}

/** No load that is expected to take longer, in seconds, is waited for, unless a goal needs it. */
export function patience({ quick }: Options): number {
	return quick ? 15 : 20;
}

/** A quadratic load is no more exact for being repeated. */
const ROUNDS_OF_QUADRATIC = 2;

/** What a quadratic load is expected to take is found with so many times fewer Services. */
const TRIAL = 8;

/** A load before it is made; without a contestant it is not. */
interface Planned extends Pick<Load, 'size' | 'layout' | 'expected'> {
	readonly contestant: RarelyMeasured | null;
}

/** Loads every size in every layout, in turn. @param needed kube-proxy's loads that a goal is for, however long they take */
export async function loads(
	workshop: Workshop,
	sizes: readonly Size[],
	needed: readonly Size[],
): Promise<readonly Load[]> {
	const planned: Planned[] = [];
	for (const size of sizes) {
		const isNeeded = needed.some((each) => sizeName(each) === sizeName(size));
		for (const layout of LAYOUTS) planned.push(await plan(workshop, layout, size, isNeeded && layout === '1.36'));
	}
	const contestants = planned.flatMap(({ contestant }) => contestant ?? []);
	const measured = await interleavedUpTo(contestants, workshop.sayRun);
	const byName = new Map(measured.map((each) => [each.name, each]));
	return planned.map(({ size, layout, expected, contestant }) => {
		return { size, layout, expected, measured: byName.get(contestant?.name ?? '') ?? null };
	});
}

async function plan(workshop: Workshop, layout: Layout, size: Size, isNeeded: boolean): Promise<Planned> {
	if (layout === 'ours' || layout === 'floor') {
		const contestant = await contestantOf(workshop, layout, size, workshop.options.rounds);
		return { size, layout, expected: null, contestant };
	}
	const expected = await expectation(workshop, layout, size);
	const isLong = expected > patience(workshop.options);
	if (isLong && !isNeeded) return { size, layout, expected, contestant: null };
	const contestant = await contestantOf(workshop, layout, size, isLong ? 1 : ROUNDS_OF_QUADRATIC);
	return { size, layout, expected, contestant };
}

async function contestantOf(workshop: Workshop, layout: Layout, size: Size, rounds: number): Promise<RarelyMeasured> {
	const file = await rulesetOf(workshop, layout, plainShape(size.services, size.endpoints));
	const name = `${sizeName(size)}, ${LAYOUT_NAMES[layout]}`;
	return { name, rounds: Math.min(rounds, workshop.options.rounds), measure: () => load(workshop.namespaces, file) };
}

/**
 * A small load times the square of how many times larger the real one is: more than it takes where part of it is linear, less
 * where what the kernel walks through is too large for the processor's caches.
 */
async function expectation(workshop: Workshop, layout: Layout, size: Size): Promise<number> {
	const services = Math.ceil(size.services / TRIAL);
	const file = await rulesetOf(workshop, layout, plainShape(services, size.endpoints));
	const { seconds } = await load(workshop.namespaces, file);
	const expected = seconds * (size.services / services) ** 2;
	workshop.say(`  ${sizeName(size)}, ${LAYOUT_NAMES[layout]}: some ${time(expected)} expected`);
	return expected;
}
