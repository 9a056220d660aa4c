import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { cidrs } from '../support/cidrs.ts';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, serviceCidr, slice } from '../support/objects.ts';

const IP = '10.96.0.20';
const IP6 = 'fd00:10:96::20';
const VIP = '198.51.100.10';
const VIP6 = '2001:db8::10';
const PORTS = [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' }];
const ENDPOINTS = [
	slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })]),
	slice('web', [endpoint({ address: 'fd00:10:244:1::5', node: 'n1' })]),
];

/** A dual-stack load-balancer Service with both addresses, and a NodePort. */
function loadBalancer(spec: Record<string, unknown>, endpoints: readonly unknown[] = ENDPOINTS) {
	const fields = {
		spec: { type: 'LoadBalancer', ports: PORTS, ...spec },
		status: { loadBalancer: { ingress: [{ ip: VIP }, { ip: VIP6 }] } },
	};
	return compiled([node(1), service('web', [IP, IP6], fields), ...endpoints]);
}

describe('loadBalancerSourceRanges', () => {
	it('EC-64: lets the ranges pass and drops the rest, for the load-balancer address only', () => {
		const found = loadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'], externalIPs: ['198.51.100.99'] });
		expect(found.map('source-ranges')).toEqual({ [`${VIP} . tcp . 80`]: 'goto firewall/shop/web/http' });
		expect(found.chain('firewall/shop/web/http')).toEqual([
			'ip saddr 203.0.113.0/24 return',
			'drop comment "not in loadBalancerSourceRanges"',
		]);
	});

	it('EC-65: a node inside a range may use the load-balancer address as its own source', () => {
		const found = loadBalancer({ loadBalancerSourceRanges: ['192.168.0.0/16'] });
		expect(found.chain('firewall/shop/web/http')).toContain(`ip saddr ${VIP} return`);
	});

	it('EC-66: without a load-balancer address there is nothing to guard', () => {
		const spec = { type: 'LoadBalancer', ports: PORTS, loadBalancerSourceRanges: ['203.0.113.0/24'] };
		const found = compiled([node(1), service('web', [IP], { spec }), ...ENDPOINTS]);
		expect(found.map('source-ranges')).toEqual({});
		expect(found.chain('firewall/shop/web/http')).toBeNull();
	});

	it('EC-67: ranges of one family leave the other unrestricted', () => {
		const found = loadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'] });
		expect(found.map('source-ranges', 'ip6')).toEqual({});
		expect(found.chain('firewall/shop/web/http', 'ip6')).toBeNull();
	});

	it('EC-68: padded and unmasked ranges are trimmed and masked', () => {
		const found = loadBalancer({ loadBalancerSourceRanges: [' 203.0.113.7/25'] });
		expect(found.chain('firewall/shop/web/http')?.[0]).toBe('ip saddr 203.0.113.0/25 return');
	});

	it('EC-70: a Service without endpoints is guarded and refused', () => {
		const found = loadBalancer({ loadBalancerSourceRanges: ['203.0.113.0/24'] }, []);
		expect(found.map('source-ranges')).toEqual({ [`${VIP} . tcp . 80`]: 'goto firewall/shop/web/http' });
		expect(found.map('no-endpoints')).toMatchObject({ [`${VIP} . tcp . 80`]: 'goto refuse' });
	});

	it('overlapping ranges become one, and a range of everything is none', () => {
		const nested = loadBalancer({ loadBalancerSourceRanges: ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8'] });
		expect(nested.chain('firewall/shop/web/http')).toEqual([
			'ip saddr 10.0.0.0/8 return',
			'drop comment "not in loadBalancerSourceRanges"',
		]);
		const open = loadBalancer({ loadBalancerSourceRanges: ['10.0.0.0/8', '0.0.0.0/0'] });
		expect(open.chain('firewall/shop/web/http')).toBeNull();
	});

	it('many ranges share one rule, so that a packet does not walk them all', () => {
		const ranges = Array.from({ length: 40 }, (_, index) => `10.${index}.0.0/16`);
		const rules = loadBalancer({ loadBalancerSourceRanges: ranges }).chain('firewall/shop/web/http');
		expect(rules).toHaveLength(1);
		expect(rules?.[0]).toMatch(
			/^ip saddr != \{ 10\.0\.0\.0\/16, .*10\.9\.0\.0\/16 \} drop comment "not in loadBalancerSourceRanges"$/,
		);
	});

	it('ranges that nobody can read let nobody in', () => {
		const found = loadBalancer({ loadBalancerSourceRanges: ['everyone'] });
		expect(found.chain('firewall/shop/web/http')).toEqual(['drop comment "not in loadBalancerSourceRanges"']);
		expect(found.chain('firewall/shop/web/http', 'ip6')).toHaveLength(1);
	});
});

describe('external addresses', () => {
	it('EC-72: an external IP that is also the load-balancer address is one element, guarded by the ranges', () => {
		const found = loadBalancer({ externalIPs: [VIP], loadBalancerSourceRanges: ['203.0.113.0/24'] });
		expect(Object.keys(found.map('services'))).toEqual([`${IP} . tcp . 80`, `${VIP} . tcp . 80`]);
		expect(Object.keys(found.map('source-ranges'))).toEqual([`${VIP} . tcp . 80`]);
	});

	it('an external IP that is also the ClusterIP counts as external', () => {
		const found = loadBalancer({ externalIPs: [IP] });
		expect(found.map('services')[`${IP} . tcp . 80`]).toBe('goto external/shop/web/http');
	});

	it('EC-63: an ingress address counts on a Service of any type', () => {
		const status = { loadBalancer: { ingress: [{ ip: VIP }] } };
		const found = compiled([node(1), service('web', [IP], { status }), ...ENDPOINTS]);
		expect(found.map('services')[`${VIP} . tcp . 80`]).toBe('goto external/shop/web/http');
	});
});

describe('where NodePorts answer', () => {
	const nodePorts = (nodePortAddresses: Settings['nodePortAddresses'], objects: readonly unknown[] = [node(1)]) => {
		const spec = { type: 'NodePort', ports: PORTS };
		return compiled([...objects, service('web', [IP, IP6], { spec }), ...ENDPOINTS], { nodePortAddresses });
	};
	const toNodePorts = (found: ReturnType<typeof compiled>, family: 'ip' | 'ip6' = 'ip') =>
		found.chain('dispatch', family)?.at(-1);

	it("EC-74: primary is the node's first address of each family", () => {
		const found = nodePorts({ primary: true, networks: [] });
		expect(found.set('nodeport-ips')).toEqual(['192.168.10.1']);
		expect(found.set('nodeport-ips', 'ip6')).toEqual(['fd00:192:168:10::1']);
		expect(toNodePorts(found)).toBe(
			'ip daddr @nodeport-ips fib daddr type local meta l4proto . th dport vmap @nodeports',
		);
	});

	it('EC-75: networks of one family leave the other open', () => {
		const found = nodePorts({ primary: false, networks: cidrs('192.168.0.0/16') });
		expect(found.set('nodeport-ips')).toEqual(['192.168.0.0/16']);
		expect(toNodePorts(found)).toBe(
			'ip daddr @nodeport-ips fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @nodeports',
		);
		expect(found.set('nodeport-ips', 'ip6')).toBeNull();
		expect(toNodePorts(found, 'ip6')).toBe(
			'fib daddr type local ip6 daddr != ::1 meta l4proto . th dport vmap @nodeports',
		);
	});

	it('EC-76: a network of everything is every address but loopback, without a set', () => {
		const found = nodePorts({ primary: true, networks: cidrs('0.0.0.0/0', '192.168.0.0/16') });
		expect(found.set('nodeport-ips')).toBeNull();
		expect(toNodePorts(found)).toBe(
			'fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @nodeports',
		);
		expect(found.chain('check-nodeports')).toEqual([
			'ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @no-endpoints-nodeports',
		]);
	});

	it('EC-77: loopback networks answer nowhere', () => {
		const found = nodePorts({ primary: false, networks: cidrs('127.0.0.0/8', '::1/128') });
		expect(found.set('nodeport-ips')).toEqual([]);
		expect(found.set('nodeport-ips', 'ip6')).toEqual([]);
	});

	it('a node whose primary address is unknown answers at all of its addresses, as kube-proxy does', () => {
		const found = nodePorts({ primary: true, networks: [] }, []);
		expect(found.set('nodeport-ips')).toBeNull();
	});

	it('EC-78: one number for TCP and for UDP belongs to two Services', () => {
		const dns = (name: string, protocol: string, ip: string) =>
			service(name, [ip], {
				spec: { type: 'NodePort', ports: [{ name: 'dns', protocol, port: 53, nodePort: 30053 }] },
			});
		const port = (protocol: string) => ({ ports: [{ name: 'dns', protocol, port: 53 }] });
		const pod = [endpoint({ address: '10.244.1.9', node: 'n1' })];
		const found = compiled([
			node(1),
			dns('udp', 'UDP', '10.96.0.1'),
			dns('tcp', 'TCP', '10.96.0.2'),
			slice('udp', pod, port('UDP')),
			slice('tcp', pod, port('TCP')),
		]);
		expect(found.map('nodeports')).toEqual({
			'tcp . 30053': 'goto external/shop/tcp/dns',
			'udp . 30053': 'goto external/shop/udp/dns',
		});
	});
});

describe('what no Service answers', () => {
	const checks = (objects: readonly unknown[], changes = {}) =>
		(['ip', 'ip6'] as const).map((family) => compiled(objects, changes).chain('check-cluster-ips', family));
	const REFUSE = (family: string) => `${family} daddr @cluster-ips reject comment "no such port on this ClusterIP"`;

	it('EC-79: any other port of a ClusterIP is refused by one rule for all', () => {
		const [ip] = checks([node(1), service('web', [IP]), ...ENDPOINTS]);
		expect(ip).toEqual([REFUSE('ip')]);
	});

	it('EC-80: addresses of a ServiceCIDR that no Service has are dropped', () => {
		const [ip, ip6] = checks([node(1), serviceCidr('10.96.0.0/16')]);
		expect(ip).toEqual([REFUSE('ip'), 'ip daddr 10.96.0.0/16 drop comment "no Service has this ClusterIP"']);
		expect(ip6).toEqual([REFUSE('ip6')]);
	});

	it('EC-81: several ServiceCIDRs share a rule; the command line replaces them', () => {
		const objects = [node(1), serviceCidr('10.97.0.0/16', '10.96.0.0/16', 'fd00:10:96::/112')];
		const [ip, ip6] = checks(objects);
		expect(ip?.[1]).toBe('ip daddr { 10.96.0.0/16, 10.97.0.0/16 } drop comment "no Service has this ClusterIP"');
		expect(ip6?.[1]).toBe('ip6 daddr fd00:10:96::/112 drop comment "no Service has this ClusterIP"');
		const [given, none] = checks(objects, { serviceCidrs: cidrs('10.0.0.0/12') });
		expect(given?.[1]).toBe('ip daddr 10.0.0.0/12 drop comment "no Service has this ClusterIP"');
		expect(none).toEqual([REFUSE('ip6')]);
	});
});
