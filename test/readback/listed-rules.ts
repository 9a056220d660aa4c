import type { IpFamily } from '../../src/model/ip.ts';
import type { Action, Match, Rule } from '../../src/model/ruleset.ts';

/** A rule, and how nft lists it. */
export interface ListedRule {
	readonly family: IpFamily;
	readonly rule: Rule;
	readonly text: string;
}

function listed(
	family: IpFamily,
	when: readonly Match[],
	then: readonly Action[],
	text: string,
	note: string | null = null,
) {
	return { family, rule: { kind: 'rule', when, then, note }, text } as const;
}

const DROP: Action = { kind: 'drop' };
const from = (value: string, negate = false): Match => ({ kind: 'compare', field: 'saddr', negate, value });
const among = (...values: readonly string[]): Match => ({ kind: 'among', field: 'daddr', negate: false, values });
const target = (index: number, address: string) => ({ index, address, port: 8080 + index });
const SOCKET = ['daddr', 'protocol', 'dport'] as const;

const MATCHES: readonly ListedRule[] = [
	listed('ip', [from('10.0.0.1')], [DROP], 'ip saddr 10.0.0.1 drop'),
	listed('ip', [from('10.0.0.0/8')], [{ kind: 'return' }], 'ip saddr 10.0.0.0/8 return'),
	listed('ip', [from('127.0.0.0/8', true)], [DROP], 'ip saddr != 127.0.0.0/8 drop'),
	listed('ip', [from('0.0.0.0/0')], [DROP], 'ip saddr 0.0.0.0/0 drop'),
	listed('ip6', [from('2001:db8:8000::/33')], [DROP], 'ip6 saddr 2001:db8:8000::/33 drop'),
	listed('ip6', [from('::/0')], [DROP], 'ip6 saddr ::/0 drop'),
	listed('ip6', [from('::1', true)], [DROP], 'ip6 saddr != ::1 drop'),
	listed('ip6', [from('::102:304')], [DROP], 'ip6 saddr ::1.2.3.4 drop'),
	listed('ip6', [from('::1:0')], [DROP], 'ip6 saddr ::0.1.0.0 drop'),
	listed('ip6', [from('::102:300/120')], [DROP], 'ip6 saddr ::1.2.3.0/120 drop'),
	listed('ip6', [from('::ffff:102:304')], [DROP], 'ip6 saddr ::ffff:1.2.3.4 drop'),
	listed('ip6', [from('::ffff:1')], [DROP], 'ip6 saddr ::255.255.0.1 drop'),
	listed('ip6', [from('64:ff9b::102:304')], [DROP], 'ip6 saddr 64:ff9b::102:304 drop'),
	listed('ip6', [from('2001:db8:0:1:0:1:0:1')], [DROP], 'ip6 saddr 2001:db8:0:1:0:1:0:1 drop'),
	listed('ip', [among('10.98.0.0/16', '10.96.0.0/16')], [DROP], 'ip daddr { 10.96.0.0/16, 10.98.0.0/16 } drop'),
	listed('ip', [among('10.96.0.0/16', '10.97.0.0/16')], [DROP], 'ip daddr { 10.96.0.0/15 } drop'),
	listed(
		'ip',
		[among('10.96.0.0/16', '10.97.0.0/16', '10.98.0.0/16', '192.0.2.1')],
		[DROP],
		'ip daddr { 10.96.0.0-10.98.255.255, 192.0.2.1 } drop',
	),
	listed('ip', [among('0.0.0.0/1', '128.0.0.0/1')], [DROP], 'ip daddr { 0.0.0.0/0 } drop'),
	listed('ip6', [among('fd00:2::/112', '::100:0/112')], [DROP], 'ip6 daddr { ::1.0.0.0/112, fd00:2::/112 } drop'),
	listed('ip', [{ kind: 'member', fields: ['saddr'], negate: true, set: 'some' }], [DROP], 'ip saddr != @some drop'),
	listed(
		'ip6',
		[{ kind: 'rewritten' }, { kind: 'member', fields: ['saddr', ...SOCKET], negate: false, set: 'pairs' }],
		[{ kind: 'masquerade' }],
		'ct status 0x20 ip6 saddr . ip6 daddr . meta l4proto . th dport @pairs masquerade fully-random',
	),
	listed('ip', [{ kind: 'interface', negate: false, name: 'br0' }], [DROP], 'iifname "br0" drop'),
	listed('ip', [{ kind: 'interface', negate: true, name: 'cali*' }], [DROP], 'iifname != "cali*" drop'),
	listed('ip', [{ kind: 'local', field: 'saddr' }], [DROP], 'fib saddr type 2 drop'),
	listed('ip', [{ kind: 'new-connection' }], [{ kind: 'jump', chain: 'other' }], 'ct state 0x8 jump other'),
	listed('ip', [{ kind: 'marked', mask: '0x4000' }], [DROP], 'meta mark & 0x00004000 != 0x00000000 drop'),
	listed('ip', [{ kind: 'marked', mask: '0x1' }], [DROP], 'meta mark & 0x00000001 != 0x00000000 drop'),
	listed('ip', [{ kind: 'marked', mask: '0x80000000' }], [DROP], 'meta mark & 0x80000000 != 0x00000000 drop'),
];

const ACTIONS: readonly ListedRule[] = [
	listed('ip', [], [{ kind: 'reject' }], 'reject'),
	listed('ip6', [], [{ kind: 'reject' }], 'reject', null),
	listed(
		'ip',
		[],
		[{ kind: 'goto', chain: 'other' }],
		'goto other comment "pods, {inside}: Cluster; é"',
		'pods, {inside}: "Cluster"; é',
	),
	listed('ip', [], [DROP], `drop comment "${'x'.repeat(128)}"`, 'x'.repeat(200)),
	listed(
		'ip',
		[],
		[{ kind: 'dispatch', fields: SOCKET, map: 'where' }],
		'ip daddr . meta l4proto . th dport vmap @where',
	),
	listed('ip', [], [{ kind: 'mark', mask: '0x80000000' }], 'meta mark set meta mark | 0x80000000'),
	listed('ip', [], [{ kind: 'unmark', mask: '0x4000' }], 'meta mark set meta mark ^ 0x00004000'),
	listed('ip', [], [{ kind: 'remember', set: 'clients' }], 'update @clients { ip saddr }'),
	listed('ip6', [], [{ kind: 'remember', set: 'clients' }], 'update @clients { ip6 saddr }'),
	listed(
		'ip',
		[{ kind: 'chance', of: 5 }],
		[{ kind: 'dnat', protocol: 'tcp', target: '10.128.0.4:8080' }],
		'numgen random mod 5 0 meta l4proto 6 dnat to 10.128.0.4:8080',
	),
	listed('ip', [], [{ kind: 'dnat', protocol: 'sctp', target: '10.1.0.4:1' }], 'meta l4proto 132 dnat to 10.1.0.4:1'),
	listed(
		'ip6',
		[],
		[{ kind: 'dnat', protocol: 'udp', target: '[::102:304]:80' }],
		'meta l4proto 17 dnat to [::1.2.3.4]:80 comment "only here"',
		'only here',
	),
	listed(
		'ip',
		[],
		[{ kind: 'spread', protocol: 'tcp', targets: [target(0, '10.1.0.9'), target(1, '10.1.0.1')] }],
		'meta l4proto 6 dnat ip to numgen random mod 2 map { 0 : 10.1.0.9 . 8080, 1 : 10.1.0.1 . 8081 }',
	),
	listed(
		'ip6',
		[],
		[{ kind: 'spread', protocol: 'udp', targets: [target(0, 'fd00::9'), target(1, '::102:304')] }],
		'meta l4proto 17 dnat ip6 to numgen random mod 2 map { 0 : fd00::9 . 8080, 1 : ::1.2.3.4 . 8081 }',
	),
];

/** Every kind of match and action that rulesets have. */
export const LISTED_RULES: readonly ListedRule[] = [...MATCHES, ...ACTIONS];
