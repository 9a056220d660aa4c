import { describe, expect, it } from 'vitest';
import { FINDING_IDS, type FindingId, isFindingId, ruleOf } from '../../src/findings/catalogue.ts';
import { found, foundIn, inShort } from '../support/found.ts';
import { documents, endpoint, node, service, slice } from '../support/objects.ts';

type Objects = readonly unknown[];

const NODES = [node(1, 'a'), node(2, 'a'), node(3, 'b')];
const ON_1 = endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a' });
const ON_2 = endpoint({ address: '10.244.2.5', node: 'n2', zone: 'a' });
const ON_3 = endpoint({ address: '10.244.3.5', node: 'n3', zone: 'b' });
const HTTP = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 };
const METRICS = { name: 'metrics', protocol: 'TCP', port: 9090, targetPort: 'metrics' };

/** The Service `shop/web`, with two endpoints on two nodes unless told otherwise. */
function web(spec: Record<string, unknown> = {}, endpoints = [ON_1, ON_2], status = {}): Objects {
	return [service('web', ['10.96.0.20'], { spec, status }), slice('web', endpoints)];
}

const NODE_PORT = { type: 'NodePort', ports: [{ ...HTTP, nodePort: 30080 }] };
const LOCAL = { ...NODE_PORT, externalTrafficPolicy: 'Local' };
const BALANCED = { loadBalancer: { ingress: [{ ip: '198.51.100.10' }] } };
const balancer = (loadBalancerSourceRanges: readonly string[]) =>
	web({ type: 'LoadBalancer', ports: [HTTP], loadBalancerSourceRanges }, [ON_1, ON_2], BALANCED);
const udp = (endpoints: readonly Record<string, unknown>[]) => [
	service('dns', ['10.96.0.10'], { spec: { ports: [{ name: 'dns', protocol: 'UDP', port: 53 }] } }),
	slice('dns', endpoints, { ports: [{ name: 'dns', protocol: 'UDP', port: 53 }] }),
];
const hinted = (zone: string, of: Record<string, unknown>) => ({ ...of, hints: { forZones: [{ name: zone }] } });
const two = (ports: readonly string[]) => [
	service('web', ['10.96.0.20'], { spec: { ports: [HTTP, METRICS] } }),
	slice('web', [ON_1], { ports: ports.map((name) => ({ name, protocol: 'TCP', port: 8080 })) }),
];
const dual = (families: readonly string[]) => [
	service('web', families),
	slice('web', [ON_1]),
	slice('web', [endpoint({ address: 'fd00:10:244:1::5', node: 'n1' })]),
];
const rival = (nodePort: number) =>
	service('zeta', ['10.96.0.30'], { spec: { type: 'NodePort', ports: [{ ...HTTP, nodePort }] } });
const thief = (address: string) => service('zeta', ['10.96.0.30'], { spec: { externalIPs: [address] } });
const health = (port: number) =>
	service('web', ['10.96.0.20'], { spec: { healthCheckNodePort: port, externalTrafficPolicy: 'Local' } });
const podNetwork = (cidr: string) => ({ ...node(3, 'b'), spec: { podCIDRs: [cidr] } });

/** Changes, what is found in them, and what is found in the reverse. */
const CHANGES: readonly (readonly [
	what: string,
	base: Objects,
	head: Objects,
	forth: readonly string[],
	back: readonly string[],
])[] = [
	[
		'the last endpoint leaves',
		web(),
		web({}, []),
		['service-blackholed shop/web:http'],
		['service-recovered shop/web:http'],
	],
	[
		'endpoints come',
		web(),
		web({}, [ON_1, ON_2, ON_3]),
		['endpoints-added shop/web:http'],
		['endpoints-removed shop/web:http'],
	],
	[
		'endpoints move to another port',
		[service('web', ['10.96.0.20']), slice('web', [ON_1])],
		[service('web', ['10.96.0.20']), slice('web', [ON_1], { ports: [{ name: 'http', protocol: 'TCP', port: 8081 }] })],
		['endpoint-port-changed shop/web:http'],
		['endpoint-port-changed shop/web:http'],
	],
	[
		'a Service without endpoints leaves',
		[...web(), service('old', ['10.96.0.40'])],
		web(),
		['service-removed shop/old'],
		['service-added shop/old'],
	],
	['a Service with endpoints leaves', web(), [], ['service-removed-in-use shop/web'], ['service-added shop/web']],
	[
		'a port leaves',
		two(['http', 'metrics']),
		web({}, [ON_1]),
		['port-removed shop/web:metrics'],
		['port-added shop/web:metrics'],
	],
	[
		'a port gets another number',
		web(),
		web({ ports: [{ ...HTTP, port: 81 }] }),
		['port-removed shop/web:http', 'port-added shop/web:http'],
		['port-removed shop/web:http', 'port-added shop/web:http'],
	],
	[
		'a port gets another name',
		web(),
		[
			service('web', ['10.96.0.20'], { spec: { ports: [{ ...HTTP, name: 'www' }] } }),
			slice('web', [ON_1, ON_2], { ports: [{ name: 'www', protocol: 'TCP', port: 8080 }] }),
		],
		['port-renamed shop/web:www'],
		['port-renamed shop/web:http'],
	],
	[
		'no Pod has the port of one of two any more',
		two(['http', 'metrics']),
		two(['http']),
		['service-blackholed shop/web:metrics', 'target-port-unresolved shop/web:metrics'],
		['service-recovered shop/web:metrics', 'target-port-resolved shop/web:metrics'],
	],
	[
		'the Service gets another ClusterIP',
		web(),
		[service('web', ['10.96.0.21']), slice('web', [ON_1, ON_2])],
		['vip-changed shop/web'],
		['vip-changed shop/web'],
	],
	[
		'a family leaves',
		dual(['10.96.0.20', 'fd00:10:96::20']),
		dual(['10.96.0.20']),
		['family-dropped shop/web'],
		['family-added shop/web'],
	],
	[
		'a ClusterIP Service becomes a NodePort Service',
		web(),
		web(NODE_PORT),
		['newly-exposed-nodeport shop/web:http'],
		['no-longer-exposed-nodeport shop/web:http'],
	],
	[
		'a NodePort gets another number',
		web(NODE_PORT),
		web({ ...NODE_PORT, ports: [{ ...HTTP, nodePort: 30081 }] }),
		['newly-exposed-nodeport shop/web:http', 'no-longer-exposed-nodeport shop/web:http'],
		['newly-exposed-nodeport shop/web:http', 'no-longer-exposed-nodeport shop/web:http'],
	],
	[
		'a NodePort stays while its port gets another number',
		web(NODE_PORT),
		web({ ...NODE_PORT, ports: [{ ...HTTP, port: 81, nodePort: 30080 }] }),
		['port-removed shop/web:http', 'port-added shop/web:http'],
		['port-removed shop/web:http', 'port-added shop/web:http'],
	],
	[
		'an external IP comes',
		web(),
		web({ externalIPs: ['198.51.100.20'] }),
		['newly-exposed-external shop/web:http'],
		['no-longer-exposed-external shop/web:http'],
	],
	[
		'all source ranges leave',
		balancer(['203.0.113.0/24']),
		balancer([]),
		['source-range-removed-all shop/web'],
		['source-range-narrowed shop/web'],
	],
	[
		'a source range comes',
		balancer(['203.0.113.0/24']),
		balancer(['203.0.113.0/24', '198.18.0.0/15']),
		['source-range-widened shop/web'],
		['source-range-narrowed shop/web'],
	],
	[
		'externalTrafficPolicy becomes Cluster',
		web(LOCAL, [ON_1, ON_2, ON_3]),
		web(NODE_PORT, [ON_1, ON_2, ON_3]),
		['client-ip-hidden shop/web:http'],
		['client-ip-preserved shop/web:http'],
	],
	[
		'externalTrafficPolicy becomes Cluster where a node has no endpoint',
		web(LOCAL),
		web(NODE_PORT),
		['client-ip-hidden shop/web:http', 'service-recovered shop/web:http'],
		['local-policy-blackhole shop/web:http', 'client-ip-preserved shop/web:http'],
	],
	[
		'internalTrafficPolicy becomes Cluster',
		web({ internalTrafficPolicy: 'Local' }, [ON_1, ON_2, ON_3]),
		web({}, [ON_1, ON_2, ON_3]),
		['local-policy-dropped shop/web:http'],
		['local-policy-added shop/web:http'],
	],
	[
		'the last endpoint on a node leaves under Local',
		web({ internalTrafficPolicy: 'Local' }),
		web({ internalTrafficPolicy: 'Local' }, [ON_1]),
		['local-policy-blackhole shop/web:http', 'endpoints-removed shop/web:http'],
		['endpoints-added shop/web:http', 'service-recovered shop/web:http'],
	],
	[
		'session affinity leaves',
		web({ sessionAffinity: 'ClientIP' }),
		web(),
		['affinity-removed shop/web:http'],
		['affinity-added shop/web:http'],
	],
	[
		'session affinity lasts longer',
		web({ sessionAffinity: 'ClientIP' }),
		web({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } }),
		['affinity-timeout-changed shop/web:http'],
		['affinity-timeout-changed shop/web:http'],
	],
	[
		'hints leave',
		web({}, [hinted('a', ON_1), hinted('b', ON_3)]),
		web({}, [ON_1, ON_3]),
		['zone-hints-dropped shop/web:http'],
		['zone-hints-added shop/web:http'],
	],
	[
		'hints skew the load',
		web({}, [ON_1, ON_2, ON_3, endpoint({ address: '10.244.3.6', node: 'n3' })]),
		web({}, [
			hinted('a', ON_1),
			hinted('b', ON_2),
			hinted('b', ON_3),
			hinted('b', endpoint({ address: '10.244.3.6', node: 'n3' })),
		]),
		['endpoint-share-skewed shop/web:http', 'zone-hints-added shop/web:http'],
		['zone-hints-dropped shop/web:http', 'endpoint-share-evened shop/web:http'],
	],
	[
		'hints change',
		web({}, [hinted('a', ON_1), hinted('b', ON_2), hinted('b', ON_3)]),
		web({}, [hinted('a', ON_1), hinted('a', ON_2), hinted('b', ON_3)]),
		['zone-hints-changed shop/web:http', 'endpoint-share-evened shop/web:http'],
		['zone-hints-changed shop/web:http', 'endpoint-share-skewed shop/web:http'],
	],
	[
		'an endpoint of a UDP Service leaves',
		udp([ON_1, ON_2]),
		udp([ON_1]),
		['endpoints-removed shop/dns:dns', 'udp-conntrack-stale shop/dns:dns'],
		['endpoints-added shop/dns:dns'],
	],
	[
		'another Service claims the NodePort',
		[...web(NODE_PORT), rival(30081)],
		[...web(NODE_PORT), rival(30080)],
		['nodeport-conflict shop/zeta', 'no-longer-exposed-nodeport shop/zeta:http'],
		['newly-exposed-nodeport shop/zeta:http', 'conflict-resolved shop/zeta'],
	],
	[
		"another Service claims the Service's address",
		[...web(), thief('198.51.100.9')],
		[...web(), thief('10.96.0.20')],
		['vip-conflict shop/zeta', 'no-longer-exposed-external shop/zeta:http'],
		['newly-exposed-external shop/zeta:http', 'conflict-resolved shop/zeta'],
	],
	[
		'a Service claims the address of a node',
		[...web(), thief('198.51.100.9')],
		[...web(), thief('192.168.10.1')],
		['address-hijack shop/zeta', 'newly-exposed-external shop/zeta:http', 'no-longer-exposed-external shop/zeta:http'],
		[
			'newly-exposed-external shop/zeta:http',
			'no-longer-exposed-external shop/zeta:http',
			'conflict-resolved shop/zeta',
		],
	],
	[
		'the health port changes',
		[health(32000)],
		[health(32001)],
		['health-port-changed shop/web'],
		['health-port-changed shop/web'],
	],
	['nothing that matters changes', web(), web({ healthCheckNodePort: 0 }), [], []],
];

const isAbout = (expected: readonly string[]) => [...expected].sort();

describe('findings', () => {
	it.each(CHANGES)('%s', (_what, base, head, forth) => {
		expect([...inShort(found([...NODES, ...base], [...NODES, ...head]))].sort()).toEqual(isAbout(forth));
	});

	it.each(CHANGES)('G9: the reverse has the mirrors: %s', (_what, base, head, _forth, back) => {
		expect([...inShort(found([...NODES, ...head], [...NODES, ...base]))].sort()).toEqual(isAbout(back));
	});

	it('finds nodes that join and leave', () => {
		expect(inShort(found([...NODES, ...web()], [node(1, 'a'), node(4, 'a'), ...web()]))).toEqual(
			expect.arrayContaining(['nodes-joined', 'nodes-left']),
		);
	});

	it('finds rules that all Services share', () => {
		const base = [node(1, 'a'), node(2, 'a'), node(3, 'b'), ...web()];
		const head = [node(1, 'a'), node(2, 'a'), podNetwork('10.245.3.0/24'), ...web()];
		expect(inShort(found(base, head))).toContain('shared-rules-changed');
	});

	it('finds rules that change though no client notices', () => {
		const base = balancer(['203.0.112.0/23']);
		const head = balancer(['203.0.112.0/24', '203.0.113.0/24']);
		expect(inShort(found([...NODES, ...base], [...NODES, ...head]))).toEqual(['rules-only shop/web:http']);
	});

	it('finds objects that change though no rule does', () => {
		const sleeping = endpoint({ address: '10.244.2.5', node: 'n2', ready: false });
		const base = web({}, [ON_1]);
		const head = web({}, [ON_1, sleeping]);
		expect(inShort(found([...NODES, ...base], [...NODES, ...head]))).toEqual(['cosmetic shop/web']);
	});

	it('finds notes that change in rules', () => {
		const base = web({}, [ON_1, ON_2]);
		const head = web({}, [hinted('a', ON_1), hinted('a', ON_2)]);
		expect(inShort(found([node(1, 'a'), ...base], [node(1, 'a'), ...head]))).toEqual(['cosmetic shop/web:http']);
	});

	it.each<[string, Record<string, unknown>, string]>([
		['zones of unlike size', {}, 'one endpoint gets 80.0 % of the traffic where another gets 20.0 %'],
		[
			'nodes under Local',
			{ internalTrafficPolicy: 'Local' },
			'one endpoint gets 20.0 % of the traffic where another gets 0.0 %',
		],
	])('says how much of the load endpoints get: %s', (_what, spec, sentence) => {
		const five = [...[1, 2, 3, 4].map((number) => node(number, 'a')), node(5, 'b')];
		const far = endpoint({ address: '10.244.5.5', node: 'n5' });
		const elsewhere = endpoint({ address: '10.245.0.5', node: 'n6' });
		const hints = [hinted('a', ON_1), hinted('b', far)];
		const after = 'internalTrafficPolicy' in spec ? [ON_1, elsewhere] : hints;
		const list = found([...five, ...web({}, [ON_1, far])], [...five, ...web(spec, after)]);
		const skewed = list.find(({ id }) => id === 'endpoint-share-skewed');
		expect(skewed?.sentence).toBe(`${sentence}, if every node sends the same`);
	});

	it('blames source ranges for load-balancer addresses only: NodePorts have none', () => {
		const spec = { type: 'LoadBalancer', ports: [{ ...HTTP, nodePort: 30080 }] };
		const [narrow, wide] = ['203.0.113.0/24', '203.0.112.0/23'].map((range) => ({ loadBalancerSourceRanges: [range] }));
		const base = web({ ...spec, ...narrow, externalTrafficPolicy: 'Local' }, [ON_1], BALANCED);
		const head = web({ ...spec, ...wide }, [ON_1], BALANCED);
		const list = found([...NODES, ...base], [...NODES, ...head]);
		const kindsOf = (id: string) => list.find((each) => each.id === id)?.flows.map(({ frontend }) => frontend.kind);
		expect(new Set(kindsOf('source-range-widened'))).toEqual(new Set(['load-balancer-ip']));
		expect(kindsOf('service-recovered')).toContain('node-port');
	});

	it('shows the plainest flow first: from outside to an external address, from a pod to the ClusterIP', () => {
		const first = (base: Objects, head: Objects) => found([...NODES, ...base], [...NODES, ...head])[0]?.flows[0];
		const hidden = first(web(LOCAL, [ON_1, ON_2, ON_3]), web(NODE_PORT, [ON_1, ON_2, ON_3]));
		expect([hidden?.client.kind, hidden?.frontend.kind]).toEqual(['outside', 'node-port']);
		const gone = first(web(), []);
		expect([gone?.client.kind, gone?.frontend.kind]).toEqual(['pod', 'cluster-ip']);
	});

	it('tells that an endpoint which reaches itself is masqueraded once its node is known, and not before', () => {
		const sides = [{}, { node: 'n1' }].map((where) => [
			...NODES,
			service('web', ['10.96.0.20']),
			slice('web', [endpoint({ address: '10.244.1.5', ...where })]),
		]);
		const [unknown = [], known = []] = sides;
		expect(inShort(found(unknown, known))).toEqual(['hairpin-changed shop/web:http']);
		expect(inShort(found(known, unknown))).toEqual(['hairpin-changed shop/web:http']);
		expect(found(known, known)).toEqual([]);
	});

	it('says the symbol of what has yet to be assigned', () => {
		const symbols = { addresses: new Map(), nodePorts: new Map([[30080, '‹nodePort of shop/web:http›']]) };
		const sides = [documents(...NODES, ...web()), documents(...NODES, ...web(NODE_PORT))] as const;
		const [finding] = foundIn(...sides, {}, symbols).findings;
		expect(finding?.sentence).toBe('every node leads to it at NodePort ‹nodePort of shop/web:http›');
		// What nobody wrote is no cause.
		expect(finding?.causes.map(({ after }) => after)).toEqual(['NodePort']);
		expect(new Set(finding?.flows.map(({ frontend }) => frontend.port))).toEqual(new Set([null]));
		expect(finding?.fingerprint).not.toBe(foundIn(...sides).findings[0]?.fingerprint);
	});

	it('finds that a single port leads to none that the Pods have', () => {
		const pod = {
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: 'web-0', namespace: 'shop', labels: { app: 'web' } },
			spec: { nodeName: 'n1', containers: [{ ports: [{ name: 'web', containerPort: 8080 }] }] },
			status: { podIP: '10.244.1.5', conditions: [{ type: 'Ready', status: 'True' }] },
		};
		const asking = (targetPort: string) =>
			service('web', ['10.96.0.20'], { spec: { selector: { app: 'web' }, ports: [{ ...HTTP, targetPort }] } });
		const [good, wrong] = [asking('web'), asking('wbe')].map((each) => [...NODES, pod, each]);
		expect(inShort(found(good ?? [], wrong ?? []))).toEqual([
			'service-blackholed shop/web:http',
			'target-port-unresolved shop/web:http',
		]);
		expect(inShort(found(wrong ?? [], good ?? []))).toEqual([
			'service-recovered shop/web:http',
			'target-port-resolved shop/web:http',
		]);
	});
});

it('G9: every id has mirrors that are ids too, or a waiver', () => {
	for (const id of FINDING_IDS) {
		const { mirrors, waiver } = ruleOf(id);
		expect([id, mirrors.length > 0]).toEqual([id, waiver === null]);
		expect(mirrors.filter((mirror) => !isFindingId(mirror))).toEqual([]);
	}
});

it('G9: a mirror of an id has the id for a mirror', () => {
	const mirrored = (id: FindingId) => ruleOf(id).mirrors.filter(isFindingId);
	const oneWay = FINDING_IDS.flatMap((id) =>
		mirrored(id)
			.filter((mirror) => !mirrored(mirror).includes(id))
			.map((mirror) => `${id} > ${mirror}`),
	);
	// A port that is new and unresolved leaves on the way back.
	expect(oneWay).toEqual([
		'target-port-unresolved > port-removed',
		'target-port-unresolved > service-removed',
		'target-port-unresolved > service-removed-in-use',
	]);
});
