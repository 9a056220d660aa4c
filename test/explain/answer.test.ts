import { describe, expect, it } from 'vitest';
import { asked } from '../support/explained.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const OBJECTS = [
	node(1),
	node(2),
	service('web', ['10.96.0.20']),
	slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' })]),
	service('none', ['10.96.0.21'], { spec: { ports: [] } }),
];

function refusal(...question: Parameters<typeof asked>): string | null {
	const found = asked(...question);
	return 'unresolved' in found ? found.unresolved : null;
}

describe('a question about a Service', () => {
	it.each<[string, Parameters<typeof asked>[0], Parameters<typeof asked>[1], string]>([
		[
			'an unknown Service',
			'svc:shop/wep',
			{ node: 'n1' },
			'there is no Service shop/wep among the 2 with a ClusterIP (did you mean shop/web, shop/none?)',
		],
		[
			'a Service in another namespace',
			'svc:web',
			{ node: 'n1' },
			'there is no Service default/web among the 2 with a ClusterIP (did you mean shop/web?)',
		],
		['an unknown port', 'svc:shop/web:81', { node: 'n1' }, 'Service shop/web has no port 81; it has http (80/tcp)'],
		['a Service without ports', 'svc:shop/none', { node: 'n1' }, 'Service shop/none has no port that can be used'],
		[
			'an unknown node',
			'svc:shop/web',
			{ node: 'n3' },
			'there is no Node n3 among the 2 in the input (did you mean n1, n2?)',
		],
		[
			'an unknown node that sends',
			'svc:shop/web',
			{ overload: true, weights: new Map([['m1', 2]]) },
			'there is no Node m1 among the 2 in the input (did you mean n1, n2?)',
		],
		[
			'nodes that all send nothing',
			'svc:shop/web',
			{
				overload: true,
				weights: new Map([
					['n1', 0],
					['n2', 0],
				]),
			},
			'no node sends anything: every --weight is 0',
		],
		[
			'a family it has no address of',
			'svc:shop/web',
			{ node: 'n1', family: 'ip6' },
			'Service shop/web has no IPv6 address',
		],
	])('%s is told, with the nearest names', (_what, target, question, expected) => {
		expect(refusal(target, question, OBJECTS)).toBe(expected);
	});

	it('without Nodes in the input: one node is taken at its word, all nodes are none', () => {
		const objects = OBJECTS.slice(2);
		expect(refusal('svc:shop/web', { node: 'n1' }, objects)).toBeNull();
		for (const question of [{ allNodes: true }, { overload: true }]) {
			expect(refusal('svc:shop/web', question, objects)).toBe('there is no Node in the input; name one with --node');
		}
	});

	it('without a port is about every port, in the order of their names', () => {
		const ports = [
			{ name: 'https', port: 443 },
			{ name: 'http', port: 80 },
		];
		const found = asked('svc:shop/two', { node: 'n1' }, [
			...OBJECTS,
			service('two', ['10.96.0.22'], { spec: { ports } }),
		]);
		expect('unresolved' in found ? [] : found.ports.map(({ port }) => port.id.port)).toEqual(['http', 'https']);
	});
});
