import type { ByFamily } from '../../model/ip.ts';

// Two namespaces and a wire:
//
//	node (its own addresses) ──eth0──────eth0── network (every other address there is)
//
// The network owns all addresses, by a local route to everything, so that anybody can send and answer. What starts there goes
// to the node even when it is for an address of the network: so two pods meet by way of the node.

/** The node's side. @param peer the process that keeps the network's namespace; @param own the node's addresses, one of each family at least */
export function nodeScript(peer: number, own: ByFamily<readonly string[]>): string {
	const address = (text: string) =>
		`ip address add ${text}/${text.includes(':') ? '128 dev eth0 nodad' : '32 dev eth0'}`;
	return [
		...settings({ ...COMMON, 'ipv4/ip_forward': '1', 'ipv6/conf/all/forwarding': '1' }),
		'ip link set lo up',
		`ip link add eth0 type veth peer name eth0 netns ${peer}`,
		'ip link set eth0 addrgenmode none up',
		'ip address add fe80::1/64 dev eth0 nodad',
		...own.ip.map(address),
		// The kernel prefers the address that was added last.
		...[...own.ip6].reverse().map(address),
		// Link-local IPv6 addresses carry IPv4 too, so that no transit network is needed.
		`ip -4 route add 0.0.0.0/0 via inet6 fe80::2 dev eth0 src ${own.ip[0]}`,
		`ip -6 route add default via fe80::2 dev eth0 src ${own.ip6[0]}`,
	].join('\n');
}

/** The network's side, once the node's is there. */
export function networkScript(): string {
	return [
		...settings({
			...COMMON,
			'ipv4/conf/all/accept_local': '1',
			'ipv4/ip_nonlocal_bind': '1',
			'ipv6/ip_nonlocal_bind': '1',
		}),
		'ip link set lo up',
		'ip link set eth0 addrgenmode none up',
		'ip address add fe80::2/64 dev eth0 nodad',
		...['-4', '-6'].flatMap((family) => [
			`ip ${family} rule add pref 10 iif lo lookup 100`,
			`ip ${family} rule add pref 100 lookup local`,
			`ip ${family} rule del pref 0`,
			`ip ${family} route add ${everything(family)} via ${family === '-4' ? 'inet6 ' : ''}fe80::1 dev eth0 table 100`,
			`ip ${family} route add local ${everything(family)} dev lo`,
		]),
	].join('\n');
}

const COMMON = {
	// Addresses are usable at once: no duplicate address detection.
	'ipv6/conf/default/accept_dad': '0',
	'ipv6/conf/all/accept_redirects': '0',
	'ipv4/conf/all/accept_redirects': '0',
	'ipv4/conf/all/send_redirects': '0',
	'ipv4/conf/default/send_redirects': '0',
	'ipv4/conf/all/rp_filter': '0',
	'ipv4/conf/default/rp_filter': '0',
	// Each refusal has to arrive, however many there are: no limit on the rate of ICMP errors.
	'ipv4/icmp_ratelimit': '0',
	'ipv4/icmp_ratemask': '0',
	'ipv6/icmp/ratelimit': '0',
};

function settings(values: Readonly<Record<string, string>>): readonly string[] {
	return Object.entries(values).map(([key, value]) => `echo ${value} > /proc/sys/net/${key}`);
}

/** `default` would be taken for the family of the gateway. */
function everything(family: string): string {
	return family === '-4' ? '0.0.0.0/0' : '::/0';
}
