import { describe, expect, it } from 'vitest';
import { checked, toldOf } from '../support/checked.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

function labelled(number: number, zone: string, pool: string): unknown {
	const made = node(number, zone);
	return { ...made, metadata: { ...Object(made.metadata), labels: { ...Object(made.metadata).labels, pool } } };
}

const PORTS = [{ name: 'http', port: 80, nodePort: 30080 }];

// web is everywhere but on n3, edge on n1 only and for clients outside, lone is on n1 and for pods there, gone is nowhere.
const OBJECTS = [
	labelled(1, 'a', 'edge'),
	labelled(2, 'a', 'plain'),
	labelled(3, 'b', 'plain'),
	service('web', ['10.96.0.10'], { spec: { type: 'NodePort', ports: PORTS } }),
	slice('web', [
		endpoint({ address: '10.244.1.5', node: 'n1', pod: 'shop/web-0', zone: 'a' }),
		endpoint({ address: '10.244.2.5', node: 'n2', pod: 'shop/web-1', zone: 'a' }),
	]),
	service('edge', ['10.96.0.20'], {
		spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
		status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } },
	}),
	slice('edge', [endpoint({ address: '10.244.1.6', node: 'n1' })]),
	service('lone', ['10.96.0.30'], { spec: { internalTrafficPolicy: 'Local' } }),
	slice('lone', [endpoint({ address: '10.244.1.7', node: 'n1', zone: 'a' })]),
	service('gone', ['10.96.0.40']),
];

function told(assertion: string): readonly string[] {
	return toldOf(checked(OBJECTS, { assertions: `- {name: it, ${assertion}}`, lints: [] }), 'assertion');
}

const holding = (from: string, to: string, nodes: string) => [`ok it: ${from} to ${to} is as expected on ${nodes}`];

describe('assertions', () => {
	it.each([
		['from: pod:any, to: svc:shop/web:http, expect: delivered', holding('pod:any', 'svc:shop/web:http', '3 nodes')],
		['from: node, to: svc:shop/gone, expect: refused', holding('node', 'svc:shop/gone', '3 nodes')],
		['from: node, to: svc:shop/gone, expect: unreachable', holding('node', 'svc:shop/gone', '3 nodes')],
		[
			'from: node, to: svc:shop/gone, expect: delivered',
			['failed it: node to svc:shop/gone: expected delivered, and it is refused'],
		],
		[
			'from: pod:any, to: svc:shop/lone, expect: dropped, nodes: [n2, n3]',
			holding('pod:any', 'svc:shop/lone', '2 nodes'),
		],
		[
			'from: pod:any, to: svc:shop/lone, expect: refused, nodes: n2',
			['failed it: pod:any to svc:shop/lone: expected refused, and it is dropped'],
		],
		[
			'from: pod:any, to: svc:shop/web, expect: unreachable',
			[
				'failed it: pod:any to svc:shop/web: expected unreachable, and it is 2 endpoints: 10.244.1.5:8080, 10.244.2.5:8080',
			],
		],
	])('judge what becomes of a connection: %s', (assertion, expected) => expect(told(assertion)).toEqual(expected));

	it.each([
		['from: pod:any, to: svc:shop/web, expect: {source: preserved}', null],
		['from: external, to: lb:shop/edge, expect: {source: preserved}, nodes: pool=edge', null],
		['from: external, to: nodeport:30080, expect: {source: masqueraded}', null],
		[
			'from: external, to: nodeport:30080, expect: {source: preserved}',
			"expected the client's address to be preserved, and 10.244.1.5:8080 sees a node's address",
		],
		[
			'from: pod:any, to: svc:shop/web, expect: {source: masqueraded}',
			'expected the client to be masqueraded, and 10.244.1.5:8080 sees its address',
		],
		['from: node, to: svc:shop/web, expect: {min_endpoints: 2, max_endpoints: 2}', null],
		[
			'from: node, to: svc:shop/web, expect: delivered, min_endpoints: 3',
			'expected 3 endpoints or more, and reaches 2',
		],
		['from: node, to: svc:shop/web, expect: {max_endpoints: 1}', 'expected 1 endpoint at the most, and reaches 2'],
		['from: node, to: svc:shop/web, expect: {to: ["pod:shop/web-0", "10.244.2.5:8080"]}', null],
		[
			'from: node, to: svc:shop/web, expect: {to: ["pod:shop/web-0"]}',
			'expected no endpoint but pod:shop/web-0, and reaches 10.244.2.5:8080',
		],
		['from: node, to: svc:shop/web, expect: {same_zone: true}, nodes: topology.kubernetes.io/zone=a', null],
		[
			'from: node, to: svc:shop/web, expect: {same_zone: true}, nodes: n3',
			'expected endpoints of zone b only, and reaches 10.244.1.5:8080 in zone a',
		],
		['from: pod:any, to: svc:shop/lone, expect: {same_node: true}, nodes: n1', null],
		[
			'from: node, to: svc:shop/web, expect: {same_node: true}, nodes: n1',
			'expected endpoints on node n1 only, and reaches 10.244.2.5:8080 on n2',
		],
	])('judge how it is delivered: %s', (assertion, why) => {
		const [result = ''] = told(assertion);
		if (why === null) expect(result).toMatch(/^ok /);
		else
			expect(result).toBe(`failed it: ${/from: ([^,]*), to: ([^,]*)/.exec(assertion)?.slice(1).join(' to ')}: ${why}`);
	});

	it.each([
		['svc:shop/web', 'delivered', 'all', null],
		['svc:shop/edge', 'delivered', 'pool=edge', null],
		['svc:shop/edge', 'delivered', 'pool!=edge', 'expected delivered, and it is dropped'],
		['svc:shop/lone', 'unreachable', 'all', null],
		[
			'svc:shop/lone',
			'delivered',
			'all',
			'expected delivered, and it is not served: it has no address for clients outside',
		],
		[
			'svc:shop/web',
			'unreachable',
			'all',
			'expected unreachable, and it is 2 endpoints: 10.244.1.5:8080, 10.244.2.5:8080, masqueraded',
		],
		['ip:10.96.0.10:80', 'delivered', 'all', null],
	])('lead somebody outside to %s by the addresses it has for the outside: %s on %s', (to, expected, nodes, why) => {
		const [result] = told(`from: external, to: "${to}", expect: ${expected}, nodes: "${nodes}"`);
		if (why === null) expect(result).toMatch(/^ok /);
		else expect(result).toBe(`failed it: external to ${to}: ${why}`);
	});

	it('lead somebody outside to the families in which a Service has an address for the outside', () => {
		const dual = service('dual', ['10.96.0.50', 'fd00:10:96::50'], { spec: { externalIPs: ['198.51.100.9'] } });
		const endpoints = [endpoint({ address: '10.244.1.8', node: 'n1' })];
		const report = checked([...OBJECTS, dual, slice('dual', endpoints)], {
			assertions: '- {name: it, from: external, to: svc:shop/dual, expect: delivered}',
			lints: [],
		});
		expect(toldOf(report, 'assertion')).toEqual(holding('external', 'svc:shop/dual', '3 nodes'));
	});

	it('ask a pod on its own node only', () => {
		expect(told('from: pod:shop/web-0, to: svc:shop/lone, expect: delivered')).toEqual(
			holding('pod:shop/web-0', 'svc:shop/lone', '1 node'),
		);
		expect(told('from: pod:shop/web-1, to: svc:shop/lone, expect: delivered')).toEqual([
			'failed it: pod:shop/web-1 to svc:shop/lone: expected delivered, and it is dropped',
		]);
		expect(told('from: pod:shop/web-0, to: svc:shop/lone, expect: delivered, nodes: n2')).toEqual([
			'failed it: nodes is n2, which is not the node of pod:shop/web-0',
		]);
	});

	it.each([
		[
			'to: svc:shop/webb',
			'there is no Service shop/webb among the 4 with a ClusterIP (did you mean shop/web, shop/edge, shop/gone?)',
		],
		['to: svc:shop/web:https', 'Service shop/web has no port https; it has http (80/tcp)'],
		['to: svc:shop/web, nodes: n4', 'there is no Node n4 (did you mean n1?)'],
		['to: svc:shop/web, nodes: pool=egde', 'nodes is "pool=egde", which fits no Node'],
		[
			'to: svc:shop/web, family: ipv6',
			'no packet goes from node n1 to shop/web:http: the one has an IPv6 address, the other an IPv4 address',
		],
	])('fail with names that lead nowhere: %s', (assertion, why) => {
		const [result] = told(`from: node, expect: delivered, ${assertion}`);
		expect(result).toContain(`failed it: ${why}`);
	});

	it('fail with the place, the nodes, a connection that shows it, and the command that traces it', () => {
		const { results } = checked(OBJECTS, {
			assertions: '# all of them\n- {name: it, from: pod:any, to: svc:shop/lone, expect: delivered}\n',
			lints: [],
		});
		expect(results.find(({ id }) => id === 'assertion')).toMatchObject({
			origin: { file: 'assert.yaml', offset: 16 },
			nodes: ['n2', 'n3'],
			witness: {
				node: 'n2',
				connection: 'any pod (10.244.1.1) → shop/lone:http (10.96.0.30:80/tcp)',
				outcome: 'dropped',
				command: [
					...['nft-gen', 'trace', '--node', 'n2', '--from', 'ip:10.244.1.1', '--to', 'svc:shop/lone'],
					...['--family', 'ipv4', '-f', 'test.yaml'],
				],
			},
		});
	});

	it('stay in the order of their file, those that fail first', () => {
		const lines = ['z', 'b', 'a'].map(
			(name, index) =>
				`- {name: ${name}, from: node, to: svc:shop/web, expect: ${index === 1 ? 'refused' : 'delivered'}}`,
		);
		const { results } = checked(OBJECTS, { assertions: lines.join('\n'), lints: [] });
		expect(results.filter(({ level }) => level === 'assertion').map(({ object }) => object)).toEqual(['b', 'z', 'a']);
	});
});
