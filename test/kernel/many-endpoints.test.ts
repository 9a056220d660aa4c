import { expect, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { cluster, PLANS } from './plan.ts';

describeLab('Services with very many endpoints, with real packets', (lab) => {
	it.each(PLANS)('$name: each of 100 endpoints is reached, which are drawn from a map', async (plan) => {
		const numbers = Array.from({ length: 100 }, (_, index) => index + 10);
		const endpoints = numbers.map((number) => endpoint({ address: plan.pod(1 + (number % 3), number), node: 'n1' }));
		const ruleset = await lab().load([...cluster(), service('web', [plan.clusterIp(20)]), slice('web', endpoints)]);
		expect(ruleset.chain('cluster/shop/web/http', plan.family)?.length).toBe(1);
		const all = numbers.map((number) => plan.target(1 + (number % 3), number));
		await expectFlows(lab(), plan, [['pod', tcp(plan.clusterIp(20)), reaches(...all)]]);
	});

	it.each(PLANS)('$name: the most endpoints that are a rule each are drawn equally often', async (plan) => {
		const numbers = Array.from({ length: 8 }, (_, index) => index + 10);
		const endpoints = numbers.map((number) => endpoint({ address: plan.pod(1, number), node: 'n1' }));
		await lab().load([...cluster(), service('web', [plan.clusterIp(20)]), slice('web', endpoints)]);
		const counts = new Map<string, number>();
		const { place, source } = plan.client('pod');
		const to = { ...tcp(plan.clusterIp(20)), source, timeout: 3000 };
		for (let round = 0; round < 40; round++) {
			const asked = Array.from({ length: 20 }, () => lab().ask(place, { ask: 'probe', ...to }));
			for (const answer of await Promise.all(asked)) {
				const by = answer.kind === 'answered' ? answer.by : answer.kind;
				counts.set(by, (counts.get(by) ?? 0) + 1);
			}
		}
		expect([...counts.keys()].sort()).toEqual(numbers.map((number) => plan.target(1, number)).sort());
		// 100 expected for each with a deviation of 9.4: outside 45 to 155 once in 10^8 runs.
		expect(Math.min(...counts.values())).toBeGreaterThan(45);
		expect(Math.max(...counts.values())).toBeLessThan(155);
	});
});
