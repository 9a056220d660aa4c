import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { told } from '../support/problems.ts';

const WEB = service('web', ['10.96.0.20']);
const REFUSED = { '10.96.0.20 . tcp . 80': 'goto refuse' };
const READY = [endpoint({ address: '10.244.2.5', node: 'n2' })];

/** The targets of the Service web's only port, in the order of its rules. */
function targets(...objects: readonly unknown[]): readonly string[] {
	const rules = compiled([node(1), WEB, ...objects]).chain('cluster/shop/web/http') ?? [];
	return rules.map((rule) => rule.replace(/^.* dnat to /, ''));
}

describe('which endpoints a Service has', () => {
	it('EC-13, fault 71: addressType FQDN is ignored', () => {
		const fqdn = slice('web', [{ addresses: ['web.example.com'], conditions: {} }], { addressType: 'FQDN' });
		const found = compiled([node(1), WEB, fqdn]);
		expect(found.map('no-endpoints')).toEqual(REFUSED);
		expect(told(found.problems)).toEqual([]);
	});

	it('EC-14 a slice port without a number has no endpoints', () => {
		const found = compiled([node(1), WEB, slice('web', READY, { ports: [{ name: 'http', protocol: 'TCP' }] })]);
		expect(found.map('no-endpoints')).toEqual(REFUSED);
		expect(told(found.problems)).toEqual([
			'warning bad-port EndpointSlice shop/web-ipv4: ports[0] has no number, so no Service port can lead to it, as for kube-proxy; the port is left out',
		]);
	});

	it('EC-15 the empty name is that of an unnamed Service port, and the API server stores it where none is given', () => {
		const unnamed = service('web', ['10.96.0.20'], { spec: { ports: [{ port: 80 }] } });
		for (const port of [{ name: '', port: 8080 }, { name: null, port: 8080 }, { port: 8080 }]) {
			const found = compiled([node(1), unnamed, slice('web', READY, { ports: [port] })]);
			expect(found.chain('cluster/shop/web/tcp.80')).toEqual(['meta l4proto tcp dnat to 10.244.2.5:8080']);
		}
	});

	it('EC-16 ports meet by name; the number is the slice’s', () => {
		expect(targets(slice('web', READY, { ports: [{ name: 'http', port: 9999 }] }))).toEqual(['10.244.2.5:9999']);
	});

	it('EC-17 an unnamed Service port and a named slice port do not meet', () => {
		const unnamed = service('web', ['10.96.0.20'], { spec: { ports: [{ port: 80 }] } });
		expect(compiled([node(1), unnamed, slice('web', READY)]).map('no-endpoints')).toEqual(REFUSED);
	});

	it('EC-18 equal names of different protocols do not meet', () => {
		const udp = service('web', ['10.96.0.20'], { spec: { ports: [{ name: 'http', port: 80, protocol: 'UDP' }] } });
		const found = compiled([node(1), udp, slice('web', READY)]);
		expect(found.map('no-endpoints')).toEqual({ '10.96.0.20 . udp . 80': 'goto refuse' });
	});

	it('EC-19 one number with two protocols is two service ports', () => {
		const ports = [
			{ name: 'dns', port: 53, protocol: 'UDP' },
			{ name: 'dns-tcp', port: 53, protocol: 'TCP' },
		];
		const found = compiled([
			node(1),
			service('web', ['10.96.0.20'], { spec: { ports } }),
			slice('web', READY, { ports }),
		]);
		expect(found.map('services')).toEqual({
			'10.96.0.20 . tcp . 53': 'goto cluster/shop/web/dns-tcp',
			'10.96.0.20 . udp . 53': 'goto cluster/shop/web/dns',
		});
	});

	it('EC-20 slices with different numbers for one port make one sorted list', () => {
		const other = slice('web', [endpoint({ address: '10.244.1.5' })], {
			name: 'web-b',
			ports: [{ name: 'http', port: 9090 }],
		});
		expect(targets(other, slice('web', READY))).toEqual(['10.244.1.5:9090', '10.244.2.5:8080']);
	});

	it('EC-21 the order is that of the text', () => {
		const list = ['10.244.2.9', '10.244.2.10'].map((address) => endpoint({ address }));
		expect(targets(slice('web', list))).toEqual(['10.244.2.10:8080', '10.244.2.9:8080']);
	});

	it.each([[null], [{}], [undefined], [{ ready: null, serving: null, terminating: null }]])(
		'EC-22, fault 74: conditions %j count as ready',
		(conditions) => {
			expect(targets(slice('web', [{ addresses: ['10.244.2.5'], conditions }]))).toEqual(['10.244.2.5:8080']);
		},
	);

	it('EC-23 not ready, terminating and serving not said: serves where nothing is ready', () => {
		const list = [{ addresses: ['10.244.2.5'], conditions: { ready: false, terminating: true } }];
		expect(targets(slice('web', list))).toEqual(['10.244.2.5:8080']);
	});

	it('EC-24 serving, but neither ready nor terminating: never used', () => {
		const found = compiled([
			node(1),
			WEB,
			slice('web', [endpoint({ address: '10.244.2.5', ready: false, serving: true })]),
		]);
		expect(found.map('no-endpoints')).toEqual(REFUSED);
	});

	it('EC-25 ready and terminating counts as ready', () => {
		const list = [endpoint({ address: '10.244.2.5', terminating: true }), endpoint({ address: '10.244.2.6' })];
		expect(targets(slice('web', list))).toEqual(['10.244.2.5:8080', '10.244.2.6:8080']);
	});

	it.each(['a first', 'b first'])(
		'EC-26, fault 21: of one target, terminating and running, the running one stays (%s)',
		(order) => {
			const dying = endpoint({ address: '10.244.2.5', node: 'n2', ready: false, serving: true, terminating: true });
			const running = endpoint({ address: '10.244.2.5', node: 'n1' });
			const names = order === 'a first' ? ['web-a', 'web-b'] : ['web-b', 'web-a'];
			const found = compiled([
				node(1),
				service('web', ['10.96.0.20'], { spec: { internalTrafficPolicy: 'Local' } }),
				slice('web', [dying], { name: names[0] ?? '' }),
				slice('web', [running], { name: names[1] ?? '' }),
			]);
			expect(found.chain('local/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.2.5:8080']);
		},
	);

	it('EC-27 only the first address of an endpoint counts', () => {
		expect(targets(slice('web', [{ addresses: ['10.244.2.5', '10.244.2.6'], conditions: {} }]))).toEqual([
			'10.244.2.5:8080',
		]);
	});

	it('EC-28, fault 61: leading zeros are decimal, never octal, and IPv6 is spelled canonically', () => {
		const found = compiled([
			node(1),
			service('web', ['010.096.000.020', 'FD00:10:96:0:0:0:0:20']),
			slice('web', [endpoint({ address: '010.244.002.008' })]),
			slice('web', [endpoint({ address: 'FD00:10:244:2:0:0:0:5' })]),
		]);
		expect(found.map('services')).toHaveProperty(['10.96.0.20 . tcp . 80']);
		expect(found.chain('cluster/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.2.8:8080']);
		expect(found.chain('cluster/shop/web/http', 'ip6')).toEqual(['meta l4proto tcp dnat to [fd00:10:244:2::5]:8080']);
		expect(found.text).not.toContain('010.');
		expect(told(found.problems)).toContain(
			'warning odd-address Service shop/web: spec.clusterIPs[0] 010.096.000.020 has leading zeros and is read as decimal 10.96.0.20, as Kubernetes does',
		);
	});

	it('EC-29 an endpoint without a node is not local: drop for outsiders, reachable for pods', () => {
		const spec = {
			type: 'NodePort',
			externalTrafficPolicy: 'Local',
			ports: [{ name: 'http', port: 80, nodePort: 30080 }],
		};
		const found = compiled([
			node(1),
			service('web', ['10.96.0.20'], { spec }),
			slice('web', [endpoint({ address: '10.244.2.5' })]),
		]);
		expect(found.map('no-endpoints-nodeports')).toEqual({ 'tcp . 30080': 'drop' });
		expect(found.chain('external/shop/web/http')?.[0]).toContain('goto cluster/shop/web/http');
	});

	it('EC-30 an endpoint at the node’s own address is one like any other', () => {
		expect(targets(slice('web', [endpoint({ address: '192.168.10.1', node: 'n1' })]))).toEqual(['192.168.10.1:8080']);
	});

	it.each([
		['127.0.0.1', 'loopback'],
		['169.254.169.254', 'link-local'],
		['0.0.0.0', 'unspecified'],
		['224.0.0.1', 'multicast'],
		['255.255.255.255', 'broadcast'],
		['::1', 'loopback'],
		['fe80::1', 'link-local'],
		['::', 'unspecified'],
		['ff02::1', 'multicast'],
	])('fault 63: an endpoint at %s is left out, with its reason', (address, use) => {
		const family = address.includes(':') ? 'ip6' : 'ip';
		const found = compiled([
			node(1),
			service('web', ['10.96.0.20', 'fd00:10:96::20']),
			slice('web', [endpoint({ address })]),
		]);
		expect(Object.values(found.map('no-endpoints', family))).toEqual(['goto refuse']);
		expect(told(found.problems).join()).toContain(`endpoints[0].addresses[0] ${address} (${use}) is nowhere`);
	});

	it('fault 64: an endpoint at a ClusterIP is left out, and named', () => {
		const other = service('api', ['10.96.0.21']);
		const list = [endpoint({ address: '10.96.0.21' }), endpoint({ address: '10.96.0.20' }), ...READY];
		const found = compiled([node(1), other, WEB, slice('web', list)]);
		expect(found.chain('cluster/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.2.5:8080']);
		expect(told(found.problems)).toEqual([
			'error endpoint-is-cluster-ip Service shop/web: its endpoint 10.96.0.20 is its own ClusterIP, which leads nowhere; the endpoint is left out',
			'error endpoint-is-cluster-ip Service shop/web: its endpoint 10.96.0.21 is the ClusterIP of Service shop/api, which leads nowhere; the endpoint is left out',
		]);
	});

	it('an endpoint of the other family is left out', () => {
		const found = compiled([node(1), WEB, slice('web', [endpoint({ address: 'fd00::1' })], { addressType: 'IPv4' })]);
		expect(told(found.problems)[0]).toMatch(/endpoints\[0\]\.addresses\[0\] fd00::1 is not an IPv4 address/);
	});

	it('a node name or hint that Kubernetes does not allow is reported, and the endpoint is used', () => {
		const odd = endpoint({ address: '10.244.2.5', node: 'N 2', zones: ['a b', 'z'], nodes: ['n1', '"'] });
		const found = compiled([node(1), WEB, slice('web', [odd])]);
		expect(found.chain('cluster/shop/web/http')).toHaveLength(1);
		const codes = found.problems.map(({ code }) => code);
		expect(codes).toEqual(expect.arrayContaining(['bad-node-name', 'bad-hint', 'bad-hint']));
	});
});
