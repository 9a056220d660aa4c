import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { told } from '../support/problems.ts';

const READY = slice('web', [endpoint({ address: '10.244.2.5', node: 'n2' })]);
const READY6 = slice('web', [endpoint({ address: 'fd00:10:244:2::5', node: 'n2' })]);

interface Fields {
	readonly spec?: Record<string, unknown>;
	readonly ingress?: readonly unknown[];
	readonly clusterIps?: readonly string[];
}

function web({ spec = {}, ingress = [], clusterIps = ['10.96.0.20'] }: Fields) {
	const type = { type: 'LoadBalancer' };
	const objects = [service('web', clusterIps, { spec: { ...type, ...spec }, status: { loadBalancer: { ingress } } })];
	return compiled([node(1), ...objects, READY, READY6]);
}

const CLUSTER_IP = { '10.96.0.20 . tcp . 80': 'goto cluster/shop/web/http' };

describe('load-balancer addresses', () => {
	it('EC-60, fault 67: ipMode Proxy is not answered here; NodePort and ClusterIP are', () => {
		const ports = [{ name: 'http', port: 80, nodePort: 30080 }];
		const found = web({ spec: { ports }, ingress: [{ ip: '198.51.100.1', ipMode: 'Proxy' }] });
		expect(found.map('services')).toEqual(CLUSTER_IP);
		expect(found.map('nodeports')).toEqual({ 'tcp . 30080': 'goto external/shop/web/http' });
	});

	it('EC-61 of two, the one that is not Proxy is answered', () => {
		const found = web({
			ingress: [
				{ ip: '198.51.100.1', ipMode: 'Proxy' },
				{ ip: '198.51.100.2', ipMode: 'VIP' },
			],
		});
		expect(Object.keys(found.map('services'))).toEqual(['10.96.0.20 . tcp . 80', '198.51.100.2 . tcp . 80']);
	});

	it('an ipMode that nobody knows is not answered', () => {
		expect(web({ ingress: [{ ip: '198.51.100.1', ipMode: 'Other' }] }).map('services')).toEqual(CLUSTER_IP);
	});

	it('EC-62 a hostname alone makes nothing', () => {
		const found = web({ ingress: [{ hostname: 'web.example.com' }] });
		expect(found.map('services')).toEqual(CLUSTER_IP);
		expect(told(found.problems)).toEqual([]);
	});

	it('EC-63 an ingress address on a ClusterIP Service is answered', () => {
		const found = web({ spec: { type: 'ClusterIP' }, ingress: [{ ip: '198.51.100.1' }] });
		expect(found.map('services')).toHaveProperty(['198.51.100.1 . tcp . 80'], 'goto external/shop/web/http');
	});
});

describe('loadBalancerSourceRanges', () => {
	const dual = {
		clusterIps: ['10.96.0.20', 'fd00:10:96::20'],
		ingress: [{ ip: '198.51.100.1' }, { ip: '2001:db8::1' }],
	};
	const ranges = (...loadBalancerSourceRanges: readonly string[]) =>
		web({ ...dual, spec: { loadBalancerSourceRanges } });

	it('EC-67 ranges of one family leave the other open', () => {
		const found = ranges('203.0.113.0/24');
		expect(found.map('source-ranges', 'ip')).toEqual({ '198.51.100.1 . tcp . 80': 'goto firewall/shop/web/http' });
		expect(found.map('source-ranges', 'ip6')).toEqual({});
	});

	it('EC-68, fault 66: blanks are trimmed and host bits masked, with a warning', () => {
		const found = ranges(' 203.0.113.7/25');
		expect(found.chain('firewall/shop/web/http')?.[0]).toBe('ip saddr 203.0.113.0/25 return');
		expect(told(found.problems)).toEqual([
			'warning odd-network Service shop/web: spec.loadBalancerSourceRanges[0] " 203.0.113.7/25" has host bits set and is read as 203.0.113.0/25',
		]);
	});

	it('fault 66: overlapping ranges are merged, because nft refuses them', () => {
		const chain = ranges('10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8').chain('firewall/shop/web/http');
		expect(chain?.filter((rule) => rule.endsWith('return'))).toEqual(['ip saddr 10.0.0.0/8 return']);
	});

	it('fault 66: a network of everything means everybody', () => {
		expect(ranges('0.0.0.0/0', '::/0').map('source-ranges')).toEqual({});
	});

	it.each([[['']], [['nonsense']], [['10.0.0.0/33', '']]])(
		'fault 66: where no entry of %j can be read, nobody may',
		(list) => {
			const found = ranges(...list);
			expect(found.chain('firewall/shop/web/http', 'ip')).toEqual(['drop comment "not in loadBalancerSourceRanges"']);
			expect(found.chain('firewall/shop/web/http', 'ip6')).toEqual(['drop comment "not in loadBalancerSourceRanges"']);
			expect(told(found.problems).at(-1)).toBe(
				'error no-source-allowed Service shop/web: none of its loadBalancerSourceRanges can be read for IPv4 and IPv6; nobody may use its load-balancer addresses there',
			);
		},
	);

	it('fault 66: a family of which every entry is bad is closed, though the other is fine', () => {
		const found = ranges('203.0.113.0/24', '2001:db8::/129');
		expect(found.map('source-ranges', 'ip6')).toEqual({ '2001:db8::1 . tcp . 80': 'goto firewall/shop/web/http' });
		expect(found.chain('firewall/shop/web/http', 'ip6')).toEqual(['drop comment "not in loadBalancerSourceRanges"']);
		expect(found.chain('firewall/shop/web/http', 'ip')?.[0]).toBe('ip saddr 203.0.113.0/24 return');
	});

	it('fault 66: a bad entry beside a good one of its family leaves the good one', () => {
		const chain = ranges('203.0.113.0/24', 'nonsense').chain('firewall/shop/web/http');
		expect(chain).toEqual(['ip saddr 203.0.113.0/24 return', 'drop comment "not in loadBalancerSourceRanges"']);
	});
});

describe('external addresses', () => {
	it('EC-71 blank entries are passed over, nonsense is reported, the rest is used', () => {
		const found = web({ spec: { externalIPs: ['', ' ', 'x', '1.2.3.4'] } });
		expect(Object.keys(found.map('services'))).toEqual(['1.2.3.4 . tcp . 80', '10.96.0.20 . tcp . 80']);
		expect(told(found.problems)).toEqual([
			'error bad-address Service shop/web: spec.externalIPs[2] x is not an IP address; it is left out',
		]);
	});

	it('EC-72 an external IP that is also the load balancer’s is one key, behind the firewall', () => {
		const found = web({
			spec: { externalIPs: ['198.51.100.1'], loadBalancerSourceRanges: ['203.0.113.0/24'] },
			ingress: [{ ip: '198.51.100.1' }],
		});
		expect(found.map('services')).toEqual({ ...CLUSTER_IP, '198.51.100.1 . tcp . 80': 'goto external/shop/web/http' });
		expect(found.map('source-ranges')).toEqual({ '198.51.100.1 . tcp . 80': 'goto firewall/shop/web/http' });
		expect(told(found.problems)).toEqual([]);
	});

	it.each([
		['192.168.10.1', 'an address of node n1'],
		['10.244.1.77', 'in the pod network of node n1'],
		['10.96.0.21', 'the ClusterIP of Service shop/api'],
		['127.0.0.1', 'loopback'],
		['169.254.169.254', 'link-local'],
	])('fault 65: %s takes traffic of others; it is served as by kube-proxy, with a warning', (address, whose) => {
		const api = service('api', ['10.96.0.21'], { spec: { ports: [{ name: 'x', port: 9999 }] } });
		const found = compiled([node(1), api, service('web', ['10.96.0.20'], { spec: { externalIPs: [address] } }), READY]);
		expect(found.map('services')).toHaveProperty([`${address} . tcp . 80`]);
		expect(told(found.problems)).toEqual([
			`warning address-hijack Service shop/web: its external address ${address} is ${whose}: it takes traffic that is not meant for it`,
		]);
	});

	it('fault 65: an address on the internet is nobody’s we know', () => {
		expect(told(web({ spec: { externalIPs: ['8.8.8.8'] } }).problems)).toEqual([]);
	});

	it('finds the pod network of an address without asking every node', () => {
		const nodes = Array.from({ length: 2000 }, (_, index) => ({
			apiVersion: 'v1',
			kind: 'Node',
			metadata: { name: `m${index}` },
			spec: { podCIDRs: [`10.${index >> 8}.${index & 255}.0/24`] },
		}));
		const services = Array.from({ length: 500 }, (_, index) =>
			service(`s${index}`, [`172.20.${index >> 8}.${index & 255}`], {
				spec: { externalIPs: [`198.51.${index >> 8}.${index & 255}`, `2001:db8::${index}`] },
			}),
		);
		expect(compiled([node(1), ...nodes, ...services]).problems).toEqual([]);
	});
});
