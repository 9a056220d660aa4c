import { describe, expect, it } from 'vitest';
import { CHECK_IDS, type CheckId, checkOf } from '../../src/check/catalogue.ts';
import { checked, toldOf } from '../support/checked.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const NODES = [node(1, 'a'), node(2, 'a'), node(3, 'b')];

const WEB = 'Service shop/web';

/** The endpoints of web, on these nodes. */
function on(...numbers: readonly number[]): unknown {
	return slice(
		'web',
		numbers.map((number) => endpoint({ address: `10.244.${number}.5`, node: `n${number}`, zone: zoneOf(number) })),
	);
}

function zoneOf(number: number): string {
	return number < 3 ? 'a' : 'b';
}

function web(spec: Record<string, unknown>, metadata: Record<string, unknown> = {}): unknown {
	return service('web', ['10.96.0.10'], { spec, metadata });
}

function pod(name: string, number: number, more: Record<string, unknown> = {}): unknown {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name, namespace: 'shop', labels: { app: name } },
		spec: { nodeName: `n${number}`, containers: [{ name, ports: [{ name: 'http', containerPort: 8080 }] }], ...more },
		status: { podIPs: [{ ip: `10.244.${number}.9` }], conditions: [{ type: 'Ready', status: 'True' }] },
	};
}

const NODE_PORT = { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30080 }] };

/** Hints for zones, and the endpoint of n3 without any. */
const PARTLY_HINTED = slice('web', [
	endpoint({ address: '10.244.1.5', node: 'n1', zones: ['a'] }),
	endpoint({ address: '10.244.3.5', node: 'n3' }),
]);

const ALL_HINTED = slice('web', [
	endpoint({ address: '10.244.1.5', node: 'n1', zones: ['a'] }),
	endpoint({ address: '10.244.3.5', node: 'n3', zones: ['b'] }),
]);

const DUAL = ['10.96.0.10', 'fd00:10:96::10'];
const balanced = (...ranges: readonly string[]) =>
	service('web', DUAL, { spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ranges } });

/** One endpoint for two nodes of zone a, three for the one of zone b. */
const CROWDED = slice('web', [
	endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a' }),
	...[5, 6, 7].map((host) => endpoint({ address: `10.244.3.${host}`, node: 'n3', zone: 'b' })),
]);

const AUTO = { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } };

interface Case {
	readonly id: CheckId;
	readonly what: string;
	readonly objects: readonly unknown[];
	readonly found: readonly string[];
}

const CASES: readonly Case[] = [
	{
		id: 'internal-local-gap',
		what: 'Pods on a node without an endpoint',
		objects: [...NODES, web({ internalTrafficPolicy: 'Local' }), on(1), pod('cart', 2)],
		found: [
			'internalTrafficPolicy Local drops what Pods send to the ClusterIP on 1 of 2 nodes with Pods: no endpoint is there',
		],
	},
	{
		id: 'internal-local-gap',
		what: 'an endpoint on every node with Pods',
		objects: [...NODES, web({ internalTrafficPolicy: 'Local' }), on(1, 2), pod('cart', 2)],
		found: [],
	},
	{
		id: 'internal-local-gap',
		what: 'no endpoint anywhere',
		objects: [...NODES, web({ internalTrafficPolicy: 'Local' }), pod('cart', 2)],
		found: [],
	},
	{
		id: 'external-local-gap',
		what: 'nodes without an endpoint',
		objects: [...NODES, web({ ...NODE_PORT, externalTrafficPolicy: 'Local' }), on(1)],
		found: ['externalTrafficPolicy Local drops what comes from outside on 2 of 3 nodes: no endpoint is there'],
	},
	{
		id: 'external-local-gap',
		what: 'the policy Cluster',
		objects: [...NODES, web(NODE_PORT), on(1)],
		found: [],
	},
	{
		id: 'unhinted-endpoint',
		what: 'one endpoint without hints',
		objects: [...NODES, web({}), PARTLY_HINTED],
		found: ['endpoint 10.244.3.5:8080 has no hints, so those of the others are not used: traffic goes to all zones'],
	},
	{ id: 'unhinted-endpoint', what: 'hints everywhere', objects: [...NODES, web({}), ALL_HINTED], found: [] },
	{ id: 'unhinted-endpoint', what: 'no hints at all', objects: [...NODES, web({}), on(1, 3)], found: [] },
	{
		id: 'auto-without-hints',
		what: 'Auto on Nodes without CPU',
		objects: [...NODES, web({}, AUTO), on(1, 2, 3)],
		found: [
			'topology-mode Auto gives no hints for IPv4: the Nodes do not tell zone and CPU of at least two zones; all endpoints are used',
		],
	},
	{ id: 'auto-without-hints', what: 'no annotation', objects: [...NODES, web({}), on(1, 2, 3)], found: [] },
	{
		id: 'overloaded-endpoint',
		what: 'PreferClose and one endpoint for most nodes',
		objects: [...NODES, web({ trafficDistribution: 'PreferClose' }), CROWDED],
		found: [
			'trafficDistribution: PreferClose concentrates load: 10.244.1.5:8080 (66.7 %) gets more than twice a fair share (25.0 %) of the traffic',
		],
	},
	{
		id: 'overloaded-endpoint',
		what: 'PreferClose and endpoints as the nodes are',
		objects: [...NODES, web({ trafficDistribution: 'PreferClose' }), on(1, 2, 3)],
		found: [],
	},
	{ id: 'overloaded-endpoint', what: 'no preference', objects: [...NODES, web({}), CROWDED], found: [] },
	{
		id: 'one-family-source-ranges',
		what: 'IPv4 networks only',
		objects: [...NODES, balanced('203.0.113.0/24')],
		found: ['its loadBalancerSourceRanges name IPv4 networks only: everybody may use its IPv6 load-balancer addresses'],
	},
	{
		id: 'one-family-source-ranges',
		what: 'IPv6 networks only',
		objects: [...NODES, balanced('2001:db8::/32')],
		found: ['its loadBalancerSourceRanges name IPv6 networks only: everybody may use its IPv4 load-balancer addresses'],
	},
	{
		id: 'one-family-source-ranges',
		what: 'everybody in IPv6, in so many words',
		objects: [...NODES, balanced('203.0.113.0/24', '::/0')],
		found: [],
	},
	{
		id: 'selector-matches-nothing',
		what: 'a selector that is mistyped',
		objects: [...NODES, web({ selector: { app: 'webb' } }), pod('web', 1)],
		found: ['the selector app=webb matches none of 1 Pod in shop; did you mean app=web?'],
	},
	{
		id: 'selector-matches-nothing',
		what: 'no Pod in the namespace',
		objects: [
			...NODES,
			service('web', ['10.96.0.10'], { namespace: 'edge', spec: { selector: { app: 'web' } } }),
			pod('web', 1),
		],
		found: ['its selector matches no Pod: there is none in edge'],
	},
	{
		id: 'selector-matches-nothing',
		what: 'a Pod that is selected',
		objects: [...NODES, web({ selector: { app: 'web' } }), pod('web', 1)],
		found: [],
	},
	{ id: 'selector-matches-nothing', what: 'no selector', objects: [...NODES, web({}), pod('web', 1)], found: [] },
	{
		id: 'target-port-unresolved',
		what: 'a named port that no Pod has',
		objects: [
			...NODES,
			web({ selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'htpt' }] }),
			pod('web', 1),
		],
		found: ['none of the Pods that it selects has the port that 80/tcp leads to'],
	},
	{
		id: 'target-port-unresolved',
		what: 'a named port that a Pod has',
		objects: [
			...NODES,
			web({ selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
			pod('web', 1),
		],
		found: [],
	},
];

describe('traps in policies', () => {
	it.each(CASES)('$id: tells of $what', ({ id, objects, found }) => {
		const report = checked(objects);
		const told = report.results.filter((each) => each.id === id);
		expect(told.filter(({ status }) => status === 'failed').map(({ sentence }) => sentence)).toEqual(found);
		expect(told.map(({ status }) => status)).toEqual(found.length === 0 ? ['ok'] : found.map(() => 'failed'));
	});

	it.each(CHECK_IDS.filter((id) => checkOf(id).level === 'policy'))(
		'%s has an example that fails and one that holds',
		(id) => {
			const examples = CASES.filter((each) => each.id === id).map(({ found }) => found.length > 0);
			expect(new Set(examples)).toEqual(new Set([true, false]));
		},
	);

	it('are told with the object, the field and the nodes', () => {
		const { results } = checked([...NODES, web({ ...NODE_PORT, externalTrafficPolicy: 'Local' }), on(1)]);
		expect(results.find(({ id }) => id === 'external-local-gap')).toMatchObject({
			object: WEB,
			severity: 'warn',
			origin: { file: 'test.yaml', path: ['spec', 'externalTrafficPolicy'] },
			nodes: ['n2', 'n3'],
		});
	});

	it('are not looked for where the input has no Pod, or no Node', () => {
		const without = checked([web({ selector: { app: 'web' } })]);
		expect(toldOf(without, 'selector-matches-nothing')).toEqual([
			'skipped no Pod is in the input: pass --cluster FILE made by nft-gen capture, or manifests with Pods or workloads',
		]);
		expect(toldOf(without, 'internal-local-gap')).toEqual([
			'skipped there is no Node in the input: pass --cluster FILE made by nft-gen capture',
		]);
	});

	it('are looked for only where they are asked for', () => {
		const { results, levels } = checked([...NODES, web({}), PARTLY_HINTED], { lints: ['external-local-gap'] });
		expect(results.map(({ id }) => id)).toEqual(['input', 'external-local-gap']);
		expect(levels.map(({ level, state }) => `${level} ${state}`)).toEqual([
			'input run',
			'ruleset not-asked',
			'policy run',
			'assertion not-asked',
			'kernel not-asked',
		]);
	});

	it('do not depend on the order of the objects', () => {
		const objects = [...NODES, web({ ...NODE_PORT, externalTrafficPolicy: 'Local' }), on(1), pod('cart', 2)];
		const told = (list: readonly unknown[]) => checked(list).results.map(({ origin: _origin, ...others }) => others);
		expect(told([...objects].reverse())).toEqual(told(objects));
	});
});
