import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from '../measure/load.ts';
import { type Run, run } from '../measure/process.ts';
import { interleaved, type Measured } from '../measure/repeat.ts';
import { plainShape, type StateShape } from '../state/state.ts';
import { PROJECT, type Workshop } from '../workshop.ts';
import type { Size } from './sizes.ts';

/** What leads to the rules of a cluster, and their way into the kernel. */
export interface Stages {
	readonly load: Measured;
	/** the whole process, from JSON to text */
	readonly render: Measured;
	/** without reading: from the cluster in memory to text, in a process that did not do it before */
	readonly compileRender: Measured;
}

/** Measures the stages of one size, in turn. */
export async function stages(workshop: Workshop, size: Size): Promise<Stages> {
	const shape = plainShape(size.services, size.endpoints);
	const rules = await workshop.ruleset(shape);
	const state = workshop.state(shape);
	const [loading, rendering, alone] = await interleaved(
		[
			{ name: 'nft -f', measure: () => load(workshop.namespaces, rules) },
			{ name: 'nft-gen render', measure: () => run(workshop.render(state, workshop.file('out.nft'))) },
			{ name: 'compile and render alone', measure: () => compileRender(state) },
		],
		workshop.options.rounds,
		workshop.sayRun,
	);
	if (loading === undefined || rendering === undefined || alone === undefined) throw new Error('nothing was measured');
	return { load: loading, render: rendering, compileRender: alone };
}

const VARIANTS: readonly StateShape['variant'][] = ['plain', 'mixed', 'zones', 'dual-stack'];

/** Rendering and loading clusters that are not plain, in turn. */
export async function variants(workshop: Workshop, size: Size): Promise<readonly Measured[]> {
	const contestants = [];
	for (const variant of VARIANTS) {
		const shape = { ...plainShape(size.services, size.endpoints), variant };
		const rules = await workshop.ruleset(shape);
		const state = workshop.state(shape);
		contestants.push(
			{ name: `nft -f, ${variant}`, measure: () => load(workshop.namespaces, rules) },
			{ name: `nft-gen render, ${variant}`, measure: () => run(workshop.render(state, workshop.file('out.nft'))) },
		);
	}
	return interleaved(contestants, workshop.options.rounds, workshop.sayRun);
}

async function compileRender(state: string): Promise<Run> {
	const args = ['--import', 'tsx', join('bench', 'scale', 'compile-render.ts'), state];
	const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT });
	const [seconds = Number.NaN, megabytes = Number.NaN] = stdout.trim().split(' ').map(Number);
	return { seconds, megabytes };
}
