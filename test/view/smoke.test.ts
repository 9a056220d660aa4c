import { expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

it('sends a ClusterIP to its ready endpoints', () => {
	const found = compiled([
		node(1),
		service('web', ['10.96.0.20']),
		slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' }), endpoint({ address: '10.244.2.5', node: 'n2' })]),
	]);
	expect(found.map('services')).toEqual({ '10.96.0.20 . tcp . 80': 'goto cluster/shop/web/http' });
	expect(found.chain('cluster/shop/web/http')).toEqual([
		'numgen random mod 2 == 0 meta l4proto tcp dnat to 10.244.1.5:8080',
		'meta l4proto tcp dnat to 10.244.2.5:8080',
	]);
});
