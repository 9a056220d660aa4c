import { describe, expect, it } from 'vitest';
import type { IpFamily } from '../../src/model/ip.ts';
import type { Json } from '../../src/model/json.ts';
import { readRule } from '../../src/readback/rules.ts';

// Rules as nft 1.0.6 printed them, by name and with `-n` by number, and as later releases do.

const META = (key: string) => ({ meta: { key } });
const PAYLOAD = (protocol: string, field: string) => ({ payload: { protocol, field } });
const MATCH = (left: Json, right: Json, op = '==') => ({ match: { op, left, right } });
const TCP = MATCH(META('l4proto'), 'tcp');
const KEY = { concat: [PAYLOAD('ip', 'daddr'), META('l4proto'), PAYLOAD('th', 'dport')] };
const NUMGEN = (mod: number) => ({ numgen: { mode: 'random', mod, offset: 0 } });
const MANGLE = (value: Json) => ({ mangle: { key: META('mark'), value } });

function read(expr: Json, family: IpFamily = 'ip') {
	const rule = readRule({ family, table: 't', chain: 'c', handle: 7, expr }, family);
	return rule.kind === 'rule' ? [...rule.when, ...rule.then] : 'foreign';
}

describe('the conditions of rules', () => {
	const compare = { kind: 'compare', field: 'saddr', negate: false };
	it.each<readonly [string, IpFamily, Json, object]>([
		['ip saddr 10.0.0.1', 'ip', MATCH(PAYLOAD('ip', 'saddr'), '10.0.0.1'), { ...compare, value: '10.0.0.1' }],
		[
			'ip daddr != 127.0.0.0/8',
			'ip',
			MATCH(PAYLOAD('ip', 'daddr'), { prefix: { addr: '127.0.0.0', len: 8 } }, '!='),
			{ kind: 'compare', field: 'daddr', negate: true, value: '127.0.0.0/8' },
		],
		[
			'ip saddr 0.0.0.0/0',
			'ip',
			MATCH(PAYLOAD('ip', 'saddr'), { prefix: { addr: '0.0.0.0', len: 0 } }),
			{ ...compare, value: '0.0.0.0/0' },
		],
		['ip6 saddr ::1', 'ip6', MATCH(PAYLOAD('ip6', 'saddr'), '::1'), { ...compare, value: '::1' }],
		['ip6 saddr ::1.2.3.4', 'ip6', MATCH(PAYLOAD('ip6', 'saddr'), '::1.2.3.4'), { ...compare, value: '::102:304' }],
		[
			'ip saddr { 10.0.0.0/23, 192.168.0.1 }',
			'ip',
			MATCH(PAYLOAD('ip', 'saddr'), { set: [{ prefix: { addr: '10.0.0.0', len: 23 } }, '192.168.0.1'] }),
			{ kind: 'among', field: 'saddr', negate: false, values: ['10.0.0.0/23', '192.168.0.1'] },
		],
		[
			'ip saddr { 10.0.0.0-10.0.2.255 }',
			'ip',
			MATCH(PAYLOAD('ip', 'saddr'), { set: [{ range: ['10.0.0.0', '10.0.2.255'] }] }, '!='),
			{ kind: 'among', field: 'saddr', negate: true, values: ['10.0.0.0/23', '10.0.2.0/24'] },
		],
		[
			'ip saddr { 10.0.0.0/24 }',
			'ip',
			MATCH(PAYLOAD('ip', 'saddr'), { set: [{ prefix: { addr: '10.0.0.0', len: 24 } }] }),
			{ ...compare, value: '10.0.0.0/24' },
		],
		[
			'ip daddr != @s',
			'ip',
			MATCH(PAYLOAD('ip', 'daddr'), '@a/b', '!='),
			{ kind: 'member', fields: ['daddr'], negate: true, set: 'a/b' },
		],
		[
			'three fields @s',
			'ip',
			MATCH(KEY, '@s'),
			{ kind: 'member', fields: ['daddr', 'protocol', 'dport'], negate: false, set: 's' },
		],
		['iifname "cali*"', 'ip', MATCH(META('iifname'), 'cali*'), { kind: 'interface', negate: false, name: 'cali*' }],
		['iifname != "br0"', 'ip', MATCH(META('iifname'), 'br0', '!='), { kind: 'interface', negate: true, name: 'br0' }],
		['fib', 'ip', MATCH({ fib: { result: 'type', flags: ['saddr'] } }, 'local'), { kind: 'local', field: 'saddr' }],
		['fib -n', 'ip', MATCH({ fib: { result: 'type', flags: ['daddr'] } }, 2), { kind: 'local', field: 'daddr' }],
		['fib 1.1', 'ip', MATCH({ fib: { result: 'type', flags: 'daddr' } }, 'local'), { kind: 'local', field: 'daddr' }],
		['ct state new', 'ip', MATCH({ ct: { key: 'state' } }, 'new', 'in'), { kind: 'new-connection' }],
		['ct state -n', 'ip', MATCH({ ct: { key: 'state' } }, 8, 'in'), { kind: 'new-connection' }],
		['ct status dnat', 'ip', MATCH({ ct: { key: 'status' } }, 'dnat', 'in'), { kind: 'rewritten' }],
		['ct status -n', 'ip', MATCH({ ct: { key: 'status' } }, 32, 'in'), { kind: 'rewritten' }],
		['mark & 0x4000 != 0', 'ip', MATCH({ '&': [META('mark'), 16384] }, 0, '!='), { kind: 'marked', mask: '0x4000' }],
		[
			'mark != 0x00000000/1',
			'ip',
			MATCH(META('mark'), { prefix: { addr: 0, len: 1 } }, '!='),
			{ kind: 'marked', mask: '0x80000000' },
		],
		['numgen', 'ip', MATCH(NUMGEN(3), 0), { kind: 'chance', of: 3 }],
		['protocol alone', 'ip', TCP, { kind: 'compare', field: 'protocol', negate: false, value: 'tcp' }],
		[
			'protocol -n',
			'ip',
			MATCH(META('l4proto'), 132),
			{ kind: 'compare', field: 'protocol', negate: false, value: 'sctp' },
		],
		[
			'th dport',
			'ip',
			MATCH(PAYLOAD('th', 'dport'), 53),
			{ kind: 'compare', field: 'dport', negate: false, value: '53' },
		],
	])('%s', (_, family, match, wanted) => {
		expect(read([match, { drop: null }], family)).toEqual([wanted, { kind: 'drop' }]);
	});
});

describe('the actions of rules', () => {
	const map = (entries: Json, mod: number): Json => ({
		dnat: { family: 'ip', addr: { map: { key: NUMGEN(mod), data: { set: entries } } } },
	});
	const targets: Json = [
		[1, { concat: ['10.0.0.2', 81] }],
		[0, { concat: ['10.0.0.1', 80] }],
	];
	it.each<readonly [string, IpFamily, Json, readonly object[]]>([
		['goto', 'ip', [{ goto: { target: 'a/b' } }], [{ kind: 'goto', chain: 'a/b' }]],
		['jump', 'ip', [{ jump: { target: 'a' } }], [{ kind: 'jump', chain: 'a' }]],
		['return', 'ip', [{ return: null }], [{ kind: 'return' }]],
		['drop', 'ip', [{ drop: null }], [{ kind: 'drop' }]],
		['reject', 'ip', [{ reject: { type: 'icmp', expr: 'port-unreachable' } }], [{ kind: 'reject' }]],
		['reject -n', 'ip', [{ reject: { type: 'icmp', expr: 3 } }], [{ kind: 'reject' }]],
		['reject of IPv6', 'ip6', [{ reject: { type: 'icmpv6', expr: 'port-unreachable' } }], [{ kind: 'reject' }]],
		['reject of IPv6 -n', 'ip6', [{ reject: { type: 'icmpv6', expr: 4 } }], [{ kind: 'reject' }]],
		[
			'vmap',
			'ip',
			[{ vmap: { key: KEY, data: '@services' } }],
			[{ kind: 'dispatch', fields: ['daddr', 'protocol', 'dport'], map: 'services' }],
		],
		[
			'dnat',
			'ip',
			[TCP, { dnat: { addr: '10.0.0.1', port: 80 } }],
			[{ kind: 'dnat', protocol: 'tcp', target: '10.0.0.1:80' }],
		],
		[
			'dnat -n of IPv6',
			'ip6',
			[MATCH(META('l4proto'), 17), { dnat: { family: 'ip6', addr: '::1.2.3.4', port: 80 } }],
			[{ kind: 'dnat', protocol: 'udp', target: '[::102:304]:80' }],
		],
		[
			'chance and dnat',
			'ip',
			[MATCH(NUMGEN(2), 0), TCP, { dnat: { addr: '10.0.0.1', port: 80 } }],
			[
				{ kind: 'chance', of: 2 },
				{ kind: 'dnat', protocol: 'tcp', target: '10.0.0.1:80' },
			],
		],
		[
			'spread',
			'ip',
			[TCP, map(targets, 2)],
			[
				{
					kind: 'spread',
					protocol: 'tcp',
					targets: [
						{ index: 0, address: '10.0.0.1', port: 80 },
						{ index: 1, address: '10.0.0.2', port: 81 },
					],
				},
			],
		],
		['mark', 'ip', [MANGLE({ '|': [META('mark'), 16384] })], [{ kind: 'mark', mask: '0x4000' }]],
		[
			'unmark and masquerade',
			'ip',
			[MANGLE({ '^': [META('mark'), 2147483648] }), { masquerade: { flags: 'fully-random' } }],
			[{ kind: 'unmark', mask: '0x80000000' }, { kind: 'masquerade' }],
		],
		['masquerade 1.1', 'ip', [{ masquerade: { flags: ['fully-random'] } }], [{ kind: 'masquerade' }]],
		[
			'update',
			'ip',
			[{ set: { op: 'update', elem: PAYLOAD('ip', 'saddr'), set: '@affinity/a' } }],
			[{ kind: 'remember', set: 'affinity/a' }],
		],
	])('%s', (_, family, expr, wanted) => {
		expect(read(expr, family)).toEqual(wanted);
	});
});

describe('what is not in our words stays as it is', () => {
	it.each<readonly [string, Json]>([
		['accept', [{ accept: null }]],
		['a counter', [{ counter: { packets: 0, bytes: 0 } }, { drop: null }]],
		['log', [{ log: { prefix: 'x' } }]],
		['another reject', [{ reject: { type: 'tcp reset' } }]],
		['a reject of the other family', [{ reject: { type: 'icmpv6', expr: 'port-unreachable' } }]],
		['plain masquerade', [{ masquerade: null }]],
		['masquerade with more flags', [{ masquerade: { flags: ['random', 'fully-random'] } }]],
		['several states', [MATCH({ ct: { key: 'state' } }, ['established', 'new'], 'in'), { drop: null }]],
		['a source port', [MATCH(PAYLOAD('th', 'sport'), 53), { drop: null }]],
		['a port of TCP', [MATCH(PAYLOAD('tcp', 'dport'), 53), { drop: null }]],
		['an address of the other family', [MATCH(PAYLOAD('ip6', 'saddr'), '::1'), { drop: null }]],
		['less than', [MATCH(PAYLOAD('th', 'dport'), 53, '<'), { drop: null }]],
		['a plain mark', [MATCH(META('mark'), 16384), { drop: null }]],
		['a mark that equals', [MATCH({ '&': [META('mark'), 16384] }, 16384), { drop: null }]],
		['numgen that counts', [MATCH({ numgen: { mode: 'inc', mod: 2, offset: 0 } }, 0), { drop: null }]],
		['numgen with an offset', [MATCH({ numgen: { mode: 'random', mod: 2, offset: 1 } }, 0), { drop: null }]],
		['numgen of another number', [MATCH(NUMGEN(2), 1), { drop: null }]],
		['another protocol', [MATCH(META('l4proto'), 'icmp'), { drop: null }]],
		['a condition after an action', [MANGLE({ '|': [META('mark'), 1] }), TCP, { drop: null }]],
		['dnat without a protocol', [{ dnat: { addr: '10.0.0.1', port: 80 } }]],
		['dnat of another protocol', [MATCH(META('l4proto'), 'tcp', '!='), { dnat: { addr: '10.0.0.1', port: 80 } }]],
		['dnat without a port', [TCP, { dnat: { addr: '10.0.0.1' } }]],
		['dnat with flags', [TCP, { dnat: { addr: '10.0.0.1', port: 80, flags: 'persistent' } }]],
		['dnat after an action', [TCP, MANGLE({ '|': [META('mark'), 1] }), { dnat: { addr: '10.0.0.1', port: 80 } }]],
		[
			'a spread with a hole',
			[TCP, { dnat: { addr: { map: { key: NUMGEN(2), data: { set: [[1, { concat: ['10.0.0.2', 81] }]] } } } } }],
		],
		['snat', [TCP, { snat: { addr: '10.0.0.1', port: 80 } }]],
		['a map in the rule', [{ vmap: { key: META('l4proto'), data: { set: [['tcp', { drop: null }]] } } }]],
		['a mark from a packet', [MANGLE(PAYLOAD('ip', 'saddr'))]],
		['add instead of update', [{ set: { op: 'add', elem: PAYLOAD('ip', 'saddr'), set: '@s' } }]],
		[
			'an element with its own timeout',
			[{ set: { op: 'update', elem: { elem: { val: PAYLOAD('ip', 'saddr'), timeout: 9 } }, set: '@s' } }],
		],
		['two words in one', [{ drop: null, accept: null }]],
		['no object', ['drop', 7, null, ['x']]],
	])('%s', (_, expr) => {
		expect(readRule({ expr, comment: 'a' }, 'ip')).toEqual({ kind: 'foreign', text: JSON.stringify(expr), note: 'a' });
	});
});
