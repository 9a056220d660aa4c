import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { explained } from '../support/explained.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const NODES = [node(1), node(2)];
const HERE = endpoint({ address: '10.244.1.5', node: 'n1' });
const THERE = endpoint({ address: '10.244.2.5', node: 'n2' });

const LOAD_BALANCER = {
	type: 'LoadBalancer',
	externalIPs: ['198.51.100.7'],
	ports: [{ name: 'http', port: 80, nodePort: 30080 }],
};

/** The addresses on node n1 in short: `ClusterIP 10.96.0.20:80: pods cluster kept; node, outside cluster masqueraded`. */
function frontends(
	spec: Record<string, unknown>,
	endpoints: readonly Record<string, unknown>[],
	changes: Partial<Settings> = {},
): readonly string[] {
	const status = { loadBalancer: { ingress: [{ ip: '198.51.100.10' }] } };
	const objects = [...NODES, service('web', ['10.96.0.20'], { spec, status }), slice('web', endpoints)];
	return explained(objects, changes).frontends.map(({ kind, where, treatments }) => {
		const treated = treatments.map(({ clients, fate, masqueraded }) => {
			const seen = masqueraded === null ? [] : [masqueraded ? 'masqueraded' : 'kept'];
			return [clients.join(', '), fate, ...seen].join(' ');
		});
		return `${kind} ${where}: ${treated.join('; ')}`;
	});
}

const EVERYBODY = 'pods, node, outside';

describe('what an address does', () => {
	it('under Cluster everywhere: any endpoint, external traffic masqueraded', () => {
		expect(frontends(LOAD_BALANCER, [HERE, THERE])).toEqual([
			'ClusterIP 10.96.0.20:80: pods cluster kept; node, outside cluster masqueraded',
			`external IP 198.51.100.7:80: ${EVERYBODY} cluster masqueraded`,
			`load-balancer IP 198.51.100.10:80: ${EVERYBODY} cluster masqueraded`,
			`NodePort 30080 at the primary address: ${EVERYBODY} cluster masqueraded`,
		]);
	});

	it('under externalTrafficPolicy Local: clients outside keep their address, or are dropped where none is here', () => {
		const spec = { ...LOAD_BALANCER, externalIPs: [], externalTrafficPolicy: 'Local' };
		const inside = 'pods cluster kept; node cluster masqueraded';
		expect(frontends(spec, [HERE, THERE]).slice(1)).toEqual([
			`load-balancer IP 198.51.100.10:80: ${inside}; outside local kept`,
			`NodePort 30080 at the primary address: ${inside}; outside local kept`,
		]);
		expect(frontends(spec, [THERE])[1]).toBe(`load-balancer IP 198.51.100.10:80: ${inside}; outside dropped`);
	});

	it('where pods cannot be told from others: they are treated as clients outside, and nobody is masqueraded', () => {
		const spec = { ...LOAD_BALANCER, externalIPs: [], externalTrafficPolicy: 'Local' };
		expect(frontends(spec, [HERE], { detectLocal: { mode: 'none' } }).slice(0, 2)).toEqual([
			`ClusterIP 10.96.0.20:80: ${EVERYBODY} cluster kept`,
			'load-balancer IP 198.51.100.10:80: pods, outside local kept; node cluster masqueraded',
		]);
	});

	it('with --masquerade-all: nobody keeps an address at a ClusterIP', () => {
		const [clusterIp] = frontends({}, [HERE], { masqueradeAll: true });
		expect(clusterIp).toBe(`ClusterIP 10.96.0.20:80: ${EVERYBODY} cluster masqueraded`);
	});

	it('under internalTrafficPolicy Local: dropped where none is here, refused where none is anywhere', () => {
		const spec = { internalTrafficPolicy: 'Local' };
		expect(frontends(spec, [HERE])[0]).toContain('pods local kept');
		expect(frontends(spec, [THERE])[0]).toBe(`ClusterIP 10.96.0.20:80: ${EVERYBODY} dropped`);
		expect(frontends(LOAD_BALANCER, []).map((each) => each.split(': ')[1])).toEqual(
			Array(4).fill(`${EVERYBODY} refused`),
		);
	});

	it('an address that is both an external and a load-balancer IP is named once', () => {
		const spec = { ...LOAD_BALANCER, externalIPs: ['198.51.100.10'] };
		expect(frontends(spec, [HERE]).map((each) => each.split(':')[0])).toEqual([
			'ClusterIP 10.96.0.20',
			'load-balancer IP 198.51.100.10',
			'NodePort 30080 at the primary address',
		]);
	});

	it.each<[string, Settings['nodePortAddresses'], string]>([
		['the default', { primary: true, networks: [] }, '30080 at the primary address'],
		[
			'all',
			{ primary: false, networks: [{ family: 'ip', address: '0.0.0.0', prefix: 0 }] },
			'30080 at every address but loopback',
		],
		[
			'localhost',
			{ primary: false, networks: [{ family: 'ip', address: '127.0.0.0', prefix: 8 }] },
			'30080 at no address',
		],
		[
			'networks',
			{
				primary: true,
				networks: [
					{ family: 'ip', address: '10.0.0.0', prefix: 8 },
					{ family: 'ip', address: '192.0.2.1', prefix: 32 },
				],
			},
			'30080 at addresses in 10.0.0.0/8, 192.0.2.1, the primary address',
		],
	])('NodePorts answer where --nodeport-addresses says: %s', (_what, nodePortAddresses, expected) => {
		expect(frontends(LOAD_BALANCER, [HERE], { nodePortAddresses })[3]).toBe(
			`NodePort ${expected}: ${EVERYBODY} cluster masqueraded`,
		);
	});
});
