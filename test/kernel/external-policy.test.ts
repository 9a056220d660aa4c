import { describe, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { type Destination, type Expected, expectFlows, type Row, reaches, reachesMasqueraded, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { withNodeAddresses } from './node-addresses.ts';
import { type ClientName, cluster, PLANS, type Plan } from './plan.ts';

const PORTS = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }];
const DRAINING = { ready: false, serving: true, terminating: true };

/** A LoadBalancer Service with all kinds of addresses. */
function everywhere(plan: Plan, spec: Record<string, unknown>) {
	return service('web', [plan.clusterIp(20)], {
		spec: { type: 'LoadBalancer', ports: PORTS, externalIPs: [plan.external(50)], ...spec },
		status: { loadBalancer: { ingress: [{ ip: plan.external(10), ipMode: 'VIP' }] } },
	});
}

/** All addresses that lead to a Service from outside. */
function externalAddresses(plan: Plan): readonly Destination[] {
	return [tcp(plan.node(1), 30080), tcp(plan.external(50)), tcp(plan.external(10))];
}

describeLab('NodePorts, external and load-balancer IPs and externalTrafficPolicy, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const { target, pod } = plan;
		const here = { address: pod(1, 5), node: 'n1' };
		const there = { address: pod(2, 5), node: 'n2' };
		const clusterIp = tcp(plan.clusterIp(20));
		/** The node itself again, from an address that masquerading does not choose. */
		const otherAddress = { place: 'node', source: plan.secondAddress, address: plan.secondAddress } as const;
		const external = (client: ClientName, expected: Expected): readonly Row[] =>
			externalAddresses(plan).map((to) => [client, to, expected]);
		const load = (spec: Record<string, unknown>, ...endpoints: readonly Parameters<typeof endpoint>[0][]) =>
			lab().load([...cluster(), everywhere(plan, spec), slice('web', endpoints.map(endpoint))]);

		it('EC-41 Cluster: all endpoints, which see the node’s address, for pods too', async () => {
			await load({ externalTrafficPolicy: 'Cluster' }, here, there);
			const all = reachesMasqueraded(target(1, 5), target(2, 5));
			await expectFlows(lab(), plan, [
				...external('pod', all),
				...external('node', all),
				...external('elsewhere', all),
				...external('outside', all),
			]);
		});

		it('EC-36 Local with an endpoint here: outsiders reach that one and keep their address', async () => {
			await load({ externalTrafficPolicy: 'Local' }, here, there);
			const all = [target(1, 5), target(2, 5)];
			await expectFlows(lab(), plan, [
				...external('outside', reaches(target(1, 5))),
				...external('stranger', reaches(target(1, 5))),
				...external('pod', reaches(...all)),
				...external('elsewhere', reaches(...all)),
				...external('node', reachesMasqueraded(...all)),
				...externalAddresses(plan).map((to): Row => [otherAddress, to, reachesMasqueraded(...all)]),
				['outside', clusterIp, reachesMasqueraded(...all)],
				['pod', clusterIp, reaches(...all)],
			]);
		});

		it('EC-35 Local with none here: pods and the node reach the others, outsiders hear nothing', async () => {
			await load({ externalTrafficPolicy: 'Local' }, there);
			await expectFlows(lab(), plan, [
				...external('outside', 'silence'),
				...external('pod', reaches(target(2, 5))),
				...external('elsewhere', reaches(target(2, 5))),
				...external('node', reachesMasqueraded(target(2, 5))),
				['outside', clusterIp, reachesMasqueraded(target(2, 5))],
			]);
		});

		it('EC-37 both policies Local with none here: silence on the ClusterIP, the short cut to external addresses', async () => {
			await load({ externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' }, there);
			await expectFlows(lab(), plan, [
				...external('outside', 'silence'),
				...external('pod', reaches(target(2, 5))),
				...external('node', reachesMasqueraded(target(2, 5))),
				['pod', clusterIp, 'silence'],
				['node', clusterIp, 'silence'],
				['outside', clusterIp, 'silence'],
			]);
		});

		it('EC-29 Local and an endpoint that names no node: it is not here', async () => {
			await load({ externalTrafficPolicy: 'Local' }, { address: pod(1, 5) });
			await expectFlows(lab(), plan, [
				...external('outside', 'silence'),
				...external('pod', reaches(target(1, 5))),
				...external('node', reachesMasqueraded(target(1, 5))),
			]);
		});

		it('Local with one here that still serves while it terminates: outsiders reach it, pods the ready one', async () => {
			await load({ externalTrafficPolicy: 'Local' }, { ...here, ...DRAINING }, there);
			await expectFlows(lab(), plan, [
				...external('outside', reaches(target(1, 5))),
				...external('pod', reaches(target(2, 5))),
			]);
		});

		it.each(['Cluster', 'Local'])('EC-42 no endpoint anywhere, %s: refused at every address', async (policy) => {
			await load({ externalTrafficPolicy: policy }, { ...here, ready: false });
			const clients: readonly ClientName[] = ['pod', 'node', 'elsewhere', 'outside'];
			await expectFlows(lab(), plan, [
				...clients.flatMap((client) => external(client, 'refused')),
				...clients.map((client): Row => [client, clusterIp, 'refused']),
			]);
		});

		it('EC-38 type ClusterIP with an external IP and Local: honoured', async () => {
			const spec = { externalIPs: [plan.external(50)], externalTrafficPolicy: 'Local' };
			const web = service('web', [plan.clusterIp(20)], { spec });
			await lab().load([...cluster(), web, slice('web', [endpoint(here), endpoint(there)])]);
			await expectFlows(lab(), plan, [
				['outside', tcp(plan.external(50)), reaches(target(1, 5))],
				['pod', tcp(plan.external(50)), reaches(target(1, 5), target(2, 5))],
			]);
		});

		it('EC-44 hints leave out the endpoint here: outsiders still reach it, pods and ClusterIP do not', async () => {
			const hinted = [endpoint({ ...here, zones: ['b'] }), endpoint({ ...there, zones: ['a'] })];
			await lab().load([...cluster(), everywhere(plan, { externalTrafficPolicy: 'Local' }), slice('web', hinted)]);
			await expectFlows(lab(), plan, [
				...external('outside', reaches(target(1, 5))),
				...external('pod', reaches(target(2, 5))),
				['pod', clusterIp, reaches(target(2, 5))],
			]);
		});

		it('addresses that are bound to the node are treated alike: with none here, dropped on arrival', async () => {
			await withNodeAddresses(lab(), [plan.external(10), plan.external(50)], async () => {
				await load({ externalTrafficPolicy: 'Local' }, there);
				await expectFlows(lab(), plan, [
					...external('outside', 'silence'),
					...external('pod', reaches(target(2, 5))),
					...external('node', reachesMasqueraded(target(2, 5))),
				]);
				await load({ externalTrafficPolicy: 'Local' });
				await expectFlows(lab(), plan, [...external('outside', 'refused'), ...external('node', 'refused')]);
			});
		});

		it('EC-60 ipMode Proxy: the load balancer’s address is left alone, the others work', async () => {
			const status = { loadBalancer: { ingress: [{ ip: plan.external(10), ipMode: 'Proxy' }] } };
			const web = service('web', [plan.clusterIp(20)], { spec: { type: 'LoadBalancer', ports: PORTS }, status });
			await lab().load([...cluster(), web, slice('web', [endpoint(here)])]);
			await expectFlows(lab(), plan, [
				['pod', tcp(plan.external(10)), 'silence'],
				['outside', tcp(plan.node(1), 30080), reachesMasqueraded(target(1, 5))],
				['pod', clusterIp, reaches(target(1, 5))],
			]);
		});

		it('a port that the Service does not have: left alone at external addresses, which is a closed port at the node', async () => {
			await load({ externalTrafficPolicy: 'Cluster' }, here);
			await expectFlows(lab(), plan, [
				['outside', tcp(plan.node(1), 30081), 'refused'],
				['pod', tcp(plan.external(50), 81), 'silence'],
			]);
		});
	});
});
