import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts } from '../../src/diff/cohorts.ts';
import { unifiedText } from '../../src/diff/unified.ts';
import { compared } from '../support/comparisons.ts';
import { lineOf } from '../support/item-lines.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { twoStates } from '../support/two-states.ts';

type Fields = Readonly<Record<string, unknown>>;

const NODES = [node(1, 'a'), node(2, 'b')];
const web = (spec: Fields = {}) => service('web', ['10.96.0.20'], { spec });

/** Endpoints on n2. */
function endpointsOf(...hosts: readonly number[]): Fields {
	return slice(
		'web',
		hosts.map((host) => endpoint({ address: `10.244.2.${host}`, node: 'n2' })),
	);
}

/** What changes on n1. */
function text(before: readonly unknown[], after: readonly unknown[]): string {
	return unifiedText('n1', compared([...NODES, ...before], [...NODES, ...after]), lineOf);
}

describe('the text of a change', () => {
	it('shows endpoints as a set, without the draw between them', () => {
		expect(text([web(), endpointsOf(1, 2, 4)], [web(), endpointsOf(2, 3, 4, 5)])).toMatchInlineSnapshot(`
			"@@ service shop/web:http (IPv4) @@
			 chain cluster/shop/web/http
			-	meta l4proto tcp dnat to 10.244.2.1:8080
			+	meta l4proto tcp dnat to 10.244.2.3:8080
			+	meta l4proto tcp dnat to 10.244.2.5:8080
			"
		`);
	});

	it('shows an endpoint of a map as one of a rule', () => {
		const many = Array.from({ length: 32 }, (_, index) => index + 1);
		expect(text([web(), endpointsOf(...many)], [web(), endpointsOf(...many, 200)])).toMatchInlineSnapshot(`
			"@@ service shop/web:http (IPv4) @@
			 chain cluster/shop/web/http
			+	meta l4proto tcp dnat to 10.244.2.200:8080
			"
		`);
	});

	it('shows what leads to a chain, and what refuses when it is gone', () => {
		expect(text([web(), endpointsOf(1)], [web()])).toMatchInlineSnapshot(`
			"@@ service shop/web:http (IPv4) @@
			 chain cluster/shop/web/http
			-	meta l4proto tcp dnat to 10.244.2.1:8080
			 map no-endpoints
			+	10.96.0.20 . tcp . 80 comment "shop/web:http: no endpoint" : goto refuse
			 map services
			-	10.96.0.20 . tcp . 80 : goto cluster/shop/web/http
			"
		`);
	});

	it('shows sets of session affinity on a line each', () => {
		expect(
			text([web(), endpointsOf(1)], [web({ sessionAffinity: 'ClientIP' }), endpointsOf(1)]),
		).toMatchInlineSnapshot(`
			"@@ service shop/web:http (IPv4) @@
			+set affinity/shop/web/http/10.244.2.1.8080 { typeof ip saddr; flags dynamic,timeout; timeout 10800s; }
			 chain cluster/shop/web/http
			-	meta l4proto tcp dnat to 10.244.2.1:8080
			+	ip saddr @affinity/shop/web/http/10.244.2.1.8080 goto endpoint/shop/web/http/10.244.2.1.8080
			+	goto endpoint/shop/web/http/10.244.2.1.8080
			 chain endpoint/shop/web/http/10.244.2.1.8080
			+	update @affinity/shop/web/http/10.244.2.1.8080 { ip saddr }
			+	meta l4proto tcp dnat to 10.244.2.1:8080
			"
		`);
	});

	it('shows the table itself before its Services, and families apart', () => {
		const both = service('api', ['10.96.0.30', 'fd00:10:96::30']);
		const grown = unifiedText('n1', compared(NODES, [...NODES, node(3, 'b'), both, web()]), lineOf);
		expect(grown).toMatchInlineSnapshot(`
			"@@ table nft-gen (IPv4) @@
			 set pod-networks
			+	10.244.3.0/24
			@@ table nft-gen (IPv6) @@
			 set pod-networks
			+	fd00:10:244:3::/64
			@@ service shop/api:http (IPv4) @@
			 map no-endpoints
			+	10.96.0.30 . tcp . 80 comment "shop/api:http: no endpoint" : goto refuse
			 set cluster-ips
			+	10.96.0.30
			@@ service shop/api:http (IPv6) @@
			 map no-endpoints
			+	fd00:10:96::30 . tcp . 80 comment "shop/api:http: no endpoint" : goto refuse
			 set cluster-ips
			+	fd00:10:96::30
			@@ service shop/web:http (IPv4) @@
			 map no-endpoints
			+	10.96.0.20 . tcp . 80 comment "shop/web:http: no endpoint" : goto refuse
			 set cluster-ips
			+	10.96.0.20
			"
		`);
	});

	it('shows nothing of a port under another name', () => {
		const renamed = (name: string) => [
			web({ ports: [{ name, protocol: 'TCP', port: 80 }] }),
			slice('web', [endpoint({ address: '10.244.2.1', node: 'n2' })], { ports: [{ name, port: 8080 }] }),
		];
		const [before, after] = [renamed('http'), renamed('web')].map((objects) => [...NODES, ...objects]);
		const comparison = compared(before ?? [], after ?? []);
		expect(comparison.programs.map(({ owner }) => owner.port)).toEqual(expect.arrayContaining(['http', 'web']));
		expect(unifiedText('n1', comparison, lineOf)).toBe('');
	});

	it('has as many lines as rules and elements come and leave', () => {
		fc.assert(
			fc.property(twoStates, ({ before, after }) => {
				const comparison = compared(before, after);
				for (const cohort of cohorts(comparison, [], [])) {
					for (const name of cohort.nodes) {
						const lines = unifiedText(name, comparison, lineOf).split('\n');
						const signs = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
						expect({ added: signs('+'), removed: signs('-') }).toEqual(cohort.rules);
						expect(lines.filter((line) => line.includes('numgen'))).toEqual([]);
					}
				}
			}),
			{ numRuns: 20 },
		);
	});
});
