import fc from 'fast-check';
import type { DetectLocal, Settings } from '../../src/model/settings.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

/** Settings that make every form of frame. */
export const arbitrarySettings = fc.record<Partial<Settings>>({
	masqueradeAll: fc.boolean(),
	masqueradeBit: fc.nat({ max: 31 }),
	table: fc.constantFrom('nft-gen', 'other'),
	detectLocal: fc.constantFrom<DetectLocal>(
		{ mode: 'cluster-cidr' },
		{ mode: 'node-cidr' },
		{ mode: 'none' },
		{ mode: 'bridge', interface: 'br0' },
		{ mode: 'prefix', interface: 'cali' },
	),
	nodePortAddresses: fc.constantFrom(
		{ primary: true, networks: [] },
		...[24, 0].map((prefix) => ({
			primary: false,
			networks: [
				{ family: 'ip', address: prefix === 0 ? '0.0.0.0' : '172.30.0.0', prefix } as const,
				{ family: 'ip6', address: prefix === 0 ? '::' : '2001:db8::', prefix } as const,
			],
		})),
	),
	serviceCidrs: fc.constantFrom(
		[],
		// Two that touch: nft makes one of them.
		['10.96.0.0', '10.97.0.0'].map((address) => ({ family: 'ip', address, prefix: 16 }) as const),
		[{ family: 'ip6', address: '::', prefix: 0 } as const],
	),
});

const LONG = 'x'.repeat(63);

/** Every form of rule and element that the random clusters do not have. */
export function oddities(): readonly unknown[] {
	const port = { name: 'a', protocol: 'TCP', port: 80 };
	const ingress = (ip: string) => ({ loadBalancer: { ingress: [{ ip }] } });
	const many = (family: 4 | 6) =>
		Array.from({ length: 40 }, (_, index) =>
			endpoint({ address: family === 4 ? `10.244.1.${index + 2}` : `::1:${index.toString(16)}`, node: 'n1' }),
		);
	const ports = [{ name: 'a', protocol: 'TCP', port: 8080 }];
	const ranges = Array.from({ length: 40 }, (_, index) => `10.${index + 1}.0.0/16`);
	return [
		node(1),
		service('many', ['10.96.0.10', '::102:304'], {
			spec: {
				type: 'LoadBalancer',
				ipFamilies: ['IPv4', 'IPv6'],
				ipFamilyPolicy: 'RequireDualStack',
				ports: [port],
				loadBalancerSourceRanges: [...ranges, '198.51.100.7/32', '2001:db8::/33', '2001:db8:8000::/33'],
			},
			status: ingress('198.51.100.1'),
		}),
		slice('many', many(4), { ports }),
		slice('many', many(6), { ports, addressType: 'IPv6', name: 'many-6' }),
		service(LONG, ['10.96.0.11'], { namespace: LONG, spec: { ports: [{ ...port, name: LONG.slice(0, 15) }] } }),
		service('sctp', ['10.96.0.12'], {
			spec: { sessionAffinity: 'ClientIP', ports: [{ ...port, protocol: 'SCTP', nodePort: 30001 }], type: 'NodePort' },
		}),
		slice('sctp', [endpoint({ address: '10.244.1.2', node: 'n1' })], { ports: [{ ...ports[0], protocol: 'SCTP' }] }),
	];
}
