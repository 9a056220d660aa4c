import { afterAll, beforeAll, expect, it } from 'vitest';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { type Combination, combinationName, combinations, networks, nodes, objects } from '../golden/policies.ts';
import { documents } from '../support/objects.ts';
import { compareScene, openTracerLab } from './compared-scene.ts';
import { tcp } from './flows.ts';
import type { Lab } from './lab.ts';
import { PLANS, type Plan } from './plan.ts';
import type { Flow } from './random-flows.ts';
import type { Scene } from './random-scenes.ts';
import { type SenderName, sender } from './random-senders.ts';
import { describeKernel } from './requirements.ts';

// The tracer makes golden/policies/README.md; here real packets say whether its rows are true. All rows take a minute:
// POLICY_ROWS=all asks for them, and CI does.

const ALL = process.env.POLICY_ROWS === 'all' || process.env.CI === 'true';
/** Coprime to the length of every axis, so that the sample meets all their values. */
const STEP = 17;

const SENDERS: readonly SenderName[] = ['pod', 'node', 'elsewhere', 'outside'];

/** Several labs wait for silence at once. */
const LABS = 3;

function flowsOf(plan: Plan, { type }: Combination): readonly Flow[] {
	const destinations = [
		tcp(plan.clusterIp(20)),
		...(type === 'clusterip' ? [] : [tcp(plan.node(1), 30080)]),
		...(type === 'loadbalancer' ? [tcp(plan.family === 'ip' ? '198.51.100.10' : '2001:db8::10')] : []),
	];
	return SENDERS.flatMap((name) => destinations.map((to) => ({ plan, from: sender(plan, name), to })));
}

function sceneOf(each: Combination): Scene {
	const all = [...nodes(), networks(), ...objects(each)];
	const flows = PLANS.flatMap((plan) => flowsOf(plan, each));
	return { objects: all, state: intake(documents(...all), NEWEST_BEHAVIOUR).state, settings: {}, bound: [], flows };
}

describeKernel('the page of truth, with real packets', () => {
	let labs: readonly Lab[] = [];
	beforeAll(async () => {
		labs = await Promise.all(Array.from({ length: LABS }, openTracerLab));
	});
	afterAll(async () => {
		await Promise.all(labs.map((lab) => lab.close()));
	});

	it(ALL ? 'is true in every row' : 'is true in a sample of its rows', async () => {
		const rows = combinations().filter((_, index) => ALL || index % STEP === 0);
		const left = [...rows];
		const wrong: string[] = [];
		let compared = 0;
		const play = async (lab: Lab) => {
			for (let each = left.shift(); each !== undefined && wrong.length < 3; each = left.shift()) {
				const flows = await compareScene(lab, sceneOf(each));
				compared += flows.length;
				const failed = flows.filter((flow) => !flow.agrees).map((flow) => flow.text);
				if (failed.length > 0) wrong.push([combinationName(each), ...failed].join('\n'));
			}
		};
		await Promise.all(labs.map(play));
		expect(wrong.join('\n\n')).toBe('');
		expect(compared).toBeGreaterThanOrEqual(rows.length * 2 * SENDERS.length);
	}, 600_000);
});
