import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { connectClient, numbers, startSender } from '../../bench/boundary/traffic.ts';
import { endpointChain, serviceChain } from '../../bench/iptables/names.ts';
import { restoreInto, restoreProgram } from '../../bench/iptables/restore.ts';
import { iptablesRuleset } from '../../bench/iptables/ruleset.ts';
import { createNamespaces, inNamespace } from '../../bench/measure/namespaces.ts';
import { POD_NETWORK } from '../../bench/state/address-plan.ts';
import { clusterList, plainShape } from '../../bench/state/state.ts';
import { intake } from '../../src/intake/intake.ts';
import type { ServicePort } from '../../src/model/cluster-state.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { describeKernel } from '../kernel/requirements.ts';

function servicePort(namespace: string, service: string, port: string): ServicePort {
	const id = { namespace, service, port };
	const addresses = { ip: null, ip6: null };
	return { id, protocol: 'tcp', port: 80, nodePort: null, addresses, endpoints: { ip: [], ip6: [] } };
}

it.each([
	['ns1', 'svc1', 'p80', 'KUBE-SVC-XPGD46QRK7WJZT7O', '10.180.0.1:80', 'KUBE-SEP-SXIVWICOYRO3J4NJ'],
	['ns2', 'svc2', 'p80', 'KUBE-SVC-GNZBNJ2PO5MGZ6GT', '10.180.0.2:80', 'KUBE-SEP-RS4RBKLTHTF2IUXJ'],
	['ns3', 'svc3', 'p80', 'KUBE-SVC-X27LE4BHSL4DOUIK', '10.180.0.3:80', 'KUBE-SEP-OYPFS5VJICHGATKP'],
	['ns4', 'svc4', 'p80', 'KUBE-SVC-4SW47YFZTEDKD3PK', '10.180.0.5:80', 'KUBE-SEP-C6EBXVWJJZMIWKLZ'],
])(
	"calls the chains of %s/%s as kube-proxy's iptables mode does",
	(namespace, service, port, chain, target, endpoint) => {
		const named = servicePort(namespace, service, port);
		expect(serviceChain(named)).toBe(chain);
		expect(endpointChain(named, { target })).toBe(endpoint);
	},
);

/** The rules of a made-up cluster, and its endpoints by ClusterIP. */
function madeUp(services: number, endpoints: number) {
	const list = clusterList({ ...plainShape(services, endpoints), protocol: 'UDP' });
	const { state } = intake([{ file: 'made-up', index: 0, value: list }], NEWEST_BEHAVIOUR);
	const ports = state.services.flatMap((service) => service.ports);
	const targets = ports.flatMap((port) =>
		port.endpoints.ip.map(({ target }) => `${port.addresses.ip?.clusterIp}:${port.port} > ${target}`),
	);
	return { text: iptablesRuleset(state, { podNetwork: POD_NETWORK }), targets };
}

it('gives each of the endpoints that are left an equal share', () => {
	const shares = [...madeUp(1, 4).text.matchAll(/--probability (\S+)/g)].map(([, share]) => share);
	expect(shares).toEqual(['0.2500000000', '0.3333333333', '0.5000000000']);
});

it('writes comments on the rules of endpoints only up to 1,000 endpoints', () => {
	const commented = (services: number) => madeUp(services, 2).text.match(/^-A KUBE-SEP\S+ -m comment/gm)?.length ?? 0;
	expect(commented(500)).toBe(2 * 500 * 2);
	expect(commented(501)).toBe(0);
});

describeKernel("the rules of kube-proxy's iptables mode", () => {
	const namespaces = createNamespaces();
	const folder = mkdtempSync(join(tmpdir(), 'nftgen-test-'));

	afterAll(() => {
		namespaces.clear();
		rmSync(folder, { recursive: true });
	});

	it('send packets for each Service to all of its endpoints, and to no others', async ({ skip }) => {
		const { text, targets } = madeUp(3, 2);
		const file = join(folder, 'rules.iptables');
		writeFileSync(file, text);
		const program = restoreProgram(namespaces, file);
		if (program === null) return skip('no program here loads iptables rules');
		const [node, sink] = [namespaces.add(), namespaces.add()];
		connectClient(node, sink);
		await restoreInto(node, program, file);
		const clusterIps = [...new Set(targets.map((target) => target.replace(/:.*/, '')))];
		const sender = await startSender(node, clusterIps, join(folder, 'addresses'), { batches: 100, packets: 3 });
		await numbers(sender);
		sender.end();
		const connections = inNamespace(node, 'conntrack', '-L', '-p', 'udp');
		const seen = connections.matchAll(/dst=(\S+) sport=\d+ dport=(\d+).*src=(\S+) dst=\S+ sport=(\d+)/g);
		const sentTo = new Set([...seen].map(([, ip, port, endpoint, number]) => `${ip}:${port} > ${endpoint}:${number}`));
		expect([...sentTo].sort()).toEqual([...targets].sort());
	});
});
