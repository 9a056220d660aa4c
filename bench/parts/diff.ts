import { readFileSync } from 'node:fs';
import { compare } from '../../src/diff/compare.ts';
import type { ClusterState } from '../../src/model/cluster-state.ts';
import type { NetworkSettings } from '../../src/model/settings.ts';
import { readCluster } from '../../src/pipeline.ts';
import { run } from '../measure/process.ts';
import { interleaved } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import { measuredTable } from '../report/measured-table.ts';
import { SETTINGS } from '../settings.ts';
import { plainShape } from '../state/state.ts';

const CHANGES = 50;
const MOST_SECONDS = 5;
const MOST_MEGABYTES = 1500;
const MOST_COMPARING = 1;
/** Four times as many nodes, which all are in few cohorts, must cost far less than four times as much. */
const MOST_GROWTH = 2;

/** As the command line has them for files. */
const NETWORK: NetworkSettings = { ...SETTINGS, hints: 'missing' };

/** Comparing two states of a large cluster. */
export const diff: Part = {
	name: 'diff',
	title: 'what a pull request changes in a large cluster',
	byDefault: true,
	run: async (workshop) => {
		const { quick, rounds } = workshop.options;
		const services = quick ? 1_000 : 5_000;
		const [many, few] = quick ? [200, 50] : [1_000, 250];
		const sides = (nodes: number) => {
			const shape = { ...plainShape(services, 5), nodes };
			return [workshop.state(shape), workshop.changedState(shape, CHANGES)] as const;
		};
		const output = workshop.file('diff.txt');
		const whole = (nodes: number) => ({
			name: `nft-gen diff, ${nodes} nodes`,
			measure: () => run({ program: process.execPath, args: [workshop.program, 'diff', ...sides(nodes)], output }),
		});
		const comparing = (nodes: number) => {
			const [before, after] = sides(nodes).map(stateIn);
			return { name: `flow classes alone, ${nodes} nodes`, measure: () => comparison(before, after) };
		};
		const measured = await interleaved([whole(many), comparing(many), comparing(few)], rounds, workshop.sayRun);
		const [all, large, small] = measured;
		if (all === undefined || large === undefined || small === undefined) throw new Error('nothing was measured');
		return {
			tables: [measuredTable(`Diff of ${services} Services × 5 endpoints, ${CHANGES} of them changed`, measured)],
			goals: [
				{
					what: `flow classes of ${many} nodes / of ${few} nodes`,
					value: large.seconds.median / small.seconds.median,
					most: MOST_GROWTH,
					unit: '×',
				},
				{ what: 'memory of diff', value: all.megabytes.max, most: MOST_MEGABYTES, unit: 'MB' },
				{ what: 'nft-gen diff', value: all.seconds.median, most: MOST_SECONDS, unit: 's' },
				{ what: 'comparing flow classes', value: large.seconds.median, most: MOST_COMPARING, unit: 's' },
			],
			remarks: ['flow classes alone: in a process that has read both states already.'],
			measured,
		};
	},
};

function stateIn(file: string): ClusterState {
	return readCluster([{ file, index: 0, value: JSON.parse(readFileSync(file, 'utf8')) }], NETWORK).state;
}

function comparison(before: ClusterState | undefined, after: ClusterState | undefined) {
	if (before === undefined || after === undefined) throw new Error('a comparison has two sides');
	const start = performance.now();
	compare(before, after, NETWORK);
	return Promise.resolve({ seconds: (performance.now() - start) / 1000, megabytes: process.memoryUsage.rss() / 1e6 });
}
