import { describe, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, reachesMasqueraded, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { cluster, PLANS, type Plan } from './plan.ts';

describeLab('hints for zones and nodes, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const { target, pod } = plan;
		const web = tcp(plan.clusterIp(20));
		const here = { address: pod(1, 5), node: 'n1' };
		const there = { address: pod(2, 5), node: 'n2' };
		const farther = { address: pod(3, 5), node: 'n3' };
		const load = (...endpoints: readonly Parameters<typeof endpoint>[0][]) =>
			lab().load([...cluster(), service('web', [plan.clusterIp(20)]), slice('web', endpoints.map(endpoint))]);

		it('EC-45 zone hints: only endpoints hinted for this zone, whoever asks', async () => {
			await load({ ...here, zones: ['a'] }, { ...there, zones: ['a'] }, { ...farther, zones: ['b'] });
			await expectFlows(lab(), plan, [
				['pod', web, reaches(target(1, 5), target(2, 5))],
				['outside', web, reachesMasqueraded(target(1, 5), target(2, 5))],
			]);
		});

		it('EC-46 one ready endpoint without a hint: all endpoints', async () => {
			await load({ ...here, zones: ['a'] }, { ...there, zones: ['b'] }, farther);
			await expectFlows(lab(), plan, [['pod', web, reaches(target(1, 5), target(2, 5), target(3, 5))]]);
		});

		it('EC-48 hints for other zones only: all endpoints', async () => {
			await load({ ...here, zones: ['b'] }, { ...there, zones: ['c'] });
			await expectFlows(lab(), plan, [['pod', web, reaches(target(1, 5), target(2, 5))]]);
		});

		it('EC-50 node hints: only what is hinted for this node', async () => {
			await load({ ...here, zones: ['a'], nodes: ['n1'] }, { ...there, zones: ['a'], nodes: ['n2'] });
			await expectFlows(lab(), plan, [
				['pod', web, reaches(target(1, 5))],
				['elsewhere', web, reaches(target(1, 5))],
				['node', web, reachesMasqueraded(target(1, 5))],
			]);
		});

		it('EC-51 no node hint for this node: the zone decides', async () => {
			await load({ ...there, zones: ['a'], nodes: ['n2'] }, { ...farther, zones: ['b'], nodes: ['n3'] });
			await expectFlows(lab(), plan, [['pod', web, reaches(target(2, 5))]]);
		});

		it('EC-55 ready in another zone only, terminating here: the ready one', async () => {
			const draining = { ready: false, serving: true, terminating: true };
			await load({ ...here, ...draining, zones: ['a'] }, { ...farther, zones: ['b'] });
			await expectFlows(lab(), plan, [['pod', web, reaches(target(3, 5))]]);
		});
	});
});
