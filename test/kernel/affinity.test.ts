import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { type Destination, expectFlows, probe, reaches, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { type Client, cluster, PLANS, type Plan } from './plan.ts';

const PORTS = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }];

describeLab('session affinity, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const { target, pod } = plan;
		const numbers = [5, 6, 7];
		const web = tcp(plan.clusterIp(20));
		const nodePort = tcp(plan.node(1), 30080);
		const load = (endpoints: readonly number[], seconds = 3600, spec: Record<string, unknown> = {}) => {
			const sessionAffinityConfig = { clientIP: { timeoutSeconds: seconds } };
			const fields = { type: 'NodePort', ports: PORTS, sessionAffinity: 'ClientIP', sessionAffinityConfig, ...spec };
			return lab().load([
				...cluster(),
				service('web', [plan.clusterIp(20)], { spec: fields }),
				slice(
					'web',
					endpoints.map((number) => endpoint({ address: pod(1, number), node: 'n1' })),
				),
			]);
		};
		const clientAt = (place: 'pods' | 'outside', number: number): Client => {
			const network = plan.client(place === 'pods' ? 'pod' : 'outside').address.replace(/\d+$/, '');
			return { place, source: `${network}${number}`, address: `${network}${number}` };
		};
		/** where a few connections of a client go, one after the other, as a set */
		const reachedBy = async (client: Client, to: Destination, times = 6) => {
			const reached = new Set<string>();
			for (let count = 0; count < times; count++) {
				const answer = await probe(lab(), client, to);
				reached.add(answer.kind === 'answered' ? answer.by : answer.kind);
			}
			return [...reached];
		};
		const affinitySet = (number: number) => `affinity/shop/web/http/${pod(1, number).replaceAll(':', '.')}.8080`;
		const remembered = async (number: number) =>
			(await lab().run('nft', ['list', 'set', plan.family, 'nft-gen', affinitySet(number)])).includes('elements');

		it('a client stays with the endpoint it met first, and different clients meet different ones', async () => {
			await load(numbers);
			const clients = Array.from({ length: 40 }, (_, index) => clientAt('pods', 100 + index));
			const found = await Promise.all(clients.map((client) => reachedBy(client, web)));
			expect(found.filter((endpoints) => endpoints.length !== 1)).toEqual([]);
			expect([...new Set(found.flat())].sort()).toEqual(numbers.map((number) => target(1, number)));
		});

		it('the memory is one for ClusterIP and NodePort, and is by the client’s own address before masquerading', async () => {
			await load(numbers);
			const clients = Array.from({ length: 20 }, (_, index) => clientAt('outside', 100 + index));
			for (const client of clients) {
				const [first, ...others] = await reachedBy(client, web, 2);
				expect(others).toEqual([]);
				expect(await reachedBy(client, nodePort, 4)).toEqual([first]);
			}
		});

		it('a client that an endpoint’s set remembers goes there; the first of two sets wins', async () => {
			await load(numbers);
			const client = clientAt('pods', 99);
			const remember = (number: number) =>
				lab().run('nft', ['add', 'element', plan.family, 'nft-gen', affinitySet(number), `{ ${client.address} }`]);
			await remember(7);
			expect(await reachedBy(client, web)).toEqual([target(1, 7)]);
			await remember(6);
			expect(await reachedBy(client, web)).toEqual([target(1, 6)]);
		});

		it('when the remembered endpoint is gone the client moves to another one and stays there', async () => {
			await load(numbers);
			const client = clientAt('pods', 98);
			const [first] = await reachedBy(client, web);
			const left = numbers.filter((number) => target(1, number) !== first);
			expect(left.length).toBe(2);
			await load(left);
			const moved = await reachedBy(client, web);
			expect(moved.length).toBe(1);
			expect(left.map((number) => target(1, number))).toContain(moved[0]);
		});

		it('EC-82 a single endpoint is remembered too', async () => {
			await load([5]);
			await expectFlows(lab(), plan, [['pod', web, reaches(target(1, 5))]]);
			expect(await remembered(5)).toBe(true);
		});

		it('each connection renews the memory; after the timeout it is gone', async () => {
			await load([5], 2);
			const client = clientAt('pods', 97);
			expect(await remembered(5)).toBe(false);
			// Connections for longer than the timeout, none of them that long after the one before.
			for (let count = 0; count < 5; count++) {
				await sleep(500);
				await reachedBy(client, web, 1);
			}
			expect(await remembered(5)).toBe(true);
			await sleep(2300);
			expect(await remembered(5)).toBe(false);
		});

		it('more clients than a set can hold: new ones are served all the same, and not remembered', async () => {
			await load([5]);
			const most = 65_535;
			const others = Array.from({ length: most }, (_, index) =>
				plan.family === 'ip' ? `100.64.${index >> 8}.${index & 255}` : `fd64::${index.toString(16)}`,
			);
			const elements = `add element ${plan.family} nft-gen ${affinitySet(5)} { ${others.join(', ')} }`;
			await lab().run('nft', ['-f', '-'], elements);
			await expectFlows(lab(), plan, [['pod', web, reaches(target(1, 5))]]);
		});

		it('EC-84 externalTrafficPolicy Local: cluster and local choice share the memory', async () => {
			await load(numbers, 3600, { externalTrafficPolicy: 'Local' });
			const client = clientAt('outside', 96);
			const [first] = await reachedBy(client, nodePort);
			expect(await reachedBy(client, web)).toEqual([first]);
		});
	});
});
