import { beforeEach, describe, expect, it } from 'vitest';
import { type CleanUp, cleanUp } from '../../src/conntrack/clean-up.ts';
import type { WhenNoneServes } from '../../src/conntrack/stale-flows.ts';
import { CONNTRACK, conntrackTable } from '../../src/host/conntrack.ts';
import { udpPortsOf } from '../conntrack/ports.ts';
import { compiled } from '../support/compiled.ts';
import { endpoint, service, slice } from '../support/objects.ts';
import { type Destination, tcp } from './flows.ts';
import { describeLab } from './lab.ts';
import { type ClientName, cluster, PLANS, type Plan } from './plan.ts';

const DNS = { name: 'dns', protocol: 'UDP', port: 53, targetPort: 5353, nodePort: 30053 };
const HTTP = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 };
const SLICE_PORTS = [
	{ name: 'dns', protocol: 'UDP', port: 5353 },
	{ name: 'http', protocol: 'TCP', port: 8080 },
];

/** A Service `dns` of type NodePort with an external IP, with pods of the node as endpoints. */
function dns(plan: Plan, pods: readonly number[], spec: object = {}): readonly unknown[] {
	const all = { type: 'NodePort', externalIPs: [plan.external(1)], ports: [DNS, HTTP], ...spec };
	const endpoints = pods.map((number) => endpoint({ address: plan.pod(1, number), node: 'n1' }));
	return [
		...cluster(),
		service('dns', [plan.clusterIp(10)], { spec: all }),
		...(endpoints.length === 0 ? [] : [slice('dns', endpoints, { ports: SLICE_PORTS })]),
	];
}

describeLab('flows of UDP that are under way', (lab) => {
	describe.each(PLANS)('$name', (plan: Plan) => {
		let socket = 0;
		const old = plan.target(1, 5, 5353);
		const young = plan.target(1, 6, 5353);
		const clusterIp: Destination = { protocol: 'udp', address: plan.clusterIp(10), port: 53 };
		const external: Destination = { protocol: 'udp', address: plan.external(1), port: 53 };
		const nodePort: Destination = { protocol: 'udp', address: plan.node(1), port: 30053 };

		/** Makes a flow; each call sends another datagram of it. @returns who answered, or what became of it */
		const flow = (from: ClientName, to: Destination) => {
			const own = ++socket + (plan.family === 'ip' ? 0 : 1_000);
			const { place, source } = plan.client(from);
			return async (timeout = 3_000) => {
				const answer = await lab().ask(place, { ask: 'send-from', socket: own, ...to, source, timeout });
				return answer.kind === 'answered' ? answer.by : answer.kind === 'failed' ? answer.why : answer.kind;
			};
		};
		const clean = (objects: readonly unknown[], whenNoneServes: WhenNoneServes = 'keep'): Promise<CleanUp> => {
			const command = ['ip', 'netns', 'exec', lab().namespaces.node, 'conntrack'];
			const ports = udpPortsOf(objects, plan.family).values();
			const table = conntrackTable({ ...CONNTRACK, command });
			return cleanUp(table, { family: plan.family, ports, whenNoneServes, timeLimit: 10_000 });
		};
		const change = async (objects: readonly unknown[]) => lab().apply(compiled(objects).text);
		const entries = () => lab().run('conntrack', ['-L', '-f', plan.family === 'ip' ? 'ipv4' : 'ipv6']);

		beforeEach(async () => {
			await lab().load(dns(plan, [5, 6]));
		});

		it.each([
			['a pod to the ClusterIP', 'pod', clusterIp],
			['the node to the ClusterIP', 'node', clusterIp],
			['outside to an external IP', 'outside', external],
			['outside to the node port', 'outside', nodePort],
			['a pod to the node port', 'pod', nodePort],
		] as const)('go to another endpoint when theirs left: %s', async (_, from, to) => {
			await change(dns(plan, [5]));
			const send = flow(from, to);
			expect(await send()).toBe(old);
			await change(dns(plan, [6]));
			expect(await send()).toBe(old);
			expect(await clean(dns(plan, [6]))).toMatchObject({ outcome: 'done', deleted: 1 });
			expect(await send()).toBe(young);
			expect(await clean(dns(plan, [6]))).toMatchObject({ outcome: 'done', deleted: 0 });
		});

		it.each([
			['a ClusterIP', 'pod', clusterIp],
			['an external IP', 'outside', external],
			['a node port', 'outside', nodePort],
		] as const)('recover when they began before the Service was there: %s', async (_, from, to) => {
			// Without the Service networks, in which rules drop what no Service has: dropped packets leave no entry.
			await lab().load(cluster().slice(0, 3));
			const send = flow(from, to);
			expect(await send(200)).not.toBe(young);
			await lab().apply(compiled(dns(plan, [6])).text);
			expect(await send(200)).not.toBe(young);
			expect(await clean(dns(plan, [6]))).toMatchObject({ outcome: 'done', deleted: 1 });
			expect(await send()).toBe(young);
		});

		it('stay where they are whatever policies, readiness and hints become', async () => {
			const sends = [flow('pod', clusterIp), flow('outside', external), flow('outside', nodePort)];
			const before = await Promise.all(sends.map((send) => send()));
			const after = dns(plan, [5], { internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' }).slice(0, -1);
			const draining = { ready: false, serving: true, terminating: true };
			const endpoints = [5, 6].map((number) => endpoint({ address: plan.pod(1, number), node: 'n2', ...draining }));
			const objects = [...after, slice('dns', endpoints, { ports: SLICE_PORTS })];
			await change(objects);
			expect(await clean(objects)).toMatchObject({ outcome: 'done', deleted: 0 });
			expect(await Promise.all(sends.map((send) => send()))).toEqual(before);
		});

		it('are left alone when they are of another Service, or go to a pod itself', async () => {
			const ports = [{ ...DNS, nodePort: undefined }];
			const other = [
				service('other', [plan.clusterIp(11)], { spec: { ports } }),
				slice('other', [endpoint({ address: plan.pod(1, 5), node: 'n1' })], { ports: SLICE_PORTS }),
			];
			await change([...dns(plan, [5]), ...other]);
			const sends = [
				flow('pod', { ...clusterIp, address: plan.clusterIp(11) }),
				flow('outside', { protocol: 'udp', address: plan.pod(1, 5), port: 5353 }),
			];
			for (const send of sends) expect(await send()).toBe(old);
			await change([...dns(plan, [6]), ...other]);
			const before = await entries();
			expect(await clean(dns(plan, [6]))).toMatchObject({ outcome: 'done', deleted: 0 });
			expect(count(await entries())).toBe(count(before));
			for (const send of sends) expect(await send()).toBe(old);
		});

		it('of TCP are left alone', async () => {
			const { place, source } = plan.client('pod');
			await change(dns(plan, [5]));
			const connection = { connection: 7, ...tcp(plan.clusterIp(10)), source, timeout: 3_000 };
			expect((await lab().ask(place, { ask: 'open', ...connection })).kind).toBe('answered');
			await change(dns(plan, [6]));
			expect(await clean(dns(plan, [6]))).toMatchObject({ outcome: 'done', deleted: 0 });
			expect((await lab().ask(place, { ask: 'echo', connection: 7, timeout: 3_000 })).kind).toBe('answered');
			await lab().ask(place, { ask: 'close', connection: 7 });
		});

		it('are left alone where nobody serves, as up to Kubernetes 1.36', async () => {
			const sends = [flow('pod', clusterIp), flow('outside', nodePort)];
			const before = await Promise.all(sends.map((send) => send()));
			await change(dns(plan, []));
			expect(await clean(dns(plan, []), 'keep')).toMatchObject({ outcome: 'done', listed: 0, deleted: 0 });
			expect(await Promise.all(sends.map((send) => send()))).toEqual(before);
		});

		it('are refused where nobody serves, as since Kubernetes 1.37, but those to a node port are left alone', async () => {
			const sends = [flow('pod', clusterIp), flow('outside', external), flow('outside', nodePort)];
			const before = await Promise.all(sends.map((send) => send()));
			await change(dns(plan, []));
			expect(await clean(dns(plan, []), 'forget')).toMatchObject({ outcome: 'done', deleted: 2 });
			expect(await Promise.all(sends.map((send) => send()))).toEqual(['refused', 'refused', before[2]]);
		});

		it('many at once: only those of the endpoint that left', async () => {
			const sends = Array.from({ length: 30 }, () => flow('pod', clusterIp));
			const before = await Promise.all(sends.map((send) => send()));
			await change(dns(plan, [6]));
			const stale = before.filter((by) => by === old).length;
			expect(await clean(dns(plan, [6]))).toMatchObject({ outcome: 'done', listed: 30, deleted: stale });
			expect(await Promise.all(sends.map((send) => send()))).toEqual(sends.map(() => young));
		});
	});
});

function count(listing: string): number {
	return listing.trim().split('\n').length;
}
