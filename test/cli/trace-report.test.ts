import { describe, expect, it } from 'vitest';
import { traceJson } from '../../src/cli/trace/trace-json.ts';
import { traceText } from '../../src/cli/trace/trace-report.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { answers, TRACED_SHOP } from '../support/traced-shop.ts';

/** The report as lines. */
function lines(...question: Parameters<typeof answers>): readonly string[] {
	return traceText(answers(...question), 'n1').split('\n');
}

describe('an answer as text', () => {
	it('says who, where to, what becomes of it and by which rules', () => {
		expect(lines('external', 'svc:shop/web:http', 'ip')).toEqual([
			'outside (203.0.113.1) → shop/web:http (10.96.0.20:80/tcp), as node n1 treats it',
			"  1/2  10.244.1.5:8080  pod shop/web-0 on n1, sees the node's address",
			"  1/2  10.244.2.5:8080  pod shop/web-1 on n2, sees the node's address",
			'',
			'  how',
			'    dispatch               mark for masquerading       (from outside the pod network: answer through this node)',
			'    dispatch               goto cluster/shop/web/http',
			'    cluster/shop/web/http  dnat to the endpoint',
			'    nat-postrouting        masquerade                  (the answer has to come back through this node)',
			'',
		]);
	});

	it('shows each way through the rules once, and which endpoints it leads to', () => {
		const found = lines('pod:shop/web-0', 'svc:shop/web', 'ip');
		expect(found.filter((line) => line.startsWith('  how'))).toEqual([
			'  how, for 10.244.1.5:8080',
			'  how, for 10.244.2.5:8080',
		]);
		expect(found).toContain('    nat-postrouting        masquerade                  (a pod that reaches itself)');
	});

	it('does not tell ways apart by the chains that endpoints have with session affinity', () => {
		const found = lines('external', 'svc:shop/proxy');
		expect(found.filter((line) => line.startsWith('  how'))).toEqual(['  how']);
		expect(found).toContain('    cluster/shop/proxy/tcp.6000     goto endpoint/shop/proxy/tcp.6000/…');
		expect(found[1]).toMatch(/^ {2}note: this is a new client: /);
	});

	it('names endpoints of many as one way, whether they are rules or one map', () => {
		for (const count of [20, 40]) {
			const many = Array.from({ length: count }, (_, index) => endpoint({ address: `fd00::${index + 1}`, node: 'n2' }));
			const objects = [node(1), service('many', ['fd00:10:96::9']), slice('many', many)];
			const found = lines('ip:fd00::1', 'svc:shop/many', null, {}, objects);
			expect(found.filter((line) => line.startsWith(`  1/${count}  `))).toHaveLength(count);
			expect(found.filter((line) => line.startsWith('  how'))).toEqual(['  how']);
			expect(found).toContain('    cluster/shop/many/http  dnat to the endpoint');
		}
	});

	it.each([
		['pod:shop/web-0', 'svc:shop/empty', '  always  refused: shop/empty:http: no endpoint'],
		['pod:shop/web-0', 'ip:10.96.0.20:81', '  always  refused: no such port on this ClusterIP'],
		['pod:shop/web-0', 'ip:10.96.7.7:80', '  always  dropped without an answer: no Service has this ClusterIP'],
		['ip:192.0.2.7', 'lb:shop/web', '  always  dropped without an answer: not in loadBalancerSourceRanges'],
		['external', 'nodeport:30080', "  always  10.244.1.5:8080  pod shop/web-0 on n1, sees the client's address"],
		['pod:shop/web-0', 'ip:192.0.2.1:80', '  always  left alone: no rule is for it'],
	])('%s to %s:%s', (from, to, expected) => {
		expect(lines(from, to, 'ip')[1]).toBe(expected);
	});

	it('names an address by its Pod and node', () => {
		const heads = ['ip:10.244.2.5', 'ip:10.244.2.9', 'ip:192.0.2.7', 'node'].map(
			(from) => lines(from, 'svc:dns:dns')[0],
		);
		expect(heads.map((head) => head?.split(' → ')[0])).toEqual([
			'10.244.2.5 (pod shop/web-1, on n2)',
			'10.244.2.9 (on n2)',
			'192.0.2.7',
			'node n1 (192.168.10.1)',
		]);
	});

	it('has a paragraph for each family', () => {
		const found = lines('pod:shop/web-0', 'svc:shop/web').filter((line) => line.includes(' → '));
		expect(found.map((line) => /→ \S+ \((.*)\),/.exec(line)?.[1])).toEqual([
			'10.96.0.20:80/tcp',
			'[fd00:10:96::20]:80/tcp',
		]);
	});
});

describe('an answer as JSON', () => {
	const parsed = (...question: Parameters<typeof answers>) =>
		JSON.parse(traceJson(answers(...question), { kind: 'ruleset', node: 'n1', zone: null, tables: [] }));

	it('has every outcome with its exact share and the steps to it', () => {
		expect(parsed('pod:shop/web-0', 'svc:shop/proxy')).toEqual({
			format_version: '1.0',
			node: 'n1',
			zone: null,
			flows: [
				{
					family: 'ipv4',
					protocol: 'tcp',
					client: {
						name: 'pod shop/web-0',
						address: '10.244.1.5',
						pod: { namespace: 'shop', name: 'web-0' },
						node: 'n1',
					},
					destination: { name: 'shop/proxy', address: '10.96.0.60', port: 6000 },
					notes: [expect.stringContaining('new client')],
					outcomes: [6000, 6001].map((port, index) => ({
						fate: 'endpoint',
						probability: '1/2',
						decimal: 0.5,
						address: '192.168.10.1',
						port,
						pod: { namespace: 'shop', name: `proxy-${index}` },
						node: 'n1',
						masqueraded: false,
						steps: [
							{ chain: 'dispatch', rule: 1, did: 'goto cluster/shop/proxy/tcp.6000', note: null },
							{
								chain: 'cluster/shop/proxy/tcp.6000',
								rule: 2 + index,
								did: `goto endpoint/shop/proxy/tcp.6000/192.168.10.1.${port}`,
								note: null,
							},
							{
								chain: `endpoint/shop/proxy/tcp.6000/192.168.10.1.${port}`,
								rule: 1,
								did: `dnat to 192.168.10.1:${port}`,
								note: null,
							},
						],
					})),
				},
			],
		});
	});

	it('has every field where there is no endpoint', () => {
		expect(parsed('pod:shop/web-0', 'svc:shop/empty').flows[0].outcomes).toEqual([
			{
				fate: 'refused',
				probability: '1',
				decimal: 1,
				address: null,
				port: null,
				pod: null,
				node: null,
				masqueraded: false,
				steps: [
					{ chain: 'check-endpoints', rule: 0, did: 'goto refuse', note: 'shop/empty:http: no endpoint' },
					{ chain: 'refuse', rule: 0, did: 'reject', note: null },
				],
			},
		]);
	});

	it('is the same whatever the order of the input', () => {
		const backwards = [...TRACED_SHOP].reverse();
		expect(parsed('external', 'svc:shop/web', null, {}, backwards)).toEqual(parsed('external', 'svc:shop/web'));
	});
});
