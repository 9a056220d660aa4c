import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { cidrs } from '../support/cidrs.ts';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const OBJECTS = [node(1), node(2), service('web', ['10.96.0.20', 'fd00:10:96::20'])];
const DISPATCH = 'ip daddr . meta l4proto . th dport vmap @services';

function dispatch(changes: Partial<Settings>, family: 'ip' | 'ip6' = 'ip') {
	return compiled(OBJECTS, changes).chain('dispatch', family);
}

describe('masquerading', () => {
	it("covers ClusterIP traffic from outside the Nodes' pod networks by default", () => {
		const found = compiled(OBJECTS);
		expect(found.set('pod-networks')).toEqual(['10.244.1.0/24', '10.244.2.0/24']);
		expect(found.set('pod-networks', 'ip6')).toEqual(['fd00:10:244:1::/64', 'fd00:10:244:2::/64']);
		expect(found.chain('dispatch')?.slice(0, 2)).toEqual([
			'ip daddr @cluster-ips ip saddr != @pod-networks meta mark set meta mark | 0x4000 comment "from outside the pod network: answer through this node"',
			DISPATCH,
		]);
	});

	it('EC-87: all covers every client, however pods are told', () => {
		const rule =
			'ip daddr @cluster-ips meta mark set meta mark | 0x4000 comment "all ClusterIP traffic is masqueraded"';
		expect(dispatch({ masqueradeAll: true })?.[0]).toBe(rule);
		expect(dispatch({ masqueradeAll: true, detectLocal: { mode: 'none' } })?.[0]).toBe(rule);
	});

	it('EC-88: a family without a pod network has no masquerade rule, and the reader is told', () => {
		const found = compiled(OBJECTS, { clusterCidrs: cidrs('10.244.0.0/16') });
		expect(found.chain('dispatch', 'ip6')?.[0]).toBe(`ip6${DISPATCH.slice(2)}`);
		expect(found.set('pod-networks', 'ip6')).toBeNull();
		expect(found.problems.map((problem) => problem.code)).toEqual(['no-pod-network']);
	});

	it('EC-89: of several pod networks of a family only the first counts', () => {
		const found = compiled(OBJECTS, { clusterCidrs: cidrs('10.244.0.0/16', '10.245.0.0/16', 'fd00::/48') });
		expect(found.set('pod-networks')).toEqual(['10.244.0.0/16']);
		expect(found.set('pod-networks', 'ip6')).toEqual(['fd00::/48']);
	});

	it('can tell pods by the network of the node, a bridge or the start of an interface name', () => {
		expect(compiled(OBJECTS, { detectLocal: { mode: 'node-cidr' } }).set('pod-networks')).toEqual(['10.244.1.0/24']);
		expect(dispatch({ detectLocal: { mode: 'bridge', interface: 'cbr0' } }, 'ip6')?.[0]).toContain(
			'ip6 daddr @cluster-ips iifname != "cbr0" meta mark',
		);
		expect(dispatch({ detectLocal: { mode: 'prefix', interface: 'veth' } })?.[0]).toContain('iifname != "veth*"');
		expect(dispatch({ detectLocal: { mode: 'none' } })?.[0]).toBe(DISPATCH);
	});

	it('uses the mark it is told', () => {
		const found = compiled(OBJECTS, { masqueradeBit: 31 });
		expect(found.chain('nat-postrouting')?.[0]).toMatch(
			/^meta mark & 0x80000000 != 0 meta mark set meta mark \^ 0x80000000 masquerade fully-random /,
		);
	});

	it('EC-90: a pod behind two Services on one port is one element of the hairpin set', () => {
		const pod = endpoint({ address: '10.244.1.5', node: 'n1' });
		const elsewhere = endpoint({ address: '10.244.2.5', node: 'n2' });
		const found = compiled([
			node(1),
			service('a', ['10.96.0.1']),
			service('b', ['10.96.0.2']),
			slice('a', [pod, elsewhere]),
			slice('b', [pod]),
		]);
		expect(found.set('hairpin')).toEqual(['10.244.1.5 . 10.244.1.5 . tcp . 8080']);
	});
});
