import { describe, expect, it } from 'vitest';
import { MOST_ENDPOINT_RULES } from '../../src/compile/balance.ts';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const LONG = 'a'.repeat(63);

function names(found: ReturnType<typeof compiled>, family: 'ip' | 'ip6') {
	const table = found.table(family);
	return [...table.sets, ...table.maps, ...table.chains].map((each) => each.name);
}

describe('names', () => {
	it('EC-91: an IPv6 endpoint has dots for colons in names and brackets in rules', () => {
		const spec = { sessionAffinity: 'ClientIP' };
		const found = compiled([
			node(1),
			service('web', ['fd00:10:96::20'], { spec }),
			slice('web', [endpoint({ address: 'FD00:10:244:1:0:0:0:5' })]),
		]);
		expect(names(found, 'ip6')).toContain('affinity/shop/web/http/fd00.10.244.1..5.8080');
		expect(found.chain('endpoint/shop/web/http/fd00.10.244.1..5.8080', 'ip6')?.at(-1)).toContain(
			'dnat to [fd00:10:244:1::5]:8080',
		);
	});

	it('EC-92: an unnamed port is called by its protocol and number', () => {
		const spec = { ports: [{ port: 6000, protocol: 'UDP' }] };
		const ports = [{ name: '', protocol: 'UDP', port: 6000 }];
		const found = compiled([
			node(1),
			service('web', ['10.96.0.20'], { spec }),
			slice('web', [endpoint({ address: '10.244.1.5' })], { ports }),
		]);
		expect(found.chain('cluster/shop/web/udp.6000')).toEqual(['meta l4proto udp dnat to 10.244.1.5:6000']);
	});

	it('EC-93: the longest names Kubernetes allows fit into the 255 bytes of nft', () => {
		const address = 'fd00:1111:2222:3333:4444:5555:6666:7777';
		const spec = {
			sessionAffinity: 'ClientIP',
			ports: [{ name: LONG, port: 65535, nodePort: 65535 }],
			type: 'NodePort',
		};
		const found = compiled([
			node(1),
			service(LONG, ['fd00:10:96::20'], { namespace: LONG, spec: { ...spec, externalTrafficPolicy: 'Local' } }),
			slice(LONG, [endpoint({ address, node: 'n1' })], { namespace: LONG, ports: [{ name: LONG, port: 65535 }] }),
		]);
		const longest = Math.max(...names(found, 'ip6').map((name) => name.length));
		expect(longest).toBe(246);
		expect(names(found, 'ip6')).toContain(`affinity/${LONG}/${LONG}/${LONG}/${address.replaceAll(':', '.')}.65535`);
	});

	it('EC-94: a long comment is cut to 128 bytes', () => {
		const spec = { ports: [{ name: LONG, port: 80 }] };
		const found = compiled([node(1), service(LONG, ['10.96.0.20'], { namespace: LONG, spec })]);
		expect(found.text).toContain(`comment "${LONG}/${LONG}:" : goto refuse`);
	});

	it('EC-95: SCTP is sctp everywhere', () => {
		const spec = { ports: [{ name: 's', port: 9, protocol: 'SCTP', nodePort: 30009 }], type: 'NodePort' };
		const ports = [{ name: 's', protocol: 'SCTP', port: 9 }];
		const found = compiled([
			node(1),
			service('web', ['10.96.0.20'], { spec }),
			slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })], { ports }),
		]);
		expect(found.chain('cluster/shop/web/s')).toEqual(['meta l4proto sctp dnat to 10.244.1.5:9']);
		expect(found.map('services')).toEqual({ '10.96.0.20 . sctp . 9': 'goto cluster/shop/web/s' });
		expect(found.map('nodeports')).toEqual({ 'sctp . 30009': 'goto external/shop/web/s' });
		expect(found.set('hairpin')).toEqual(['10.244.1.5 . 10.244.1.5 . sctp . 9']);
	});

	it('EC-21: endpoints are in bytewise order of their text', () => {
		const found = compiled([
			node(1),
			service('web', ['10.96.0.20']),
			slice('web', [endpoint({ address: '10.0.0.9' }), endpoint({ address: '10.0.0.10' })]),
		]);
		expect(found.chain('cluster/shop/web/http')?.map((rule) => rule.split(' ').at(-1))).toEqual([
			'10.0.0.10:8080',
			'10.0.0.9:8080',
		]);
	});
});

describe('many endpoints', () => {
	const many = (count: number) =>
		compiled([
			node(1),
			service('web', ['10.96.0.20']),
			slice(
				'web',
				Array.from({ length: count }, (_, index) => endpoint({ address: `10.244.1.${index + 1}` })),
			),
		]).chain('cluster/shop/web/http');

	it('are a rule each up to the boundary, every one as likely as the others', () => {
		const rules = many(MOST_ENDPOINT_RULES) ?? [];
		expect(rules).toHaveLength(MOST_ENDPOINT_RULES);
		const chances = rules.map((rule) => Number(/numgen random mod (\d+) == 0/.exec(rule)?.[1] ?? 1));
		let left = 1;
		for (const chance of chances) {
			expect(left / chance).toBeCloseTo(1 / MOST_ENDPOINT_RULES, 10);
			left -= left / chance;
		}
	});

	it('share one map past it', () => {
		const rules = many(MOST_ENDPOINT_RULES + 1) ?? [];
		expect(rules).toHaveLength(1);
		const lines = rules[0]?.split('\n') ?? [];
		expect(lines).toHaveLength(MOST_ENDPOINT_RULES + 3);
		expect(lines[0]).toBe('meta l4proto tcp dnat ip addr . port to numgen random mod 33 map {');
		expect(lines[1]).toBe('\t\t\t0 : 10.244.1.10 . 8080,');
		expect(lines.at(-2)).toBe(`\t\t\t${MOST_ENDPOINT_RULES} : 10.244.1.9 . 8080,`);
	});
});
