import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const IP = '10.96.0.20';
const VIP = '198.51.100.10';
const NODES = [node(1, 'a'), node(2, 'b')];
const HERE = endpoint({ address: '10.244.1.5', node: 'n1' });
const ELSEWHERE = endpoint({ address: '10.244.2.5', node: 'n2' });
const DRAINING_HERE = endpoint({ address: '10.244.1.6', node: 'n1', ready: false, serving: true, terminating: true });
const DRAINING_ELSEWHERE = endpoint({
	address: '10.244.2.6',
	node: 'n2',
	ready: false,
	serving: true,
	terminating: true,
});

const TO_HERE = 'meta l4proto tcp dnat to 10.244.1.5:8080';
const TO_ELSEWHERE = 'meta l4proto tcp dnat to 10.244.2.5:8080';
const PODS_INSIDE = 'ip saddr @pod-networks goto cluster/shop/web/http comment "pods are inside: Cluster policy"';
const NODE_INSIDE =
	'fib saddr type local meta mark set meta mark | 0x4000 goto cluster/shop/web/http comment "so is this node itself, whose source may be the external address"';

function web(spec: Record<string, unknown>, endpoints: Parameters<typeof slice>[1], status?: Record<string, unknown>) {
	return compiled([...NODES, service('web', [IP], { spec, ...(status ? { status } : {}) }), slice('web', endpoints)]);
}

const LOAD_BALANCER = {
	type: 'LoadBalancer',
	ports: [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' }],
};
const INGRESS = { loadBalancer: { ingress: [{ ip: VIP }] } };

describe('internalTrafficPolicy Local', () => {
	it('EC-31: endpoints elsewhere only: the ClusterIP is dropped, and there is no chain', () => {
		const found = web({ internalTrafficPolicy: 'Local' }, [ELSEWHERE]);
		expect(found.map('no-endpoints')).toEqual({ [`${IP} . tcp . 80`]: 'drop' });
		expect(found.map('services')).toEqual({});
		expect(found.table().chains.filter((chain) => chain.owner !== null)).toEqual([]);
	});

	it('EC-32, fault 24: no endpoint anywhere: refused, not dropped', () => {
		const found = web({ internalTrafficPolicy: 'Local' }, []);
		expect(found.map('no-endpoints')).toEqual({ [`${IP} . tcp . 80`]: 'goto refuse' });
	});

	it('EC-33: only a terminating endpoint here: it serves, no drop', () => {
		const found = web({ internalTrafficPolicy: 'Local' }, [DRAINING_HERE, ELSEWHERE]);
		expect(found.map('services')).toEqual({ [`${IP} . tcp . 80`]: 'goto local/shop/web/http' });
		expect(found.map('no-endpoints')).toEqual({});
		expect(found.chain('local/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.1.6:8080']);
	});

	it('EC-34: with a NodePort of policy Cluster: a local chain for the ClusterIP, a cluster chain for the NodePort', () => {
		const found = web({ ...LOAD_BALANCER, type: 'NodePort', internalTrafficPolicy: 'Local' }, [HERE, ELSEWHERE]);
		expect(found.map('services')).toEqual({ [`${IP} . tcp . 80`]: 'goto local/shop/web/http' });
		expect(found.map('nodeports')).toEqual({ 'tcp . 30080': 'goto external/shop/web/http' });
		expect(found.chain('local/shop/web/http')).toEqual([TO_HERE]);
		expect(found.chain('cluster/shop/web/http')).toEqual([`numgen random mod 2 == 0 ${TO_HERE}`, TO_ELSEWHERE]);
	});
});

describe('externalTrafficPolicy', () => {
	it('EC-35: Local, endpoints elsewhere only: pods and the node pass, others are dropped after DNAT did not happen', () => {
		const found = web({ ...LOAD_BALANCER, externalTrafficPolicy: 'Local' }, [ELSEWHERE], INGRESS);
		expect(found.chain('external/shop/web/http')).toEqual([PODS_INSIDE, NODE_INSIDE]);
		expect(found.map('services')).toEqual({
			[`${IP} . tcp . 80`]: 'goto cluster/shop/web/http',
			[`${VIP} . tcp . 80`]: 'goto external/shop/web/http',
		});
		expect(found.map('no-endpoints')).toEqual({ [`${VIP} . tcp . 80`]: 'drop' });
		expect(found.map('nodeports')).toEqual({ 'tcp . 30080': 'goto external/shop/web/http' });
		expect(found.map('no-endpoints-nodeports')).toEqual({ 'tcp . 30080': 'drop' });
	});

	it('EC-36: Local, one here: others go to it, with their address; nothing is dropped', () => {
		const found = web({ ...LOAD_BALANCER, externalTrafficPolicy: 'Local' }, [HERE, ELSEWHERE], INGRESS);
		expect(found.chain('external/shop/web/http')).toEqual([PODS_INSIDE, NODE_INSIDE, 'goto local/shop/web/http']);
		expect(found.map('no-endpoints')).toEqual({});
		expect(found.map('no-endpoints-nodeports')).toEqual({});
	});

	it('EC-37: both policies Local, none here: everything dropped but the short cut, for which the cluster chain stands', () => {
		const spec = { ...LOAD_BALANCER, externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' };
		const found = web(spec, [ELSEWHERE], INGRESS);
		expect(found.map('no-endpoints')).toEqual({ [`${IP} . tcp . 80`]: 'drop', [`${VIP} . tcp . 80`]: 'drop' });
		expect(found.map('services')).toEqual({ [`${VIP} . tcp . 80`]: 'goto external/shop/web/http' });
		expect(found.chain('cluster/shop/web/http')).toEqual([TO_ELSEWHERE]);
		expect(found.chain('local/shop/web/http')).toBeNull();
	});

	it('EC-38: Local counts for a Service of type ClusterIP with external IPs', () => {
		const found = web({ externalIPs: [VIP], externalTrafficPolicy: 'Local' }, [HERE, ELSEWHERE]);
		expect(found.chain('external/shop/web/http')).toEqual([PODS_INSIDE, NODE_INSIDE, 'goto local/shop/web/http']);
	});

	it('Local means nothing for a Service of type ClusterIP without external IPs', () => {
		const found = web({ externalTrafficPolicy: 'Local' }, [ELSEWHERE], INGRESS);
		expect(found.chain('external/shop/web/http')?.at(-1)).toBe('goto cluster/shop/web/http');
	});

	it('EC-39: Local without NodePort and ingress yet: rules for the ClusterIP only', () => {
		const spec = { ...LOAD_BALANCER, ports: [{ name: 'http', port: 80 }], externalTrafficPolicy: 'Local' };
		const found = web({ ...spec, allocateLoadBalancerNodePorts: false }, [ELSEWHERE]);
		expect(found.chain('cluster/shop/web/http')).toEqual([TO_ELSEWHERE]);
		expect(found.chain('external/shop/web/http')).toBeNull();
		expect(found.chain('local/shop/web/http')).toBeNull();
		expect(found.map('no-endpoints')).toEqual({});
	});

	it('EC-40: pods that cannot be told from others get no short cut, the node still does', () => {
		const objects = [
			...NODES,
			service('web', [IP], { spec: { ...LOAD_BALANCER, externalTrafficPolicy: 'Local' }, status: INGRESS }),
			slice('web', [HERE]),
		];
		const found = compiled(objects, { detectLocal: { mode: 'none' } });
		expect(found.chain('external/shop/web/http')).toEqual([NODE_INSIDE, 'goto local/shop/web/http']);
	});

	it('EC-41: Cluster marks every packet for masquerading, pods included', () => {
		const found = web(LOAD_BALANCER, [HERE, ELSEWHERE], INGRESS);
		expect(found.chain('external/shop/web/http')).toEqual([
			'meta mark set meta mark | 0x4000 comment "the endpoint may be on another node: hide the client"',
			'goto cluster/shop/web/http',
		]);
	});

	it('EC-42: no endpoints: ClusterIP, NodePort and load-balancer address are all refused, without an external chain', () => {
		const found = web(LOAD_BALANCER, [], INGRESS);
		expect(found.map('no-endpoints')).toEqual({
			[`${IP} . tcp . 80`]: 'goto refuse',
			[`${VIP} . tcp . 80`]: 'goto refuse',
		});
		expect(found.map('no-endpoints-nodeports')).toEqual({ 'tcp . 30080': 'goto refuse' });
		expect(found.map('services')).toEqual({});
		expect(found.map('nodeports')).toEqual({});
		expect(found.chain('external/shop/web/http')).toBeNull();
	});

	it('EC-43, fault 23: all endpoints terminate but serve: all of them are used', () => {
		const found = web(LOAD_BALANCER, [DRAINING_HERE, DRAINING_ELSEWHERE], INGRESS);
		expect(found.chain('cluster/shop/web/http')).toEqual([
			'numgen random mod 2 == 0 meta l4proto tcp dnat to 10.244.1.6:8080',
			'meta l4proto tcp dnat to 10.244.2.6:8080',
		]);
		expect(found.text).toContain('comment "no endpoint is ready: these still serve while they terminate"');
	});

	it('EC-44: hints leave a local endpoint out of the cluster chain, not of the local chain and the hairpin set', () => {
		const here = endpoint({ address: '10.244.1.5', node: 'n1', zones: ['b'] });
		const elsewhere = endpoint({ address: '10.244.2.5', node: 'n2', zones: ['a'] });
		const found = web({ ...LOAD_BALANCER, externalTrafficPolicy: 'Local' }, [here, elsewhere], INGRESS);
		expect(found.chain('cluster/shop/web/http')).toEqual([TO_ELSEWHERE]);
		expect(found.chain('local/shop/web/http')).toEqual([TO_HERE]);
		expect(found.set('hairpin')).toEqual(['10.244.1.5 . 10.244.1.5 . tcp . 8080']);
	});

	it('EC-96: the last local endpoint vanishes: the elements that lead here stay, a drop joins them', () => {
		const spec = { ...LOAD_BALANCER, externalTrafficPolicy: 'Local' };
		const [before, after] = [web(spec, [HERE, ELSEWHERE], INGRESS), web(spec, [ELSEWHERE], INGRESS)];
		expect(after.map('services')).toEqual(before.map('services'));
		expect(after.map('nodeports')).toEqual(before.map('nodeports'));
		expect(before.map('no-endpoints')).toEqual({});
		expect(after.map('no-endpoints')).toEqual({ [`${VIP} . tcp . 80`]: 'drop' });
	});

	it('EC-97: the first remote endpoint under internalTrafficPolicy Local turns a refusal into a drop', () => {
		const spec = { internalTrafficPolicy: 'Local' };
		expect(web(spec, []).map('no-endpoints')).toEqual({ [`${IP} . tcp . 80`]: 'goto refuse' });
		expect(web(spec, [ELSEWHERE]).map('no-endpoints')).toEqual({ [`${IP} . tcp . 80`]: 'drop' });
	});
});

describe('hints', () => {
	it('EC-54: hints decide, whatever the Service asks for', () => {
		const here = endpoint({ address: '10.244.1.5', node: 'n1', zones: ['a'] });
		const elsewhere = endpoint({ address: '10.244.2.5', node: 'n2', zones: ['b'] });
		const found = web({}, [here, elsewhere]);
		expect(found.chain('cluster/shop/web/http')).toEqual([TO_HERE]);
		expect(found.text).toContain('comment "only endpoints hinted for zone a"');
	});

	it('a Local policy beats hints: a local endpoint hinted for another zone is used, a remote one is not', () => {
		const here = endpoint({ address: '10.244.1.5', node: 'n1', zones: ['b'] });
		const elsewhere = endpoint({ address: '10.244.2.5', node: 'n2', zones: ['a'] });
		const found = web({ internalTrafficPolicy: 'Local' }, [here, elsewhere]);
		expect(found.chain('local/shop/web/http')).toEqual([TO_HERE]);
		expect(found.chain('cluster/shop/web/http')).toBeNull();
	});
});
