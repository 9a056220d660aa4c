import { writeFileSync } from 'node:fs';
import type { Measured } from '../measure/repeat.ts';
import type { Part } from '../part.ts';
import { type Curve, plotSvg } from '../plot/plot.ts';
import type { Goal } from '../report/goal.ts';
import { measuredTable } from '../report/measured-table.ts';
import { LAYOUT_NAMES, LAYOUTS } from '../scale/layouts.ts';
import { loadTable, secondsOf } from '../scale/load-table.ts';
import { type Load, loads, patience } from '../scale/loads.ts';
import { inThisRun, PLOTTED_ENDPOINTS, SIZES, type Size, sizeName, sizesOf } from '../scale/sizes.ts';
import { type Stages, stages, variants } from '../scale/stages.ts';
import type { Workshop } from '../workshop.ts';

/** How many times faster than kube-proxy's shape: it grows with the square of the Services, so that fewer show less of it. */
const LEAST = [
	{ size: { services: 10_000, endpoints: 2 }, whole: 20, quick: 2 },
	{ size: { services: 20_000, endpoints: 2 }, whole: 80, quick: 4 },
] as const;
const MOST = { floor: 2, floorQuick: 3, growth: 5, render: 0.5, compileRender: 0.15 } as const;

const STAGES_SIZE: Size = { services: 10_000, endpoints: 15 };
const VARIANTS_SIZE: Size = { services: 10_000, endpoints: 5 };

/** Loading whole rulesets of many sizes in the layouts there are, and making ours. */
export const scale: Part = {
	name: 'scale',
	title: "loading many Services: ours, kube-proxy's shapes, the least that could serve",
	byDefault: true,
	run: async (workshop) => {
		const { options } = workshop;
		const sizes = sizesOf(options);
		const found = await loads(
			workshop,
			sizes,
			LEAST.map(({ size }) => inThisRun(options, size)),
		);
		const made = await stages(workshop, inThisRun(options, STAGES_SIZE));
		const varied = await variants(workshop, inThisRun(options, VARIANTS_SIZE));
		if (options.svg !== null) writeFileSync(options.svg, plot(workshop, found));
		return {
			tables: [
				loadTable(sizes, found),
				measuredTable(`From JSON into the kernel: ${sizeName(inThisRun(options, STAGES_SIZE))}`, stagesOf(made)),
				measuredTable(`Clusters that are not plain: ${sizeName(inThisRun(options, VARIANTS_SIZE))}`, varied),
			],
			goals: [...loadGoals(workshop, found), ...stageGoals(workshop, made)],
			remarks: [
				`In brackets: not loaded, as it was expected to take more than ${patience(options)} s: by the square of a smaller load, and rather longer.`,
				'compile and render alone: in a process that has read the cluster, and has not compiled before.',
			],
			measured: [...found.flatMap(({ measured }) => measured ?? []), ...stagesOf(made), ...varied],
		};
	},
};

function loadGoals({ options }: Workshop, found: readonly Load[]): readonly Goal[] {
	const [single, many] = [10_000, 45_000].map((services) => inThisRun(options, { services, endpoints: 1 }));
	if (single === undefined || many === undefined) throw new Error('growth has two sizes');
	return [
		...LEAST.map(({ size, whole, quick }): Goal => {
			const here = inThisRun(options, size);
			const value = secondsOf(found, '1.36', here) / secondsOf(found, 'ours', here);
			return {
				what: `${LAYOUT_NAMES['1.36']} / nft-gen, ${sizeName(here)}`,
				value,
				least: options.quick ? quick : whole,
				unit: '×',
			};
		}),
		...SIZES.map((each): Goal => {
			const size = inThisRun(options, each);
			const value = secondsOf(found, 'ours', size) / secondsOf(found, 'floor', size);
			return {
				what: `nft-gen / ${LAYOUT_NAMES.floor}, ${sizeName(size)}`,
				value,
				most: options.quick ? MOST.floorQuick : MOST.floor,
				unit: '×',
			};
		}),
		{
			what: `nft-gen, ${sizeName(many)} / ${sizeName(single)}`,
			value: secondsOf(found, 'ours', many) / secondsOf(found, 'ours', single),
			most: MOST.growth,
			unit: '×',
		},
	];
}

function stagesOf({ load, render, compileRender }: Stages): readonly Measured[] {
	return [load, render, compileRender];
}

/** A small cluster renders in little more than the time Node takes to start: these goals are for the large one. */
function stageGoals({ options }: Workshop, { load, render, compileRender }: Stages): readonly Goal[] {
	if (options.quick) return [];
	const ratio = (each: Measured) => each.seconds.median / load.seconds.median;
	const name = sizeName(STAGES_SIZE);
	return [
		{ what: `render / nft -f of its output, ${name}`, value: ratio(render), most: MOST.render, unit: '×' },
		{
			what: `compile and render alone / nft -f, ${name}`,
			value: ratio(compileRender),
			most: MOST.compileRender,
			unit: '×',
		},
	];
}

function plot({ machine }: Workshop, found: readonly Load[]): string {
	const curves = LAYOUTS.map((layout): Curve => {
		const points = found.flatMap(({ layout: of, size, measured }) =>
			of === layout && size.endpoints === PLOTTED_ENDPOINTS && measured !== null
				? [{ x: size.services, y: measured.seconds.median }]
				: [],
		);
		return { name: LAYOUT_NAMES[layout], points: points.sort((a, b) => a.x - b.x) };
	});
	return plotSvg({
		title: `Loading a whole ruleset, Services of ${PLOTTED_ENDPOINTS} endpoints`,
		note: `nft -f, medians. ${machine()}`,
		x: 'Services',
		y: 'time until the rules are in the kernel',
		curves: curves.filter(({ points }) => points.length > 0),
	});
}
