import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { run } from '../measure/process.ts';
import { interleaved } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import { measuredTable } from '../report/measured-table.ts';
import { plainShape } from '../state/state.ts';

const MOST_OF_SINGLE = 0.02;
const PODS_PER_NODE = 25;
const ENDPOINTS = 5;

/** The rules of a whole fleet against those of its nodes one by one. */
export const fleet: Part = {
	name: 'fleet',
	title: 'rendering all nodes of a cluster at once against one by one',
	byDefault: true,
	run: async (workshop) => {
		const services = workshop.options.quick ? 1_000 : 5_000;
		const nodes = (services * ENDPOINTS) / PODS_PER_NODE;
		const input = workshop.state({
			...plainShape(services, ENDPOINTS),
			variant: 'mixed',
			podsPerNode: PODS_PER_NODE,
		});
		const folder = workshop.file('fleet');
		const all = async () => {
			rmSync(folder, { recursive: true, force: true });
			mkdirSync(folder);
			const args = [workshop.program, 'render', '--all-nodes', '-f', input, '-o', folder];
			const found = await run({ program: process.execPath, args, output: null });
			const files = readdirSync(folder).length;
			if (files !== nodes) throw new Error(`${files} files for ${nodes} nodes`);
			return found;
		};
		const measured = await interleaved(
			[
				{ name: 'render --node', measure: () => run(workshop.render(input, workshop.file('out.nft'))) },
				{ name: `render --all-nodes, ${nodes} nodes`, measure: all },
			],
			workshop.options.rounds,
			workshop.sayRun,
		);
		rmSync(folder, { recursive: true, force: true });
		const [single, whole] = measured;
		if (single === undefined || whole === undefined) throw new Error('nothing was measured');
		return {
			tables: [measuredTable(`Fleet: ${nodes} nodes, ${services} Services × ${ENDPOINTS} endpoints, mixed`, measured)],
			// Of few nodes what is done once is a large part: the goal is for many.
			goals: workshop.options.quick
				? []
				: [
						{
							what: `render --all-nodes / ${nodes} × render --node`,
							value: whole.seconds.median / (nodes * single.seconds.median),
							most: MOST_OF_SINGLE,
							unit: '×',
						},
					],
			remarks: [`${nodes} single renders are taken to cost ${nodes} times the median of one.`],
			measured,
		};
	},
};
