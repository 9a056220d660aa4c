import { load } from '../measure/load.ts';
import { interleaved } from '../measure/repeat.ts';
import { servicesOf } from '../options.ts';
import type { Part } from '../part.ts';
import { measuredTable } from '../report/measured-table.ts';
import { plainShape } from '../state/state.ts';

const MOST_GROWTH = 2.3;

/** Loading twice as many Services must cost twice as much, not four times. */
export const growth: Part = {
	name: 'growth',
	title: 'loading twice as many Services',
	byDefault: true,
	run: async (workshop) => {
		const sizes = [servicesOf(workshop.options), servicesOf(workshop.options) * 2];
		const contestants = [];
		for (const services of sizes) {
			const rules = await workshop.ruleset(plainShape(services, 5));
			contestants.push({ name: `${services} Services`, measure: () => load(workshop.namespaces, rules) });
		}
		const measured = await interleaved(contestants, workshop.options.rounds, workshop.sayRun);
		const [single, twice] = measured;
		if (single === undefined || twice === undefined) throw new Error('nothing was measured');
		return {
			tables: [measuredTable('Growth: nft -f of our rules', measured)],
			goals: [
				{
					what: `nft -f of ${twice.name} / of ${single.name}`,
					value: twice.seconds.median / single.seconds.median,
					most: MOST_GROWTH,
					unit: '×',
				},
			],
			remarks: [],
			measured,
		};
	},
};
