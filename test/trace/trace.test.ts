import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Packet } from '../../src/model/packet.ts';
import { fractionText, ONE, plus, ZERO } from '../../src/trace/fraction.ts';
import { trace } from '../../src/trace/trace.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, serviceCidr, slice } from '../support/objects.ts';

const WORLD = {
	isLocal: (address: string) => ['127.0.0.1', '::1', '192.168.10.1', 'fd00:192:168:10::1'].includes(address),
};

const CLIENTS = {
	pod: { saddr: '10.244.1.9', from: 'network' },
	node: { saddr: '192.168.10.1', from: 'node' },
	outside: { saddr: '203.0.113.5', from: 'network' },
} as const;

function packet(client: keyof typeof CLIENTS, daddr: string, dport: number): Packet {
	return { family: 'ip', protocol: 'tcp', iifname: '', daddr, dport, ...CLIENTS[client] };
}

/** Outcomes as short texts: `10.244.1.5:8080 masqueraded 1/2`. */
function outcomes(found: ReturnType<typeof compiled>, client: keyof typeof CLIENTS, daddr: string, dport: number) {
	return trace(found.ruleset, packet(client, daddr, dport), WORLD).map(({ fate, probability }) => {
		const what = fate.kind === 'endpoint' ? `${fate.address}:${fate.port}` : fate.kind;
		const hidden = 'masqueraded' in fate && fate.masqueraded ? ' masqueraded' : '';
		return `${what}${hidden} ${fractionText(probability)}`;
	});
}

const spec = {
	type: 'LoadBalancer',
	externalTrafficPolicy: 'Local',
	loadBalancerSourceRanges: ['203.0.113.0/24', '10.0.0.0/8'],
	ports: [{ name: 'http', port: 80, nodePort: 30080 }],
};
const status = { loadBalancer: { ingress: [{ ip: '198.51.100.10' }] } };
const elsewhere = ['10.244.2.5', '10.244.2.6', '10.244.3.5'].map((address) => endpoint({ address, node: 'n2' }));
const BASE = [node(1), node(2), node(3), serviceCidr('10.96.0.0/16')];

describe('the tracer', () => {
	const found = compiled([...BASE, service('web', ['10.96.0.20'], { spec, status }), slice('web', elsewhere)]);
	const THIRDS = ['10.244.2.5:8080 1/3', '10.244.2.6:8080 1/3', '10.244.3.5:8080 1/3'];
	const HIDDEN = THIRDS.map((text) => text.replace(' ', ' masqueraded '));

	it('finds every endpoint with its exact share', () => {
		expect(outcomes(found, 'pod', '10.96.0.20', 80)).toEqual(THIRDS);
	});

	it('sees who is masqueraded', () => {
		expect(outcomes(found, 'outside', '10.96.0.20', 80)).toEqual(HIDDEN);
		expect(outcomes(found, 'node', '10.96.0.20', 80)).toEqual(HIDDEN);
		expect(outcomes(found, 'pod', '198.51.100.10', 80)).toEqual(THIRDS);
	});

	it('sees the short cut for the node and the drop for others', () => {
		expect(outcomes(found, 'node', '192.168.10.1', 30080)).toEqual(HIDDEN);
		expect(outcomes(found, 'outside', '192.168.10.1', 30080)).toEqual(['dropped 1']);
		expect(outcomes(found, 'outside', '198.51.100.10', 80)).toEqual(['dropped 1']);
	});

	it('sees wrong ports refused, addresses of nobody dropped, and the rest untouched', () => {
		expect(outcomes(found, 'pod', '10.96.0.20', 81)).toEqual(['refused 1']);
		expect(outcomes(found, 'pod', '10.96.7.7', 80)).toEqual(['dropped 1']);
		expect(outcomes(found, 'pod', '192.0.2.1', 80)).toEqual(['untouched 1']);
	});

	it('tells the steps', () => {
		const [first] = trace(found.ruleset, packet('pod', '198.51.100.10', 80), WORLD);
		expect(first?.steps.map((step) => `${step.chain}: ${step.did}`)).toEqual([
			'check-sources: goto firewall/shop/web/http',
			'firewall/shop/web/http: return',
			'dispatch: goto external/shop/web/http',
			'external/shop/web/http: goto cluster/shop/web/http',
			'cluster/shop/web/http: dnat to 10.244.2.5:8080',
		]);
	});

	it('gives probabilities that add up to one, whatever the cluster', () => {
		const destinations = fc.tuple(
			fc.constantFrom('10.96.0.21', '10.96.0.22', '198.51.100.101', '198.51.100.201', '192.168.10.1', '10.96.9.9'),
			fc.constantFrom(80, 81, 30010, 30020),
		);
		const clients = fc.constantFrom<keyof typeof CLIENTS>('pod', 'node', 'outside');
		fc.assert(
			fc.property(arbitraryCluster, destinations, clients, (cluster, [daddr, dport], client) => {
				const traced = trace(compiled(cluster.flat()).ruleset, packet(client, daddr, dport), WORLD);
				expect(traced.map((outcome) => outcome.probability).reduce(plus, ZERO)).toEqual(ONE);
			}),
		);
	});
});
