import { describe, expect, it } from 'vitest';
import type { NodePortAddresses, Settings } from '../../src/model/settings.ts';
import { cidrs } from '../support/cidrs.ts';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reachesMasqueraded, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { cluster, PLANS, type Plan } from './plan.ts';

const PORTS = [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }];

describeLab('which addresses of the node answer on NodePorts, with real packets', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		const primary = tcp(plan.node(1), 30080);
		const second = tcp(plan.secondAddress, 30080);
		const loopback = tcp(plan.loopback, 30080);
		const answer = reachesMasqueraded(plan.target(1, 5));
		const load = (
			nodePortAddresses: NodePortAddresses,
			endpoints = [endpoint({ address: plan.pod(1, 5), node: 'n1' })],
			nodeIps: Settings['nodeIps'] = { ip: [], ip6: [] },
		) =>
			lab().load(
				[
					...cluster(),
					service('web', [plan.clusterIp(20)], { spec: { type: 'NodePort', ports: PORTS } }),
					slice('web', endpoints),
				],
				{ nodePortAddresses, nodeIps },
			);

		it('EC-74 primary: the node’s first address, for every client', async () => {
			await load({ primary: true, networks: [] });
			await expectFlows(lab(), plan, [
				['outside', primary, answer],
				['pod', primary, answer],
				['elsewhere', primary, answer],
				['node', primary, answer],
				['outside', second, 'refused'],
				['pod', second, 'refused'],
				['node', second, 'refused'],
				['node', loopback, 'refused'],
			]);
		});

		it('EC-74 primary: an address that no interface of the node has stays with whoever has it', async () => {
			const elsewhere = { ip: ['192.168.10.2'], ip6: ['fd00:192:168:10::2'] };
			await load({ primary: true, networks: [] }, undefined, elsewhere);
			await expectFlows(lab(), plan, [
				['pod', tcp(plan.node(2), 30080), 'refused'],
				['node', tcp(plan.node(2), 30080), 'refused'],
			]);
		});

		it('EC-76 all: every address of the node but loopback', async () => {
			await load({ primary: false, networks: cidrs('0.0.0.0/0', '::/0') });
			await expectFlows(lab(), plan, [
				['outside', primary, answer],
				['outside', second, answer],
				['pod', second, answer],
				['node', second, answer],
				['node', loopback, 'refused'],
			]);
		});

		it('networks: the node’s addresses in them, and no address that is not the node’s', async () => {
			await load({ primary: false, networks: cidrs('172.16.0.0/12', '203.0.113.0/24', '2001:db8::/32') });
			await expectFlows(lab(), plan, [
				['outside', second, answer],
				['node', second, answer],
				['outside', primary, 'refused'],
				['pod', tcp(plan.client('outside').address, 30080), 'refused'],
			]);
		});

		it('primary and a network together', async () => {
			await load({ primary: true, networks: cidrs('172.16.0.0/12', '2001:db8:30::/64') });
			await expectFlows(lab(), plan, [
				['outside', primary, answer],
				['outside', second, answer],
			]);
		});

		it('EC-75 networks of one family only: the other answers everywhere', async () => {
			const otherFamily = plan.family === 'ip' ? 'fd00:192:168:10::/64' : '192.168.10.0/24';
			await load({ primary: false, networks: cidrs(otherFamily) });
			await expectFlows(lab(), plan, [
				['outside', primary, answer],
				['outside', second, answer],
				['node', loopback, 'refused'],
			]);
		});

		it('EC-77 loopback only: nothing answers', async () => {
			await load({ primary: false, networks: cidrs('127.0.0.0/8', '::1/128') });
			await expectFlows(lab(), plan, [
				['outside', primary, 'refused'],
				['node', primary, 'refused'],
				['node', loopback, 'refused'],
			]);
		});

		it.each([
			['all', ['0.0.0.0/0', '::/0']],
			['a network', ['192.168.10.0/24', 'fd00:192:168:10::/64']],
			[
				'each node by its address',
				['192.168.10.1/32', '192.168.10.2/32', 'fd00:192:168:10::1/128', 'fd00:192:168:10::2/128'],
			],
		])('%s: the addresses of other nodes are not ours to answer for', async (_, texts) => {
			await load({ primary: false, networks: cidrs(...texts) });
			await expectFlows(lab(), plan, [
				['pod', primary, answer],
				['pod', tcp(plan.node(2), 30080), 'refused'],
				['node', tcp(plan.node(2), 30080), 'refused'],
			]);
		});

		it('a program on the node that listens on a NodePort is shadowed, on other addresses it is not', async () => {
			await load({ primary: true, networks: [] });
			for (const address of [plan.node(1), plan.secondAddress]) {
				await lab().ask('node', { ask: 'listen', protocol: 'tcp', address, port: 30080 });
			}
			const own = plan.family === 'ip' ? `${plan.secondAddress}:30080` : `[${plan.secondAddress}]:30080`;
			await expectFlows(lab(), plan, [
				['outside', primary, answer],
				['outside', second, { endpoints: [own], seen: 'client' }],
			]);
		});

		it('EC-42 without endpoints it is refused where NodePorts answer, and the program is heard elsewhere', async () => {
			await load({ primary: true, networks: [] }, []);
			const own = plan.family === 'ip' ? `${plan.secondAddress}:30080` : `[${plan.secondAddress}]:30080`;
			await expectFlows(lab(), plan, [
				['outside', primary, 'refused'],
				['outside', second, { endpoints: [own], seen: 'client' }],
			]);
		});
	});

	it('a broadcast to a network in which NodePorts answer is not sent to a NodePort', async () => {
		const ports = [{ name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 }];
		const dns = service('dns', ['10.96.0.10'], { spec: { type: 'NodePort', ports } });
		await lab().load([...cluster(), dns], {
			nodePortAddresses: { primary: false, networks: cidrs('172.16.0.0/12') },
		});
		const counting = 'type filter hook input priority 10; udp dport 30053 counter';
		await lab().apply(`table ip trial { chain input { ${counting}; }; }`);
		await lab().run('ip', ['address', 'add', '172.30.0.2/16', 'broadcast', '172.30.255.255', 'dev', 'eth1']);
		try {
			const to = { protocol: 'udp', port: 30053, source: '203.0.113.9', timeout: 100 } as const;
			await lab().ask('outside', { ask: 'probe', address: '172.30.255.255', ...to });
			await lab().ask('outside', { ask: 'probe', address: '172.30.0.1', ...to });
			expect(await lab().run('nft', ['list', 'table', 'ip', 'trial'])).toContain('counter packets 1 ');
		} finally {
			await lab().run('ip', ['address', 'del', '172.30.0.2/16', 'dev', 'eth1']);
			await lab().run('nft', ['delete', 'table', 'ip', 'trial']);
		}
	});
});
