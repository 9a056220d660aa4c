import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Compared, compareScene, openTracerLab } from './compared-scene.ts';
import type { Lab } from './lab.ts';
import { arbitraryScene } from './random-scenes.ts';
import { describeKernel } from './requirements.ts';
import { sceneText } from './scene-text.ts';

/** Set it to the seed that a failure names and the same scenes come again. */
const SEED = Number(process.env.TRACER_SEED ?? Math.floor(Math.random() * 2 ** 31));

const SCENES = 40;
const FLOWS_OF_FAMILY = 11;
const FEWEST_PAIRS = 500;
/** When so many scenes failed, the others are not played: each unexpected silence takes seconds. */
const ENOUGH_FAILURES = 3;

/** Most of the time is waiting for silence: scenes are played in some labs at once. */
const LABS = 3;

describeKernel('the tracer and the kernel', () => {
	let labs: readonly Lab[] = [];
	beforeAll(async () => {
		labs = await Promise.all(Array.from({ length: LABS }, openTracerLab));
	});
	afterAll(async () => {
		await Promise.all(labs.map((lab) => lab.close()));
	});

	it('tell the same of every flow in random clusters', async () => {
		const scenes = fc.sample(arbitraryScene(FLOWS_OF_FAMILY), { seed: SEED, numRuns: SCENES });
		const compared: Compared[] = [];
		const failures: string[] = [];
		const left = scenes.map((scene, number) => ({ scene, number }));
		const play = async (lab: Lab) => {
			while (failures.length < ENOUGH_FAILURES) {
				const next = left.shift();
				if (next === undefined) return;
				const flows = await compareScene(lab, next.scene);
				compared.push(...flows);
				const wrong = flows.filter((flow) => !flow.agrees).map((flow) => flow.text);
				if (wrong.length > 0) failures.push([`scene ${next.number}`, sceneText(next.scene), ...wrong].join('\n'));
			}
		};
		await Promise.all(labs.map(play));
		expect(failures.join('\n\n'), `TRACER_SEED=${SEED}`).toBe('');
		expect(compared.length).toBeGreaterThanOrEqual(FEWEST_PAIRS);
		const fates = compared.flatMap(({ traced }) => traced.outcomes.map(({ fate }) => fate.kind));
		expect([...new Set(fates)].sort()).toEqual(['dropped', 'endpoint', 'refused', 'untouched']);
	}, 120_000);
});
