import { describe, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, reachesMasqueraded, tcp, udp } from './flows.ts';
import { describeLab } from './lab.ts';
import { cluster, PLANS, type Plan } from './plan.ts';

const LOCAL = { spec: { internalTrafficPolicy: 'Local' } };
const DRAINING = { ready: false, serving: true, terminating: true };
const GONE = { ready: false, serving: false, terminating: true };

describeLab('ClusterIPs and internalTrafficPolicy, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const { clusterIp, target, pod } = plan;
		const here = { address: pod(1, 5), node: 'n1' };
		const there = { address: pod(2, 5), node: 'n2' };
		const farther = { address: pod(3, 5), node: 'n3' };
		const web = tcp(clusterIp(20));

		const load = (fields: Parameters<typeof service>[2], ...endpoints: readonly Parameters<typeof endpoint>[0][]) =>
			lab().load([...cluster(), service('web', [clusterIp(20)], fields), slice('web', endpoints.map(endpoint))]);

		it('Cluster: spreads over all endpoints; pods keep their address, others get the node’s', async () => {
			await load({}, here, there, farther);
			const all = [target(1, 5), target(2, 5), target(3, 5)];
			await expectFlows(lab(), plan, [
				['pod', web, reaches(...all)],
				['elsewhere', web, reaches(...all)],
				['node', web, reachesMasqueraded(...all)],
				['outside', web, reachesMasqueraded(...all)],
			]);
		});

		it('Local with an endpoint here: that one alone, for every client', async () => {
			await load(LOCAL, here, there, farther);
			await expectFlows(lab(), plan, [
				['pod', web, reaches(target(1, 5))],
				['elsewhere', web, reaches(target(1, 5))],
				['node', web, reachesMasqueraded(target(1, 5))],
				['outside', web, reachesMasqueraded(target(1, 5))],
			]);
		});

		it('EC-31 Local with none here but some elsewhere: silence', async () => {
			await load(LOCAL, there, farther);
			await expectFlows(lab(), plan, [
				['pod', web, 'silence'],
				['elsewhere', web, 'silence'],
				['node', web, 'silence'],
				['outside', web, 'silence'],
			]);
		});

		it('EC-32 Local with no endpoint anywhere: refused', async () => {
			await load(LOCAL, { ...here, ready: false });
			await expectFlows(lab(), plan, [
				['pod', web, 'refused'],
				['elsewhere', web, 'refused'],
				['node', web, 'refused'],
				['outside', web, 'refused'],
			]);
		});

		it('EC-33 Local with one here that still serves while it terminates, others ready: the one here', async () => {
			await load(LOCAL, { ...here, ...DRAINING }, there);
			await expectFlows(lab(), plan, [
				['pod', web, reaches(target(1, 5))],
				['node', web, reachesMasqueraded(target(1, 5))],
			]);
		});

		it('EC-24 serving but neither ready nor terminating, or terminating without serving: never used', async () => {
			await load({}, { ...here, ready: false, serving: true }, { ...there, ...GONE });
			await expectFlows(lab(), plan, [['pod', web, 'refused']]);
		});

		it('EC-43 everything terminates: what still serves is used, wherever it is', async () => {
			await load({}, { ...here, ...DRAINING }, { ...there, ...DRAINING }, { ...farther, ...GONE });
			await expectFlows(lab(), plan, [
				['pod', web, reaches(target(1, 5), target(2, 5))],
				['outside', web, reachesMasqueraded(target(1, 5), target(2, 5))],
			]);
		});

		it('terminating endpoints are not used while one is ready', async () => {
			await load({}, { ...here, ...DRAINING }, there);
			await expectFlows(lab(), plan, [['pod', web, reaches(target(2, 5))]]);
		});

		it('EC-34 Local, and a NodePort with Cluster policy: the NodePort reaches all', async () => {
			const ports = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }];
			await load({ spec: { type: 'NodePort', internalTrafficPolicy: 'Local', ports } }, here, there);
			await expectFlows(lab(), plan, [
				['pod', web, reaches(target(1, 5))],
				['pod', tcp(plan.node(1), 30080), reachesMasqueraded(target(1, 5), target(2, 5))],
				['outside', tcp(plan.node(1), 30080), reachesMasqueraded(target(1, 5), target(2, 5))],
			]);
		});

		it('EC-79 a port that the Service does not have: refused, for UDP too', async () => {
			await load({}, here, there);
			await expectFlows(lab(), plan, [
				['pod', tcp(clusterIp(20), 81), 'refused'],
				['node', tcp(clusterIp(20), 81), 'refused'],
				['elsewhere', tcp(clusterIp(20), 81), 'refused'],
				['outside', tcp(clusterIp(20), 81), 'refused'],
				['pod', udp(clusterIp(20)), 'refused'],
				['node', udp(clusterIp(20)), 'refused'],
				['outside', udp(clusterIp(20)), 'refused'],
			]);
		});

		it('EC-80 an address that no Service has: silence, for UDP too', async () => {
			await load({}, here, there);
			await expectFlows(lab(), plan, [
				['pod', tcp(clusterIp(99)), 'silence'],
				['node', tcp(clusterIp(99)), 'silence'],
				['elsewhere', tcp(clusterIp(99)), 'silence'],
				['outside', tcp(clusterIp(99)), 'silence'],
				['pod', udp(clusterIp(99)), 'silence'],
				['node', udp(clusterIp(99)), 'silence'],
			]);
		});
	});
});
