import { describe, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, reachesMasqueraded, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { withNodeAddresses } from './node-addresses.ts';
import { cluster, PLANS, type Plan } from './plan.ts';

const PORTS = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }];

describeLab('loadBalancerSourceRanges, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const { target, external } = plan;
		const here = endpoint({ address: plan.pod(1, 5), node: 'n1' });
		const there = endpoint({ address: plan.pod(2, 5), node: 'n2' });
		const vip = tcp(external(10));
		const web = (ranges: readonly string[], spec: Record<string, unknown> = {}) =>
			service('web', [plan.clusterIp(20)], {
				spec: {
					type: 'LoadBalancer',
					ports: PORTS,
					externalIPs: [external(50)],
					loadBalancerSourceRanges: ranges,
					...spec,
				},
				status: { loadBalancer: { ingress: [{ ip: external(10) }] } },
			});

		it('EC-64 EC-69 a source outside the ranges is dropped at the load balancer’s address, and there only', async () => {
			await lab().load([...cluster(), web([plan.networks.outside]), slice('web', [here])]);
			const answer = reachesMasqueraded(target(1, 5));
			await expectFlows(lab(), plan, [
				['outside', vip, answer],
				['stranger', vip, 'silence'],
				['pod', vip, 'silence'],
				['elsewhere', vip, 'silence'],
				['node', vip, 'silence'],
				['stranger', tcp(plan.node(1), 30080), answer],
				['stranger', tcp(external(50)), answer],
				['stranger', tcp(plan.clusterIp(20)), answer],
				['pod', tcp(plan.clusterIp(20)), reaches(target(1, 5))],
			]);
		});

		it('EC-70 no endpoint: allowed sources are refused, others dropped', async () => {
			await lab().load([...cluster(), web([plan.networks.outside]), slice('web', [])]);
			await expectFlows(lab(), plan, [
				['outside', vip, 'refused'],
				['stranger', vip, 'silence'],
				['stranger', tcp(plan.node(1), 30080), 'refused'],
				['stranger', tcp(external(50)), 'refused'],
			]);
		});

		it('with externalTrafficPolicy Local the client’s own address counts, and is kept', async () => {
			const ranges = [plan.networks.outside];
			await lab().load([...cluster(), web(ranges, { externalTrafficPolicy: 'Local' }), slice('web', [here, there])]);
			await expectFlows(lab(), plan, [
				['outside', vip, reaches(target(1, 5))],
				['stranger', vip, 'silence'],
				['pod', vip, 'silence'],
			]);
		});

		it('EC-65 the node is in the ranges: it may also come from the load balancer’s address, bound to itself', async () => {
			await lab().load([...cluster(), web([plan.networks.nodes]), slice('web', [here])]);
			await expectFlows(lab(), plan, [['node', vip, reachesMasqueraded(target(1, 5))]]);
			await withNodeAddresses(lab(), [external(10)], () =>
				expectFlows(lab(), plan, [
					['node', vip, reachesMasqueraded(target(1, 5))],
					['outside', vip, 'silence'],
				]),
			);
		});

		it('EC-67 ranges of the other family only: everybody may', async () => {
			const otherFamily = plan.family === 'ip' ? '2001:db8:2::/64' : '192.0.2.0/24';
			await lab().load([...cluster(), web([otherFamily]), slice('web', [here])]);
			await expectFlows(lab(), plan, [
				['outside', vip, reachesMasqueraded(target(1, 5))],
				['pod', vip, reachesMasqueraded(target(1, 5))],
			]);
		});

		it('EC-72 the external IP is also the load balancer’s: the ranges apply', async () => {
			const spec = { externalIPs: [external(10)] };
			await lab().load([...cluster(), web([plan.networks.outside], spec), slice('web', [here])]);
			await expectFlows(lab(), plan, [
				['outside', vip, reachesMasqueraded(target(1, 5))],
				['stranger', vip, 'silence'],
			]);
		});

		it('very many ranges, overlapping and touching: each of them counts', async () => {
			const many = Array.from({ length: 40 }, (_, n) => (plan.family === 'ip' ? `10.${n}.0.0/16` : `fd00:${n}::/32`));
			const ranges = [...many, plan.networks.outside, plan.client('outside').address];
			await lab().load([...cluster(), web(ranges), slice('web', [here])]);
			await expectFlows(lab(), plan, [
				['outside', vip, reachesMasqueraded(target(1, 5))],
				['stranger', vip, 'silence'],
			]);
		});
	});
});
