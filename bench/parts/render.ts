import { load } from '../measure/load.ts';
import { run } from '../measure/process.ts';
import { interleaved } from '../measure/repeat.ts';
import { servicesOf } from '../options.ts';
import type { Part } from '../part.ts';
import { measuredTable } from '../report/measured-table.ts';
import { plainShape } from '../state/state.ts';

const MOST_OF_LOAD = 1;
const MOST_MEGABYTES = 500;

/** Rendering a large cluster against loading what was rendered. */
export const render: Part = {
	name: 'render',
	title: 'rendering a large cluster against loading its rules',
	byDefault: true,
	run: async (workshop) => {
		const services = servicesOf(workshop.options);
		const plain = plainShape(services, 5);
		const input = workshop.state(plain);
		const mixed = workshop.state({ ...plain, variant: 'mixed' });
		const rules = await workshop.ruleset(plain);
		const measured = await interleaved(
			[
				{ name: 'nft -f', measure: () => load(workshop.namespaces, rules) },
				{ name: 'nft-gen render', measure: () => run(workshop.render(input, workshop.file('out.nft'))) },
				{ name: 'nft-gen render, mixed', measure: () => run(workshop.render(mixed, workshop.file('mixed.nft'))) },
			],
			workshop.options.rounds,
			workshop.sayRun,
		);
		const [loading, rendering] = measured;
		if (loading === undefined || rendering === undefined) throw new Error('nothing was measured');
		return {
			tables: [measuredTable(`Rendering ${services} Services × 5 endpoints, one JSON file`, measured)],
			// A small cluster renders in little more than the time Node takes to start: the goals are for the large one.
			goals: workshop.options.quick
				? []
				: [
						{
							what: 'render / nft -f of its output',
							value: rendering.seconds.median / loading.seconds.median,
							most: MOST_OF_LOAD,
							unit: '×',
						},
						{ what: 'memory of render', value: rendering.megabytes.max, most: MOST_MEGABYTES, unit: 'MB' },
					],
			remarks: ['mixed: some of the Services have NodePorts, load balancers, several ports, affinity or no endpoint.'],
			measured,
		};
	},
};
