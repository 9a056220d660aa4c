import { describe, expect, it } from 'vitest';
import { compared, flowLine } from '../support/comparisons.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const NODES = [node(1, 'a'), node(2, 'a'), node(3, 'b')];
const on = (...numbers: readonly number[]) =>
	slice(
		'web',
		numbers.map((number) => endpoint({ address: `10.244.${number}.5`, node: `n${number}` })),
	);
const web = (spec: Record<string, unknown> = {}) => service('web', ['10.96.0.10'], { spec });
const base = [...NODES, web(), on(1, 2)];

const NODE_PORT = { type: 'NodePort', ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }] };

/** What changes, a line for each. */
function changes(before: readonly unknown[], after: readonly unknown[]): readonly string[] {
	return compared(before, after).flows.map(flowLine);
}

describe('comparing two states', () => {
	it('finds nothing where nothing differs, whatever the order of objects', () => {
		const { flows, programs, frames, count, services } = compared(base, [...base].reverse());
		expect({ flows, programs, frames, services }).toEqual({ flows: [], programs: [], frames: [], services: [] });
		// A pod, anybody outside and the node, plus the endpoint on n1 and on n2, at port 80 and at all others.
		expect(count).toEqual({ total: (3 * 3 + 2) * 2, changed: 0 });
	});

	it('tells what becomes of each kind of client when the last endpoints go', () => {
		expect(changes(base, [...NODES, web()])).toMatchInlineSnapshot(`
			[
			  "shop/web:http cluster-ip 10.96.0.10:80 endpoint on n1: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 → refused",
			  "shop/web:http cluster-ip 10.96.0.10:80 endpoint on n2: 1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 masqueraded → refused",
			  "shop/web:http cluster-ip 10.96.0.10:80 node on n1,n2,n3: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → refused",
			  "shop/web:http cluster-ip 10.96.0.10:80 outside on n1,n2,n3: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → refused",
			  "shop/web:http cluster-ip 10.96.0.10:80 pod on n1,n2,n3: 1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 → refused",
			]
		`);
	});

	it('says once what many nodes have in common, and apart where endpoints are local', () => {
		const after = [...NODES, web({ internalTrafficPolicy: 'Local' }), on(1, 2)];
		expect(changes(base, after)).toMatchInlineSnapshot(`
			[
			  "shop/web:http cluster-ip 10.96.0.10:80 endpoint on n1: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 → 10.244.1.5:8080 masqueraded",
			  "shop/web:http cluster-ip 10.96.0.10:80 endpoint on n2: 1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 masqueraded → 10.244.2.5:8080 masqueraded",
			  "shop/web:http cluster-ip 10.96.0.10:80 node on n3: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → dropped",
			  "shop/web:http cluster-ip 10.96.0.10:80 node on n1: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → 10.244.1.5:8080 masqueraded",
			  "shop/web:http cluster-ip 10.96.0.10:80 node on n2: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → 10.244.2.5:8080 masqueraded",
			  "shop/web:http cluster-ip 10.96.0.10:80 outside on n3: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → dropped",
			  "shop/web:http cluster-ip 10.96.0.10:80 outside on n1: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → 10.244.1.5:8080 masqueraded",
			  "shop/web:http cluster-ip 10.96.0.10:80 outside on n2: 1/2 10.244.1.5:8080 masqueraded, 1/2 10.244.2.5:8080 masqueraded → 10.244.2.5:8080 masqueraded",
			  "shop/web:http cluster-ip 10.96.0.10:80 pod on n3: 1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 → dropped",
			  "shop/web:http cluster-ip 10.96.0.10:80 pod on n1: 1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 → 10.244.1.5:8080",
			  "shop/web:http cluster-ip 10.96.0.10:80 pod on n2: 1/2 10.244.1.5:8080, 1/2 10.244.2.5:8080 → 10.244.2.5:8080",
			]
		`);
	});

	it('finds a NodePort that opens, on nodes whose addresses nobody knows too', () => {
		const nameless = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
		expect(changes([nameless, web(), on(1)], [nameless, web(NODE_PORT), on(1)])).toMatchInlineSnapshot(`
			[
			  "shop/web:http node-port node:30080 endpoint on n1: untouched → 10.244.1.5:8080 masqueraded",
			  "shop/web:http node-port node:30080 node on n1: untouched → 10.244.1.5:8080 masqueraded",
			  "shop/web:http node-port node:30080 outside on n1: untouched → 10.244.1.5:8080 masqueraded",
			]
		`);
	});

	it('compares an imaginary node where there is none', () => {
		const { nodes, flows } = compared([web(), on(1)], [web(), on(2)]);
		expect(nodes.both).toEqual(['‹any node›']);
		expect(flows.map(flowLine)).toMatchInlineSnapshot(`
			[
			  "shop/web:http cluster-ip 10.96.0.10:80 node on ‹any node›: 10.244.1.5:8080 → 10.244.2.5:8080",
			  "shop/web:http cluster-ip 10.96.0.10:80 outside on ‹any node›: 10.244.1.5:8080 → 10.244.2.5:8080",
			]
		`);
	});

	it('divides clients by source ranges of both sides', () => {
		const balanced = (ranges: readonly string[]) => ({
			...service('web', ['10.96.0.10'], {
				spec: { ...NODE_PORT, type: 'LoadBalancer', loadBalancerSourceRanges: ranges },
				status: { loadBalancer: { ingress: [{ ip: '198.51.100.7' }] } },
			}),
		});
		const sides = [['203.0.113.0/24'], ['203.0.113.0/25']].map((ranges) => [...NODES, balanced(ranges), on(1)]);
		expect(changes(sides[0] ?? [], sides[1] ?? [])).toMatchInlineSnapshot(`
			[
			  "shop/web:http load-balancer-ip 198.51.100.7:80 outside (allowed true → false) on n1,n2,n3: 10.244.1.5:8080 masqueraded → dropped",
			]
		`);
	});

	it('tells nodes that join and leave, and who counts as a pod since', () => {
		const { nodes, flows, frames } = compared([...NODES.slice(0, 2), web(), on(1)], [...NODES.slice(1), web(), on(1)]);
		expect(nodes).toEqual({ both: ['n2'], joined: ['n3'], left: ['n1'] });
		expect(flows.map(flowLine)).toMatchInlineSnapshot(`
			[
			  "shop/web:http cluster-ip 10.96.0.10:80 pod on n2: 10.244.1.5:8080 masqueraded → 10.244.1.5:8080",
			  "shop/web:http cluster-ip 10.96.0.10:80 pod on n2: 10.244.1.5:8080 → 10.244.1.5:8080 masqueraded",
			]
		`);
		expect(frames.map((frame) => frame.nodes)).toEqual([['n2'], ['n2']]);
	});

	it('takes no loopback address for somebody outside: rules know it for the node itself', () => {
		const plan = { ip: '2001:db8:51::7', pod: 'fd00:10:244:2::5' };
		const edge = (policy: string) =>
			service('edge', ['fd00:10:96::10'], {
				spec: {
					type: 'LoadBalancer',
					ipFamilies: ['IPv6'],
					externalTrafficPolicy: policy,
					ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
				},
				status: { loadBalancer: { ingress: [{ ip: plan.ip }] } },
			});
		const pods = slice('edge', [endpoint({ address: plan.pod, node: 'n2' })]);
		const found = changes([...NODES, edge('Local'), pods], [...NODES, edge('Cluster'), pods]);
		expect(found.filter((line) => line.includes(' outside '))).toEqual([
			'shop/edge:http load-balancer-ip 2001:db8:51::7:80 outside on n1,n3: dropped → [fd00:10:244:2::5]:8080 masqueraded',
			'shop/edge:http load-balancer-ip 2001:db8:51::7:80 outside on n2: [fd00:10:244:2::5]:8080 → [fd00:10:244:2::5]:8080 masqueraded',
		]);
	});
});
