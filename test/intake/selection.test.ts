import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { told, withoutNodes } from '../support/problems.ts';

const READY = [endpoint({ address: '10.244.2.5', node: 'n2' })];

/** Whether anything at all was made for the Service web, in either family. */
function isMade(...objects: readonly unknown[]): boolean {
	return /shop\/web|10\.96\.0\.20|fd00:10:96::20/.test(compiled([node(1), ...objects]).text);
}

describe('which Services are proxied', () => {
	it('EC-01 clusterIP None: nothing at all, not even in cluster-ips', () => {
		const found = compiled([
			node(1),
			service('web', ['None'], { spec: { ipFamilies: ['IPv4'] } }),
			slice('web', READY),
		]);
		expect(found.map('services')).toEqual({});
		expect(found.set('cluster-ips')).toEqual([]);
		expect(told(found.problems)).toEqual([]);
	});

	it('EC-02 clusterIP not allocated yet: nothing, and a warning', () => {
		const found = compiled([node(1), service('web', [''], { spec: { clusterIPs: [] } }), slice('web', READY)]);
		expect(found.map('services')).toEqual({});
		expect(told(found.problems)).toEqual([
			'warning no-cluster-ip Service shop/web: it has no clusterIP yet, so nothing can be made for it',
		]);
	});

	it('EC-03 ExternalName with a clusterIP: nothing', () => {
		expect(isMade(service('web', ['10.96.0.20'], { spec: { type: 'ExternalName' } }), slice('web', READY))).toBe(false);
	});

	it.each(['', 'other'])('EC-04 label service-proxy-name %j: nothing, and no word about its slices', (value) => {
		const labels = { 'service.kubernetes.io/service-proxy-name': value };
		const objects = [service('web', ['10.96.0.20'], { labels }), slice('web', READY)];
		expect(isMade(...objects)).toBe(false);
		expect(told(compiled([node(1), ...objects]).problems)).toEqual([]);
	});

	it('EC-04 the label on a slice means nothing: kube-proxy 1.37 asks for it on Services only', () => {
		const labels = { 'service.kubernetes.io/service-proxy-name': '' };
		expect(isMade(service('web', ['10.96.0.20']), slice('web', READY, { labels }))).toBe(true);
	});

	it('EC-05 the headless label on a Service means nothing: kube-proxy 1.37 asks for it on slices only', () => {
		const labels = { 'service.kubernetes.io/headless': '' };
		expect(isMade(service('web', ['10.96.0.20'], { labels }), slice('web', READY))).toBe(true);
	});

	it('EC-05 headless label on one of two slices: only the other counts', () => {
		const labels = { 'service.kubernetes.io/headless': '' };
		const other = slice('web', [endpoint({ address: '10.244.3.9' })], { name: 'web-b', labels });
		const found = compiled([node(1), service('web', ['10.96.0.20']), slice('web', READY), other]);
		expect(found.chain('cluster/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.2.5:8080']);
	});

	it('EC-06 dual stack, IPv6 first: each table uses the clusterIP of its family', () => {
		const found = compiled([node(1), service('web', ['fd00:10:96::20', '10.96.0.20'])]);
		expect(found.set('cluster-ips', 'ip')).toEqual(['10.96.0.20']);
		expect(found.set('cluster-ips', 'ip6')).toEqual(['fd00:10:96::20']);
	});

	it('EC-07 single stack: no trace in the other table', () => {
		const found = compiled([node(1), service('web', ['10.96.0.20']), slice('web', READY)]);
		expect(found.set('cluster-ips', 'ip6')).toEqual([]);
		expect(JSON.stringify(found.table('ip6'))).not.toContain('web');
	});

	it('EC-08 no ipFamilies: the family of clusterIP only', () => {
		const spec = { ipFamilies: [], clusterIPs: undefined };
		const found = compiled([node(1), service('web', ['10.96.0.20'], { spec })]);
		expect(found.set('cluster-ips', 'ip')).toEqual(['10.96.0.20']);
		expect(found.set('cluster-ips', 'ip6')).toEqual([]);
	});

	it('EC-09 more ipFamilies than clusterIPs: the missing family is passed over', () => {
		const found = compiled([node(1), service('web', ['10.96.0.20'], { spec: { ipFamilies: ['IPv4', 'IPv6'] } })]);
		expect(found.set('cluster-ips', 'ip')).toEqual(['10.96.0.20']);
		expect(told(found.problems)).toEqual([]);
	});

	it('a clusterIP of another family than ipFamilies says is reported and left out', () => {
		const found = compiled([node(1), service('web', ['fd00::1'], { spec: { ipFamilies: ['IPv4'] } })]);
		expect(told(found.problems)).toEqual([
			'error wrong-family Service shop/web: spec.clusterIPs[0] fd00::1 is not of the family in spec.ipFamilies[0], IPv4; it is left out',
		]);
		expect(found.set('cluster-ips', 'ip6')).toEqual([]);
	});

	it('EC-10 a Service being deleted is still served', () => {
		const metadata = { deletionTimestamp: '2026-01-01T00:00:00Z' };
		expect(isMade(service('web', ['10.96.0.20'], { metadata }), slice('web', READY))).toBe(true);
	});

	it('EC-11 no selector, slice made by hand: served', () => {
		expect(isMade(service('web', ['10.96.0.20'], { spec: { selector: null } }), slice('web', READY))).toBe(true);
	});

	it('EC-12 a slice of that name in another namespace: not used, and a warning', () => {
		const found = compiled([node(1), service('web', ['10.96.0.20']), slice('web', READY, { namespace: 'other' })]);
		expect(found.map('services')).toEqual({});
		expect(told(found.problems)).toEqual([
			'warning orphan-slice EndpointSlice other/web-ipv4: there is no Service other/web in the input; its endpoints are not used',
		]);
	});

	it('a slice without the label of its Service is not used, and a warning', () => {
		const lost = slice('web', READY, { labels: { 'kubernetes.io/service-name': '' } });
		expect(told(compiled([node(1), service('web', ['10.96.0.20']), lost]).problems)).toEqual([
			'warning orphan-slice EndpointSlice shop/web-ipv4: it has no label kubernetes.io/service-name; its endpoints are not used',
		]);
	});

	it('fault 72: families are independent, one failing does not block the other', () => {
		const spec = { clusterIPs: ['nonsense', 'fd00:10:96::20'], ipFamilies: ['IPv4', 'IPv6'] };
		const slices = slice('web', [endpoint({ address: 'fd00:10:244:2::5' })]);
		const found = compiled([node(1), service('web', ['nonsense', 'fd00:10:96::20'], { spec }), slices]);
		expect(found.set('cluster-ips', 'ip')).toEqual([]);
		expect(found.map('services', 'ip6')).toEqual({ 'fd00:10:96::20 . tcp . 80': 'goto cluster/shop/web/http' });
	});

	it('fault 72: a dual-stack Service with slices of one family refuses in the other', () => {
		const found = compiled([node(1), service('web', ['10.96.0.20', 'fd00:10:96::20']), slice('web', READY)]);
		expect(found.map('services', 'ip')).toEqual({ '10.96.0.20 . tcp . 80': 'goto cluster/shop/web/http' });
		expect(found.map('no-endpoints', 'ip6')).toEqual({ 'fd00:10:96::20 . tcp . 80': 'goto refuse' });
		expect(withoutNodes(found.problems)).toEqual([]);
	});
});
