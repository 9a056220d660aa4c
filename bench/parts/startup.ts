import { join } from 'node:path';
import { run } from '../measure/process.ts';
import { interleaved } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import { measuredTable } from '../report/measured-table.ts';
import { PROJECT } from '../workshop.ts';

const MOST_STARTS = 2.5;

/** Rendering a handful of Services against the least a Node program can take. */
export const startup: Part = {
	name: 'startup',
	title: 'rendering the example against `node -e 0`',
	byDefault: true,
	run: async (workshop) => {
		const example = join(PROJECT, 'examples', 'shop');
		const node = { program: process.execPath, args: ['-e', '0'], output: null };
		const render = workshop.render(example, null);
		const measured = await interleaved(
			[
				{ name: 'node -e 0', measure: () => run(node) },
				{ name: 'render examples/shop', measure: () => run(render) },
			],
			workshop.options.rounds * 4,
			() => {},
		);
		const [bare, ours] = measured;
		if (bare === undefined || ours === undefined) throw new Error('nothing was measured');
		return {
			tables: [measuredTable('Start-up: a whole process for the example', measured)],
			goals: [
				{
					what: 'render of the example / node -e 0',
					value: ours.seconds.median / bare.seconds.median,
					most: MOST_STARTS,
					unit: '×',
				},
			],
			remarks: [],
			measured,
		};
	},
};
