import { describe, it } from 'vitest';
import type { DetectLocal, Settings } from '../../src/model/settings.ts';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, reachesMasqueraded, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { cluster, PLANS, type Plan } from './plan.ts';
import { POD_INTERFACE } from './wiring.ts';

const PORTS = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }];

describeLab('masquerading, hairpins and who counts as a pod, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const { target, pod } = plan;
		const here = { address: pod(1, 5), node: 'n1' };
		const there = { address: pod(2, 5), node: 'n2' };
		const clusterIp = tcp(plan.clusterIp(20));
		const nodePort = tcp(plan.node(1), 30080);
		const load = (
			spec: Record<string, unknown>,
			changes: Partial<Settings>,
			...endpoints: readonly Parameters<typeof endpoint>[0][]
		) => {
			const web = service('web', [plan.clusterIp(20)], { spec: { type: 'NodePort', ports: PORTS, ...spec } });
			return lab().load([...cluster(), web, slice('web', endpoints.map(endpoint))], changes);
		};
		const itself = { place: 'pods', source: pod(1, 5), address: pod(1, 5) } as const;

		it('EC-90 a pod that reaches itself through its Service sees the node’s address', async () => {
			await load({}, {}, here);
			await expectFlows(lab(), plan, [
				[itself, clusterIp, reachesMasqueraded(target(1, 5))],
				['pod', clusterIp, reaches(target(1, 5))],
			]);
		});

		it('EC-90 so it is behind externalTrafficPolicy Local, and for two Services on one port of a pod', async () => {
			const web = service('web', [plan.clusterIp(20)], {
				spec: { type: 'NodePort', ports: PORTS, externalTrafficPolicy: 'Local' },
			});
			const twin = service('twin', [plan.clusterIp(21)]);
			const both = [slice('web', [endpoint(here)]), slice('twin', [endpoint(here)])];
			await lab().load([...cluster(), web, twin, ...both]);
			await expectFlows(lab(), plan, [
				[itself, clusterIp, reachesMasqueraded(target(1, 5))],
				[itself, nodePort, reachesMasqueraded(target(1, 5))],
				[itself, tcp(plan.clusterIp(21)), reachesMasqueraded(target(1, 5))],
			]);
		});

		it('a pod that reaches another pod of its node keeps its address', async () => {
			await load({}, {}, here);
			const neighbour = { place: 'pods', source: pod(1, 6), address: pod(1, 6) } as const;
			await expectFlows(lab(), plan, [[neighbour, clusterIp, reaches(target(1, 5))]]);
		});

		it('EC-30 an endpoint on the node’s own address is reached; it is here', async () => {
			await load({ externalTrafficPolicy: 'Local' }, {}, { address: plan.node(1), node: 'n1' });
			const own = plan.family === 'ip' ? `${plan.node(1)}:8080` : `[${plan.node(1)}]:8080`;
			await expectFlows(lab(), plan, [
				['pod', clusterIp, reaches(own)],
				['node', clusterIp, reachesMasqueraded(own)],
				['outside', nodePort, reaches(own)],
			]);
		});

		it('EC-87 --masquerade-all: ClusterIP traffic of pods is masqueraded too, external Local traffic is not', async () => {
			await load({ externalTrafficPolicy: 'Local' }, { masqueradeAll: true }, here);
			await expectFlows(lab(), plan, [
				['pod', clusterIp, reachesMasqueraded(target(1, 5))],
				['elsewhere', clusterIp, reachesMasqueraded(target(1, 5))],
				['outside', clusterIp, reachesMasqueraded(target(1, 5))],
				['outside', nodePort, reaches(target(1, 5))],
			]);
		});

		it('EC-40 --detect-local none: nobody is masqueraded, and only the node takes the short cut', async () => {
			await load({ externalTrafficPolicy: 'Local' }, { detectLocal: { mode: 'none' } }, there);
			await expectFlows(lab(), plan, [
				['pod', clusterIp, reaches(target(2, 5))],
				['outside', clusterIp, reaches(target(2, 5))],
				['pod', nodePort, 'silence'],
				['elsewhere', nodePort, 'silence'],
				['node', nodePort, reachesMasqueraded(target(2, 5))],
			]);
		});

		const onlyOwnPods: readonly (readonly [string, DetectLocal])[] = [
			['node-cidr', { mode: 'node-cidr' }],
			['bridge', { mode: 'bridge', interface: POD_INTERFACE }],
			['prefix', { mode: 'prefix', interface: POD_INTERFACE.slice(0, 3) }],
		];
		it.each(onlyOwnPods)('--detect-local %s: only this node’s pods count as pods', async (_, detectLocal) => {
			await load({ externalTrafficPolicy: 'Local' }, { detectLocal }, there);
			await expectFlows(lab(), plan, [
				['pod', clusterIp, reaches(target(2, 5))],
				['elsewhere', clusterIp, reachesMasqueraded(target(2, 5))],
				['node', clusterIp, reachesMasqueraded(target(2, 5))],
				['outside', clusterIp, reachesMasqueraded(target(2, 5))],
				['pod', nodePort, reaches(target(2, 5))],
				['elsewhere', nodePort, 'silence'],
				['node', nodePort, reachesMasqueraded(target(2, 5))],
				['outside', nodePort, 'silence'],
			]);
		});

		it('an interface of another name: even this node’s pods do not count as pods', async () => {
			await load({}, { detectLocal: { mode: 'bridge', interface: POD_INTERFACE.slice(0, 3) } }, there);
			await expectFlows(lab(), plan, [['pod', clusterIp, reachesMasqueraded(target(2, 5))]]);
		});

		it('another bit for the mark: the same', async () => {
			await load({}, { masqueradeBit: 31 }, here);
			await expectFlows(lab(), plan, [
				['outside', clusterIp, reachesMasqueraded(target(1, 5))],
				['pod', clusterIp, reaches(target(1, 5))],
			]);
		});
	});
});
