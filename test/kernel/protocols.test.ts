import { expect, it } from 'vitest';
import { endpoint, service, slice } from '../support/objects.ts';
import { expectFlows, reaches, reachesMasqueraded, tcp, udp } from './flows.ts';
import { describeLab } from './lab.ts';
import { cluster, PLANS } from './plan.ts';

const DNS_PORTS = [
	{ name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 },
	{ name: 'dns-tcp', protocol: 'TCP', port: 53, nodePort: 30053 },
];

describeLab('protocols and families, with real packets', (lab) => {
	it.each(PLANS)('EC-19 EC-78 $name: DNS over UDP and TCP on one number, with different endpoints', async (plan) => {
		const dns = service('dns', [plan.clusterIp(10)], { spec: { type: 'NodePort', ports: DNS_PORTS } });
		const overUdp = slice('dns', [endpoint({ address: plan.pod(1, 2), node: 'n1' })], {
			name: 'dns-udp',
			ports: [{ name: 'dns', protocol: 'UDP', port: 5353 }],
		});
		const overTcp = slice('dns', [endpoint({ address: plan.pod(2, 2), node: 'n2' })], {
			name: 'dns-tcp',
			ports: [{ name: 'dns-tcp', protocol: 'TCP', port: 5354 }],
		});
		await lab().load([...cluster(), dns, overUdp, overTcp]);
		await expectFlows(lab(), plan, [
			['pod', udp(plan.clusterIp(10), 53), reaches(plan.target(1, 2, 5353))],
			['pod', tcp(plan.clusterIp(10), 53), reaches(plan.target(2, 2, 5354))],
			['node', udp(plan.clusterIp(10), 53), reachesMasqueraded(plan.target(1, 2, 5353))],
			['outside', udp(plan.clusterIp(10), 53), reachesMasqueraded(plan.target(1, 2, 5353))],
			['outside', udp(plan.node(1), 30053), reachesMasqueraded(plan.target(1, 2, 5353))],
			['outside', tcp(plan.node(1), 30053), reachesMasqueraded(plan.target(2, 2, 5354))],
			['node', udp(plan.node(1), 30053), reachesMasqueraded(plan.target(1, 2, 5353))],
		]);
	});

	it.each(PLANS)('$name: UDP is spread, refused and dropped as TCP is', async (plan) => {
		const ports = [{ name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 }];
		const slicePorts = { ports: [{ name: 'dns', protocol: 'UDP', port: 53 }] };
		const here = endpoint({ address: plan.pod(1, 2), node: 'n1' });
		const there = endpoint({ address: plan.pod(3, 2), node: 'n3' });
		await lab().load([
			...cluster(),
			service('spread', [plan.clusterIp(10)], { spec: { ports } }),
			slice('spread', [here, there], slicePorts),
			service('empty', [plan.clusterIp(11)], { spec: { type: 'NodePort', ports } }),
			service('local', [plan.clusterIp(12)], { spec: { ports, internalTrafficPolicy: 'Local' } }),
			slice('local', [there], slicePorts),
		]);
		const all = [plan.target(1, 2, 53), plan.target(3, 2, 53)];
		await expectFlows(lab(), plan, [
			['pod', udp(plan.clusterIp(10), 53), reaches(...all)],
			['outside', udp(plan.clusterIp(10), 53), reachesMasqueraded(...all)],
			['pod', udp(plan.clusterIp(11), 53), 'refused'],
			['node', udp(plan.clusterIp(11), 53), 'refused'],
			['outside', udp(plan.node(1), 30053), 'refused'],
			['pod', udp(plan.clusterIp(12), 53), 'silence'],
			['node', udp(plan.clusterIp(12), 53), 'silence'],
		]);
	});

	it('a dual-stack Service: each family has its own endpoints; where it has none it refuses', async () => {
		const [ipv4, ipv6] = PLANS;
		if (ipv4 === undefined || ipv6 === undefined) throw new Error('there are two families');
		await lab().load([
			...cluster(),
			service('web', [ipv6.clusterIp(20), ipv4.clusterIp(20)]),
			slice('web', [endpoint({ address: ipv4.pod(1, 5), node: 'n1' })]),
			slice('web', [endpoint({ address: ipv6.pod(2, 5), node: 'n2' })]),
			service('half', [ipv4.clusterIp(21), ipv6.clusterIp(21)]),
			slice('half', [endpoint({ address: ipv4.pod(1, 5), node: 'n1' })]),
			service('single', [ipv4.clusterIp(22)]),
			slice('single', [endpoint({ address: ipv4.pod(1, 5), node: 'n1' })]),
		]);
		await expectFlows(lab(), ipv4, [
			['pod', tcp(ipv4.clusterIp(20)), reaches(ipv4.target(1, 5))],
			['pod', tcp(ipv4.clusterIp(21)), reaches(ipv4.target(1, 5))],
			['pod', tcp(ipv4.clusterIp(22)), reaches(ipv4.target(1, 5))],
		]);
		await expectFlows(lab(), ipv6, [
			['pod', tcp(ipv6.clusterIp(20)), reaches(ipv6.target(2, 5))],
			['pod', tcp(ipv6.clusterIp(21)), 'refused'],
			['pod', tcp(ipv6.clusterIp(22)), 'silence'],
		]);
	});

	it.each(PLANS)('EC-16 EC-20 $name: a port goes where its slices say, to several numbers at once', async (plan) => {
		await lab().load([
			...cluster(),
			service('web', [plan.clusterIp(20)]),
			slice('web', [endpoint({ address: plan.pod(1, 5), node: 'n1' })], {
				name: 'old',
				ports: [{ name: 'http', protocol: 'TCP', port: 9999 }],
			}),
			slice('web', [endpoint({ address: plan.pod(1, 5), node: 'n1' })], { name: 'new' }),
		]);
		await expectFlows(lab(), plan, [
			['pod', tcp(plan.clusterIp(20)), reaches(plan.target(1, 5, 9999), plan.target(1, 5, 8080))],
		]);
	});

	it.each(PLANS)('EC-95 $name: rules for SCTP load', async (plan) => {
		const ports = [{ name: 'sig', protocol: 'SCTP', port: 2905, nodePort: 32905 }];
		const signalling = service('signalling', [plan.clusterIp(30)], { spec: { type: 'NodePort', ports } });
		const slicePorts = { ports: [{ name: 'sig', protocol: 'SCTP', port: 2905 }] };
		const endpoints = [endpoint({ address: plan.pod(1, 5), node: 'n1' }), endpoint({ address: plan.pod(2, 5) })];
		await lab().load([...cluster(), signalling, slice('signalling', endpoints, slicePorts)]);
		const listed = await lab().run('nft', ['list', 'chain', plan.family, 'nft-gen', 'cluster/shop/signalling/sig']);
		expect(listed).toContain(`dnat to ${plan.target(1, 5, 2905)}`);
	});
});
