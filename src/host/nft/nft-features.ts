import type { IpFamily } from '../../model/ip.ts';

/** A part of a table that needs one feature, words in capitals standing for nft's. */
export interface Feature {
	readonly name: string;
	readonly needed: string;
	/** what the kernel is built with for it */
	readonly kernel: string;
	readonly snippet: readonly string[];
}

const MAP = 'map m { typeof FAMILY daddr . meta l4proto . th dport : verdict; }';
const NAT = 'type nat hook prerouting priority -100';
const DYNAMIC_SET = 'set s { typeof FAMILY saddr; flags dynamic,timeout; timeout 10s; }';

/** All that our rulesets use. */
export const FEATURES: readonly Feature[] = [
	feature('rule comments', 'every ruleset has some', 'nf_tables', ['chain c { drop comment "a"; }']),
	feature('element comments', 'Services without endpoints have one', 'nf_tables', [
		'map m { typeof th dport : verdict; elements = { 80 comment "a" : drop }; }',
	]),
	feature('concatenated verdict maps', 'Services are looked up in them', 'nf_tables', [
		MAP,
		'chain c { FAMILY daddr . meta l4proto . th dport vmap @m; }',
	]),
	feature('interval sets', 'pod networks are one', 'nf_tables', ['set s { typeof FAMILY saddr; flags interval; }']),
	feature('dynamic sets', 'session affinity needs them', 'nf_tables', [
		DYNAMIC_SET,
		'chain c { update @s { FAMILY saddr }; }',
	]),
	feature('connection tracking', 'only first packets are checked', 'NFT_CT', [
		'chain c { ct state new ct status dnat drop; }',
	]),
	feature('numgen', 'Services with several endpoints draw one', 'NFT_NUMGEN', [
		'chain c { numgen random mod 2 == 0 drop; }',
	]),
	feature('fib', "NodePorts ask whether an address is the node's", 'NFT_FIB_IPV4, NFT_FIB_IPV6', [
		'chain c { type filter hook input priority 0; fib saddr type local fib daddr type local drop; }',
	]),
	feature('reject', 'Services without endpoints refuse connections', 'NFT_REJECT', [
		'chain c { type filter hook input priority 0; reject; }',
	]),
	feature('nat', 'connections are sent to endpoints', 'NFT_NAT', [
		`chain c { ${NAT}; meta l4proto tcp dnat to TARGET:80; }`,
	]),
	feature('nat maps', 'Services with many endpoints draw from one', 'NFT_NAT, NFT_NUMGEN', [
		`chain c { ${NAT}; meta l4proto tcp dnat FAMILY addr . port to numgen random mod 1 map { 0 : ADDRESS . 80 }; }`,
	]),
	feature('masquerade', 'answers have to come back through the node', 'NFT_MASQ', [
		'chain c { type nat hook postrouting priority 100; meta mark & 0x4000 != 0 meta mark set meta mark ^ 0x4000 masquerade fully-random; }',
	]),
];

function feature(name: string, needed: string, kernel: string, snippet: readonly string[]): Feature {
	return { name, needed, kernel, snippet };
}

const WORDS: Readonly<Record<IpFamily, Readonly<Record<string, string>>>> = {
	ip: { ADDRESS: '192.0.2.1', TARGET: '192.0.2.1', FAMILY: 'ip' },
	ip6: { ADDRESS: '2001:db8::1', TARGET: '[2001:db8::1]', FAMILY: 'ip6' },
};

/** A table with some lines in it that needs one feature, or none. @param family whose words stand in it */
export function tableText(table: string, family: IpFamily, snippet: readonly string[]): string {
	const words = WORDS[family];
	const lines = snippet.map((line) => line.replace(/ADDRESS|TARGET|FAMILY/g, (word) => words[word] ?? word));
	return `table ${family} ${table} {\n${lines.map((line) => `\t${line}\n`).join('')}}\n`;
}
