import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/overlay/prepare.ts';
import { documents, node, service, serviceCidr } from '../support/objects.ts';
import { previewed } from './previewed.ts';

type Fields = Record<string, unknown>;

/** A Service `shop/web` as somebody writes it: what the API server adds is not there. */
function written(spec: Fields = {}, metadata: Fields = {}): Fields {
	const ports = [{ name: 'http', port: 80, targetPort: 8080 }];
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name: 'web', namespace: 'shop', ...metadata },
		spec: { selector: { app: 'web' }, ports, ...spec },
	};
}

const CAPTURED = service('web', ['10.96.0.20'], {
	metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
	spec: {
		type: 'LoadBalancer',
		selector: { app: 'web' },
		externalTrafficPolicy: 'Local',
		healthCheckNodePort: 32100,
		ports: [
			{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 },
			{ name: 'admin', protocol: 'TCP', port: 81, targetPort: 8081, nodePort: 30081 },
		],
	},
	status: { loadBalancer: { ingress: [{ ip: '198.51.100.10' }] } },
});

/** What a written Service becomes on the head side. */
function stored(head: Fields, capture: readonly unknown[] | null = [CAPTURED], base: readonly unknown[] = []) {
	const prepared = prepare(documents(...base), documents(head), capture === null ? null : documents(...capture));
	const { spec, status, metadata } = Object(prepared.head.at(-1)?.value);
	const symbol = (text: unknown) => prepared.symbols.addresses.get(String(text)) ?? text;
	const clusterIPs: unknown = spec.clusterIPs?.map(symbol);
	const nodePorts = spec.ports?.map(
		({ nodePort }: { nodePort?: number }) => prepared.symbols.nodePorts.get(nodePort ?? 0) ?? nodePort,
	);
	const ingress = status?.loadBalancer?.ingress?.map(({ ip }: { ip: string }) => symbol(ip));
	return {
		clusterIP: symbol(spec.clusterIP),
		clusterIPs,
		families: spec.ipFamilies,
		nodePorts,
		ingress,
		spec,
		metadata,
	};
}

const CLUSTER_IP = '‹clusterIP of shop/web›';

describe('what the API server assigned stays with a Service that does not say it', () => {
	it('everything, as long as the type wants it', () => {
		const ports = [
			{ name: 'http', port: 80 },
			{ name: 'admin', port: 81 },
		];
		expect(stored(written({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports }))).toMatchObject({
			clusterIP: '10.96.0.20',
			clusterIPs: ['10.96.0.20'],
			families: ['IPv4'],
			nodePorts: [30080, 30081],
			ingress: ['198.51.100.10'],
			spec: { healthCheckNodePort: 32100 },
			metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
		});
	});

	it('NodePorts go by the name of the port, then by number and protocol, each once', () => {
		const nodePorts = (...ports: readonly Fields[]) => stored(written({ type: 'NodePort', ports })).nodePorts;
		expect(nodePorts({ name: 'http', port: 8080 }, { name: 'other', port: 81 })).toEqual([30080, 30081]);
		expect(nodePorts({ name: 'other', port: 80 }, { name: 'http', port: 8080 })).toEqual([
			'‹nodePort of shop/web:other›',
			30080,
		]);
		expect(nodePorts({ name: 'http', port: 80, protocol: 'UDP' })).toEqual(['‹nodePort of shop/web:http›']);
		expect(nodePorts({ name: 'http', port: 80, nodePort: 31000 })).toEqual([31000]);
	});

	it('a ClusterIP Service drops NodePorts and the load balancer', () => {
		const found = stored(written());
		expect([found.clusterIP, found.nodePorts, found.ingress]).toEqual(['10.96.0.20', [undefined], undefined]);
		expect(found.spec).not.toHaveProperty('healthCheckNodePort');
	});

	it.each([
		['headless', { clusterIP: 'None' }],
		['a mere name', { type: 'ExternalName', externalName: 'x.example.org' }],
	])('one that is %s is left as it is', (_, spec) => {
		expect(stored(written(spec)).spec).toEqual(written(spec).spec);
	});

	it('what it says itself counts, an empty text says nothing, and no namespace is default', () => {
		expect(stored(written({ clusterIP: '10.96.0.99' })).clusterIP).toBe('10.96.0.99');
		expect(stored(written({ clusterIP: '' })).clusterIP).toBe('10.96.0.20');
		const captured = service('web', ['10.96.0.30'], { namespace: 'default' });
		expect(stored(written({}, { namespace: undefined }), [captured]).clusterIP).toBe('10.96.0.30');
	});

	it('a Service that was headless gets an address only now', () => {
		const headless = service('web', [], { spec: { clusterIP: 'None', clusterIPs: ['None'] } });
		expect(stored(written(), [headless]).clusterIP).toBe(CLUSTER_IP);
	});
});

describe('what is yet to be assigned is a symbol', () => {
	it.each<[string, Fields, readonly unknown[] | null, readonly string[]]>([
		['IPv4 where nothing is known', {}, null, [CLUSTER_IP]],
		['the family of the cluster’s Services', {}, [service('a', ['fd00:10:96::1'])], ['‹IPv6 clusterIP of shop/web›']],
		[
			'of both ServiceCIDRs the first',
			{},
			[serviceCidr('fd00:10:96::/112', '10.96.0.0/16')],
			['‹IPv6 clusterIP of shop/web›'],
		],
		[
			'PreferDualStack in a cluster of both',
			{ ipFamilyPolicy: 'PreferDualStack' },
			[serviceCidr('10.96.0.0/16', 'fd00:10:96::/112')],
			[CLUSTER_IP, '‹IPv6 clusterIP of shop/web›'],
		],
		[
			'PreferDualStack in a cluster of one',
			{ ipFamilyPolicy: 'PreferDualStack' },
			[service('a', ['10.96.0.1'])],
			[CLUSTER_IP],
		],
		['RequireDualStack', { ipFamilyPolicy: 'RequireDualStack' }, null, [CLUSTER_IP, '‹IPv6 clusterIP of shop/web›']],
		['the families it lists', { ipFamilies: ['IPv6', 'IPv4'] }, null, ['‹IPv6 clusterIP of shop/web›', CLUSTER_IP]],
		[
			'the family that is new',
			{ ipFamilyPolicy: 'RequireDualStack' },
			[CAPTURED],
			['10.96.0.20', '‹IPv6 clusterIP of shop/web›'],
		],
		[
			'SingleStack keeps the first',
			{ ipFamilyPolicy: 'SingleStack' },
			[service('web', ['10.96.0.20', 'fd00::20'])],
			['10.96.0.20'],
		],
		['both stay where nothing is said', {}, [service('web', ['10.96.0.20', 'fd00::20'])], ['10.96.0.20', 'fd00::20']],
	])('ClusterIP: %s', (_, spec, capture, expected) => {
		expect(stored(written(spec), capture).clusterIPs).toEqual(expected);
	});

	it('NodePort: unless the type, or the Service, wants none', () => {
		const nodePorts = (spec: Fields) => stored(written(spec), null).nodePorts;
		expect(nodePorts({ type: 'NodePort' })).toEqual(['‹nodePort of shop/web:http›']);
		expect(nodePorts({ type: 'LoadBalancer', ports: [{ port: 80 }] })).toEqual(['‹nodePort of shop/web›']);
		expect(nodePorts({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false })).toEqual([undefined]);
		expect(nodePorts({})).toEqual([undefined]);
	});

	it('load-balancer IP: for a new one, not where the capture or the manifest knows that it has none', () => {
		const spec = { type: 'LoadBalancer' };
		expect(stored(written(spec), null).ingress).toEqual(['‹load-balancer IP of shop/web›']);
		expect(stored(written(spec), [service('web', ['10.96.0.20'])]).ingress).toEqual(['‹load-balancer IP of shop/web›']);
		expect(stored(written(spec), [service('web', ['10.96.0.20'], { spec })]).ingress).toBeUndefined();
		expect(stored({ ...written(spec), status: { loadBalancer: {} } }, null).ingress).toBeUndefined();
	});

	it('the same one on both sides has the same value, and values that the input has are left alone', () => {
		const other = service('other', ['240.0.0.1'], {
			spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 65535 }] },
		});
		const admin = { ...written({ type: 'NodePort' }), metadata: { name: 'admin', namespace: 'shop' } };
		const head = [written({ type: 'NodePort' }), admin, other];
		const { base, head: after, symbols } = prepare(documents(written()), documents(...head), null);
		expect([...symbols.addresses]).toEqual([
			['240.0.0.2', '‹clusterIP of shop/admin›'],
			['240.0.0.3', CLUSTER_IP],
		]);
		expect([...symbols.nodePorts]).toEqual([
			[65534, '‹nodePort of shop/admin:http›'],
			[65533, '‹nodePort of shop/web:http›'],
		]);
		expect([base[0], after[0]].map((each) => Object(each?.value).spec.clusterIP)).toEqual(['240.0.0.3', '240.0.0.3']);
	});

	it('is what rules say', () => {
		const { after } = previewed([], [node(1), written({ type: 'NodePort' })]);
		expect(after.frontends).toEqual([`${CLUSTER_IP} . tcp . 80`, 'tcp . ‹nodePort of shop/web:http›']);
		expect(after.text).not.toMatch(/\b(?:240\.0\.0\.\d|65535)\b/);
	});
});

describe('a Service that makes no sense stays as it is, for intake to say so', () => {
	it.each<[string, Fields]>([
		['no spec', { ...written(), spec: null }],
		['ports that are a text', written({ ports: 'none' })],
		['an address that is none', written({ clusterIPs: ['10.96.0.400'] })],
		['a name that is none', written({}, { name: 'Web_1›' })],
		[
			'a port name that is none',
			written({ type: 'NodePort', clusterIP: '10.96.0.1', ports: [{ name: 'a›b', port: 80 }] }),
		],
	])('%s', (_, object) => {
		const { head } = prepare([], documents(object), null);
		expect(head).toEqual(documents(object));
	});

	it('Services of Knative are none of ours', () => {
		const knative = { ...written(), apiVersion: 'serving.knative.dev/v1' };
		const { head } = prepare([], documents(written(), knative), null);
		expect(head[1]?.value).toEqual(knative);
	});

	it('lists keep their shape, and what is deep does not end us', () => {
		const typed = {
			apiVersion: 'v1',
			kind: 'ServiceList',
			items: [{ ...written(), kind: undefined, apiVersion: undefined }],
		};
		const list = { apiVersion: 'v1', kind: 'List', items: [{ kind: 'Other' }, typed] };
		const { head } = prepare([], [{ file: 'a.yaml', index: 3, value: list }], null);
		expect(head).toMatchObject([
			{
				file: 'a.yaml',
				index: 3,
				value: { items: [{ kind: 'Other' }, { items: [{ spec: { clusterIP: '240.0.0.1' } }] }] },
			},
		]);
		const deep = JSON.parse(`${'{"items":['.repeat(2000)}1${']}'.repeat(2000)}`);
		expect(prepare([], documents(deep, written()), null).head).toHaveLength(2);
	});
});
