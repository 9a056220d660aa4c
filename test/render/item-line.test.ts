import { describe, expect, it } from 'vitest';
import { rule } from '../../src/compile/rules.ts';
import type { NamedSet } from '../../src/model/ruleset.ts';
import type { Elements } from '../../src/model/transaction.ts';
import { itemLine } from '../../src/render/item-line.ts';
import { show } from '../support/compiled.ts';

const OWNER = { namespace: 'shop', service: 'web', port: 'http' };

const allow = rule(
	[{ kind: 'compare', field: 'saddr', negate: false, value: '10.0.0.0/8' }],
	[{ kind: 'return' }],
	'inside',
);

const spread = rule([], [{ kind: 'spread', protocol: 'tcp', targets: [{ index: 0, address: '10.1.1.1', port: 80 }] }]);

const clients: NamedSet = {
	kind: 'set',
	name: 'affinity/shop/web/http/10.1.1.1.80',
	comment: 'clients',
	fields: ['saddr'],
	interval: false,
	timeout: 60,
	elements: [],
};

const refusal: Elements = {
	kind: 'map-elements',
	container: 'no-endpoints',
	elements: [
		{ key: ['10.96.0.20', 'tcp', '80'], verdict: { kind: 'goto', chain: 'refuse' }, owner: OWNER, note: 'none' },
	],
};

const address: Elements = { kind: 'set-elements', container: 'cluster-ips', elements: [{ key: ['10.96.0.20'] }] };

describe('an item on a line', () => {
	it.each([
		['a rule', allow, 'ip saddr 10.0.0.0/8 return comment "inside"'],
		[
			'a rule that has several',
			spread,
			'meta l4proto tcp dnat ip addr . port to numgen random mod 1 map { 0 : 10.1.1.1 . 80, }',
		],
		[
			'a set',
			clients,
			'set affinity/shop/web/http/10.1.1.1.80 { comment "clients"; typeof ip saddr; flags dynamic,timeout; timeout 60s; }',
		],
		['an element of a map', refusal, '10.96.0.20 . tcp . 80 comment "none" : goto refuse'],
		['an element of a set', address, '10.96.0.20'],
	])('is %s as the templates write it', (_what, shown, line) => {
		expect(itemLine(shown, 'ip', show)).toBe(line);
	});

	it('has the words of its family', () => {
		expect(itemLine(allow, 'ip6', show)).toBe('ip6 saddr 10.0.0.0/8 return comment "inside"');
	});
});
