import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FlowChange, Treatment } from '../../src/model/change-set.ts';
import { replayReport } from '../../src/report/replay.ts';
import { endpoint, node, service, serviceCidr, slice } from '../support/objects.ts';
import { twoStates } from '../support/two-states.ts';
import { replayed } from './replayed.ts';
import { describeKernel } from './requirements.ts';

const SEED = Number(process.env.REPLAY_SEED ?? Math.floor(Math.random() * 2 ** 31));

const NODES = [node(1, 'a'), node(2, 'b'), serviceCidr('10.96.0.0/16', 'fd00:10:96::/112')];
const FAMILIES = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };

/** A Service of both families with every kind of address. */
function web(spec: Record<string, unknown>): unknown {
	const ports = [
		{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 },
		{ name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 },
	];
	return service('web', ['10.96.0.10', 'fd00:10:96::10'], {
		spec: { ...FAMILIES, type: 'LoadBalancer', ports, externalIPs: ['198.51.100.20'], ...spec },
		status: { loadBalancer: { ingress: [{ ip: '198.51.100.10' }, { ip: '2001:db8::10' }] } },
	});
}

/** Its endpoints, one for each number of a node. */
function on(...numbers: readonly number[]): readonly unknown[] {
	const ports = [
		{ name: 'http', protocol: 'TCP', port: 8080 },
		{ name: 'dns', protocol: 'UDP', port: 5353 },
	];
	const at = (address: (number: number) => string) =>
		numbers.map((number, index) => endpoint({ address: `${address(number)}${index + 5}`, node: `n${number}` }));
	return [
		slice(
			'web',
			at((number) => `10.244.${number}.`),
			{ ports, addressType: 'IPv4' },
		),
		slice(
			'web',
			at((number) => `fd00:10:244:${number}::`),
			{ ports, addressType: 'IPv6' },
		),
	];
}

const RANGES = ['203.0.113.0/24', '2001:db8:113::/64'];

const CHANGES: readonly (readonly [what: string, before: readonly unknown[], after: readonly unknown[]])[] = [
	['the last endpoints go', [web({}), ...on(1, 2)], [web({}), ...on()]],
	['a Service comes', [], [web({}), ...on(1, 2, 2)]],
	[
		'clients are masqueraded no longer, and dropped where no endpoint is',
		[web({}), ...on(1, 1)],
		[web({ externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' }), ...on(1, 1)],
	],
	['source ranges come', [web({}), ...on(1, 2)], [web({ loadBalancerSourceRanges: RANGES }), ...on(1, 2)]],
	['clients stay with their endpoints', [web({}), ...on(1, 2)], [web({ sessionAffinity: 'ClientIP' }), ...on(1, 2)]],
	['a pod is the only endpoint left, and reaches itself', [web({}), ...on(1, 2)], [web({}), ...on(1)]],
];

/** Every kind of treatment, and of traits, that flows have. */
function kinds(flows: readonly FlowChange[]): readonly string[] {
	const treatments = flows.flatMap(({ before, after }) => [before, after]);
	const kindOf = ({ kind, endpoints, affinitySeconds }: Treatment) => [
		kind,
		...endpoints.map(({ masqueraded }) => (masqueraded ? 'masqueraded' : 'kept')),
		...(affinitySeconds === null ? [] : ['affinity']),
	];
	const others = flows.flatMap(({ client, frontend }) => [
		client.kind,
		frontend.kind,
		frontend.family,
		frontend.protocol,
	]);
	return [...new Set([...treatments.flatMap(kindOf), ...others])].sort();
}

describeKernel('replaying a comparison with real packets', () => {
	it('finds the kernel to agree, in both families, whatever changes', async () => {
		const sent: FlowChange[] = [];
		const results: string[] = [];
		for (const [what, before, after] of CHANGES) {
			const replay = await replayed([...NODES, ...before], [...NODES, ...after], {}, (flows) => {
				sent.push(...flows);
				return flows;
			});
			results.push(`${what}: ${replayReport(replay)}`);
			expect(replay, results.at(-1)).toMatchObject({ kind: 'replayed', mismatches: [], strays: [], skipped: [] });
		}
		expect(kinds(sent)).toEqual([
			'affinity',
			'cluster-ip',
			'dropped',
			'endpoint',
			'endpoints',
			'external-ip',
			'ip',
			'ip6',
			'kept',
			'load-balancer-ip',
			'masqueraded',
			'node',
			'node-port',
			'other-port',
			'outside',
			'pod',
			'refused',
			'tcp',
			'udp',
			'untouched',
		]);
	}, 120_000);

	it('finds the kernel to agree in random clusters', async () => {
		const states = fc.sample(twoStates, { seed: SEED, numRuns: 4 });
		for (const { before, after } of states) {
			const replay = await replayed(before, after);
			expect(replay, `REPLAY_SEED=${SEED}\n${replayReport(replay)}`).toMatchObject({ mismatches: [], strays: [] });
		}
	}, 120_000);

	const [, before, after] = CHANGES[0] ?? ['', [], []];
	const first = (change: (flow: FlowChange) => FlowChange) => (flows: readonly FlowChange[]) =>
		flows
			.filter(
				({ frontend, client }) =>
					frontend.kind === 'cluster-ip' && frontend.protocol === 'tcp' && client.kind === 'pod',
			)
			.slice(0, 1)
			.map(change);
	const REFUSED: Treatment = { kind: 'refused', endpoints: [], affinitySeconds: null };

	it.each<readonly [string, (flow: FlowChange) => FlowChange, string | RegExp]>([
		[
			'is refused, where it reaches endpoints',
			(flow) => ({ ...flow, before: REFUSED }),
			// Two packets are sent where nothing should answer, maybe to one endpoint.
			/^before: refused \| 10\.244\.\d\.\d:8080, sees the client(?:; 10\.244\.2\.6:8080, sees the client)?$/,
		],
		[
			'is dropped, where it is refused',
			(flow) => ({ ...flow, after: { ...REFUSED, kind: 'dropped' } }),
			'after: dropped | refused',
		],
		[
			'is masqueraded, where it is not',
			(flow) => ({
				...flow,
				before: { ...flow.before, endpoints: flow.before.endpoints.map((each) => ({ ...each, masqueraded: true })) },
			}),
			'before: 10.244.1.5:8080, sees the node; 10.244.2.6:8080, sees the node | 10.244.1.5:8080, sees the client; 10.244.2.6:8080, sees the client',
		],
		[
			'reaches one endpoint, where there are two',
			(flow) => ({
				...flow,
				before: {
					...flow.before,
					endpoints: flow.before.endpoints.slice(0, 1).map((each) => ({ ...each, share: '1' })),
				},
			}),
			'before: 10.244.1.5:8080, sees the client | 10.244.1.5:8080, sees the client; 10.244.2.6:8080, sees the client',
		],
	])('finds a comparison wrong that says that a client %s', async (_what, change, expected) => {
		const replay = await replayed([...NODES, ...before], [...NODES, ...after], {}, first(change));
		if (replay.kind !== 'replayed') throw new Error(replay.why);
		const { sent, agreeing, mismatches } = replay;
		expect([sent, agreeing]).toEqual([1, 0]);
		const told = mismatches.map((each) => `${each.side}: ${each.expected.join('; ')} | ${each.seen.join('; ')}`);
		expect(told).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
	});
});
