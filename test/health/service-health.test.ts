import { describe, expect, it } from 'vitest';
import { newHealthChecks } from '../../src/health/health-checks.ts';
import type { HealthWhere } from '../../src/health/local-ready.ts';
import { type HealthCheck, healthCheckAnswer, healthChecks } from '../../src/health/service-health.ts';

const WHERE: HealthWhere = {
	node: 'n1',
	families: ['ip', 'ip6'],
	behaviour: { labelsByKind: true, rivals: 'running' },
};

type Fields = Readonly<Record<string, unknown>>;

function service(spec: Fields = {}, labels: Fields = {}) {
	return {
		kind: 'Service',
		metadata: { namespace: 'shop', name: 'web', labels },
		spec: {
			type: 'LoadBalancer',
			clusterIP: '10.96.0.20',
			clusterIPs: ['10.96.0.20'],
			ipFamilies: ['IPv4'],
			externalTrafficPolicy: 'Local',
			healthCheckNodePort: 31234,
			ports: [{ name: 'http', port: 80 }],
			...spec,
		},
	};
}

const DUAL = { clusterIPs: ['10.96.0.20', 'fd00:96::20'], ipFamilies: ['IPv4', 'IPv6'] };

function slice(endpoints: readonly unknown[], more: Fields = {}, name = 'web-1') {
	return {
		kind: 'EndpointSlice',
		metadata: { namespace: 'shop', name, labels: { 'kubernetes.io/service-name': 'web' } },
		addressType: 'IPv4',
		ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
		endpoints,
		...more,
	};
}

function endpoint(address: string, conditions: Fields = { ready: true }, nodeName: string | null = 'n1') {
	return { addresses: [address], conditions, nodeName };
}

function count(slices: readonly unknown[], where = WHERE): number | undefined {
	return healthChecks(service(), slices, where)[0]?.localEndpoints;
}

describe('a health check', () => {
	const here = [slice([endpoint('10.244.1.5')])];

	it('is needed for a LoadBalancer with the policy Local', () => {
		expect(healthChecks(service(), here, WHERE)).toEqual([
			{ namespace: 'shop', name: 'web', family: 'ip', port: 31234, localEndpoints: 1 },
		]);
	});

	it('is one for each family, which counts its own endpoints', () => {
		const ipv6 = slice([endpoint('fd00::1'), endpoint('fd00::2')], { addressType: 'IPv6' }, 'web-2');
		const both = healthChecks(service(DUAL), [...here, ipv6], WHERE);
		expect(both.map(({ family, localEndpoints }) => [family, localEndpoints])).toEqual([
			['ip', 1],
			['ip6', 2],
		]);
		expect(healthChecks(service(DUAL), here, { ...WHERE, families: ['ip6'] })).toHaveLength(1);
	});

	it.each<{ readonly having: string; readonly spec?: Fields; readonly labels?: Fields }>([
		{ having: 'another type', spec: { type: 'NodePort' } },
		{ having: 'the policy Cluster', spec: { externalTrafficPolicy: 'Cluster' } },
		{ having: 'no port for it', spec: { healthCheckNodePort: 0 } },
		{ having: 'a port that is none', spec: { healthCheckNodePort: '31234' } },
		{ having: 'no ClusterIP', spec: { clusterIP: '' } },
		{ having: 'no head', spec: { clusterIP: 'None' } },
		{ having: 'no address of its families', spec: { clusterIPs: [] } },
		{ having: 'no ports', spec: { ports: [] } },
		{ having: 'another proxy', labels: { 'service.kubernetes.io/service-proxy-name': '' } },
	])('is not needed for a Service with $having', ({ spec, labels }) => {
		expect(healthChecks(service(spec, labels), here, WHERE)).toEqual([]);
	});

	it('is needed for a Service of an old API server, by its one address', () => {
		const { ipFamilies: _, clusterIPs: __, ...old } = service().spec;
		expect(healthChecks({ ...service(), spec: old }, here, WHERE).map(({ family }) => family)).toEqual(['ip']);
	});
});

describe('endpoints that count', () => {
	it.each<readonly [string, readonly unknown[], number]>([
		['ready ones on this node', [slice([endpoint('10.0.0.1'), endpoint('10.0.0.2', {})])], 2],
		['none elsewhere', [slice([endpoint('10.0.0.1', {}, 'n2'), endpoint('10.0.0.2', {}, null)])], 0],
		[
			'none that only serve while they terminate',
			[slice([endpoint('10.0.0.1', { ready: false, serving: true, terminating: true })])],
			0,
		],
		['ready ones that terminate', [slice([endpoint('10.0.0.1', { ready: true, terminating: true })])], 1],
		[
			'one address at two ports once',
			[
				slice([endpoint('10.0.0.1')], {
					ports: [
						{ name: 'a', port: 1 },
						{ name: 'b', port: 2 },
					],
				}),
			],
			1,
		],
		[
			'those at ports that the Service has not',
			[slice([endpoint('10.0.0.1')], { ports: [{ name: 'other', port: 1 }] })],
			1,
		],
		[
			'none without a port',
			[slice([endpoint('10.0.0.1')], { ports: [{ name: 'a' }] }), slice([endpoint('10.0.0.2')], { ports: null })],
			0,
		],
		['one address in two spellings once', [slice([endpoint('10.0.0.1'), endpoint('010.0.0.1')])], 1],
		[
			'none of a headless slice',
			[slice([endpoint('10.0.0.1')], { metadata: { labels: { 'service.kubernetes.io/headless': '' } } })],
			0,
		],
		['none without an address', [slice([{ addresses: [] }, { addresses: ['nonsense'], nodeName: 'n1' }])], 0],
	])('are %s', (_, slices, expected) => {
		expect(count(slices)).toBe(expected);
	});

	it('are those that run, where an address was given to another pod', () => {
		const old = slice([endpoint('10.0.0.1', { ready: false, terminating: true })], {}, 'a');
		const young = slice([endpoint('10.0.0.1', { ready: true })], {}, 'b');
		expect(count([old, young])).toBe(1);
		expect(count([young, old])).toBe(1);
		const later = slice([endpoint('10.0.0.1', { ready: false, terminating: true })], {}, 'z');
		expect(count([later, young])).toBe(1);
		const elsewhere = slice([endpoint('10.0.0.1', { ready: true }, 'n2')], {}, 'c');
		expect(count([young, elsewhere])).toBe(0);
		const before = { ...WHERE, behaviour: { labelsByKind: true, rivals: 'on-node' as const } };
		expect(count([young, elsewhere], before)).toBe(1);
	});
});

describe('the answer to a load balancer', () => {
	const check: HealthCheck = { namespace: 'shop', name: 'web', family: 'ip', port: 31234, localEndpoints: 12 };

	// Recorded from kube-proxy's own handler (1.37).
	it.each([
		[12, true, 200],
		[12, false, 503],
		[0, true, 503],
		[0, false, 503],
	])('with %d endpoints and health %s is kube-proxy’s, byte for byte', (localEndpoints, healthy, status) => {
		expect(healthCheckAnswer({ ...check, localEndpoints }, healthy)).toEqual({
			status,
			headers: {
				'Content-Type': 'application/json',
				'X-Content-Type-Options': 'nosniff',
				'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
			},
			body: `{\n\t"service": {\n\t\t"namespace": "shop",\n\t\t"name": "web"\n\t},\n\t"localEndpoints": ${localEndpoints},\n\t"serviceProxyHealthy": ${healthy}\n}`,
		});
	});
});

describe('the health checks of a cluster', () => {
	function cluster() {
		const services = new Map<string, unknown>();
		const slices = new Map<string, unknown>();
		const looked: string[] = [];
		const checks = newHealthChecks(
			{
				service: (name) => {
					looked.push(name);
					return services.get(name);
				},
				slicesOf: () => [...slices.values()],
			},
			WHERE,
		);
		const set = (kind: 'Service' | 'EndpointSlice', name: string, value: unknown) => {
			const objects = kind === 'Service' ? services : slices;
			if (value === null) objects.delete(name);
			else objects.set(name, value);
			checks.update([{ kind, name, value }]);
			return checks.wanted('ip').map(({ port, localEndpoints }) => `${port} ${localEndpoints}`);
		};
		return { set, looked };
	}

	it('follow Services and slices, in whatever order they come', () => {
		const { set } = cluster();
		expect(set('EndpointSlice', 'shop/web-1', slice([endpoint('10.0.0.1')]))).toEqual([]);
		expect(set('Service', 'shop/web', service())).toEqual(['31234 1']);
		expect(set('EndpointSlice', 'shop/web-2', slice([endpoint('10.0.0.2')], {}, 'web-2'))).toEqual(['31234 2']);
		expect(set('Service', 'shop/web', service({ healthCheckNodePort: 31235 }))).toEqual(['31235 2']);
		expect(set('EndpointSlice', 'shop/web-1', null)).toEqual(['31235 1']);
		expect(set('Service', 'shop/web', service({ externalTrafficPolicy: 'Cluster' }))).toEqual([]);
		expect(set('Service', 'shop/web', service())).toEqual(['31234 1']);
		expect(set('Service', 'shop/web', null)).toEqual([]);
	});

	it('follow a slice that is given to another Service', () => {
		const { set } = cluster();
		set('Service', 'shop/web', service());
		expect(set('EndpointSlice', 'shop/web-1', slice([endpoint('10.0.0.1')]))).toEqual(['31234 1']);
		const moved = slice([], { metadata: { namespace: 'shop', name: 'web-1', labels: {} } });
		expect(set('EndpointSlice', 'shop/web-1', moved)).toEqual(['31234 0']);
	});

	it('do not look at Services whose slices do not matter', () => {
		const { set, looked } = cluster();
		set('Service', 'shop/web', service({ type: 'ClusterIP' }));
		looked.length = 0;
		set('EndpointSlice', 'shop/web-1', slice([endpoint('10.0.0.1')]));
		set('EndpointSlice', 'shop/web-1', null);
		expect(looked).toEqual([]);
	});
});
