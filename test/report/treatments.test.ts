import { describe, expect, it } from 'vitest';
import { flowGroups, frontendText, treatmentTexts } from '../../src/report/treatments.ts';
import { flow, masqueraded, REFUSED, toEndpoints } from '../support/change-sets.ts';

const [A, B, C] = ['10.1.0.1:80', '10.1.0.2:80', '10.1.0.3:80'] as const;

describe('two treatments', () => {
	it.each([
		['refusal', toEndpoints([A, B]), REFUSED, `2 endpoints: ${A}, ${B}`, 'refused'],
		['a first endpoint', { ...REFUSED, kind: 'dropped' }, toEndpoints([A]), 'dropped', `1 endpoint: ${A}`],
		['nothing of ours', toEndpoints([A]), { ...REFUSED, kind: 'untouched' }, `1 endpoint: ${A}`, 'not served'],
		['an endpoint more', toEndpoints([A]), toEndpoints([A, B]), '1 endpoint', `2 endpoints: new ${B}`],
		['other endpoints', toEndpoints([A, B]), toEndpoints([A, C]), '2 endpoints', `2 endpoints: new ${C}; gone ${B}`],
		['quite other endpoints', toEndpoints([A]), toEndpoints([C]), `1 endpoint: ${A}`, `1 endpoint: ${C}`],
		[
			'masquerading',
			toEndpoints([A]),
			masqueraded(toEndpoints([A])),
			"1 endpoint, client's address kept",
			'1 endpoint, masqueraded',
		],
		['a masqueraded one', REFUSED, masqueraded(toEndpoints([A])), 'refused', `1 endpoint: ${A}, masqueraded`],
		[
			'session affinity',
			toEndpoints([A], { affinitySeconds: 10800 }),
			toEndpoints([A]),
			'1 endpoint, session affinity of 10,800 s',
			'1 endpoint, no session affinity',
		],
		[
			'shares',
			toEndpoints([A, B]),
			toEndpoints([A, B], {
				endpoints: [
					{ target: A, share: '3/4', masqueraded: false },
					{ target: B, share: '1/4', masqueraded: false },
				],
			}),
			'2 endpoints',
			`2 endpoints: ${A} gets 3/4 instead of 1/2, ${B} gets 1/4 instead of 1/2`,
		],
	] as const)('are said by what differs: %s', (_what, before, after, was, is) => {
		expect(treatmentTexts(before, after)).toEqual({ before: was, after: is });
	});

	it('name a few of many endpoints', () => {
		const many = toEndpoints(Array.from({ length: 1500 }, (_, index) => `10.1.${index >> 8}.${index & 255}:80`).sort());
		expect(treatmentTexts(many, REFUSED).before).toMatch(/^1,500 endpoints: (?:[\d.:]+, ){3}[\d.:]+ and 1,496 more$/);
	});
});

describe('connections', () => {
	const { client } = flow();

	it('that become the same are one', () => {
		const kinds = ['pod', 'endpoint', 'node', 'outside'] as const;
		const groups = flowGroups(kinds.map((kind) => flow({ client: { ...client, kind } })));
		expect(groups.map(({ connections }) => connections)).toEqual(['everybody to ClusterIP 10.96.14.7:80/tcp']);
	});

	it('stay in their order', () => {
		const some = flow({ nodes: ['n1'] });
		const many = flow({ nodes: ['n1', 'n2'] });
		expect(flowGroups([some, many]).map(({ nodes }) => nodes.length)).toEqual([1, 2]);
	});

	it('are told apart by frontend, and clients by source ranges', () => {
		const groups = flowGroups([
			flow({ client: { ...client, kind: 'outside', allowedBefore: false, allowedAfter: true } }),
			flow({ frontend: { kind: 'node-port', family: 'ip6', address: null, port: 30080, protocol: 'udp' } }),
		]);
		expect(groups.map(({ connections }) => connections)).toEqual([
			'outside (now in the source ranges) to ClusterIP 10.96.14.7:80/tcp',
			'pods to NodePort 30080/udp (IPv6)',
		]);
	});

	it.each([
		[{ kind: 'other-port', address: '10.96.0.1', port: null }, 'other ports of 10.96.0.1 (tcp)'],
		[{ kind: 'node-port', address: null, port: null }, 'NodePort ‹yet to be assigned›/tcp'],
		[{ kind: 'cluster-ip', address: '‹clusterIP of shop/web›', port: 80 }, 'ClusterIP ‹clusterIP of shop/web›:80/tcp'],
	] as const)('to %o', (frontend, expected) => {
		expect(frontendText({ family: 'ip', protocol: 'tcp', ...frontend })).toBe(expected);
	});
});
