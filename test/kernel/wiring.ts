import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { execa } from 'execa';

// The namespaces of a lab and the wires between them:
//
//	pods (10.244.1.0/24) ──pods0── node (192.168.10.1) ──eth1── elsewhere (other nodes' pods, and the other nodes)
//	                                     └────eth0── outside (203.0.113.0/24, 192.0.2.0/24)
//
// Each namespace but the node owns whole networks, by local routes, so that any address in them can send and answer.

/** Who can send packets: a pod of this node, the node itself, something of another node, somebody outside the cluster. */
export type Place = 'pods' | 'node' | 'elsewhere' | 'outside';

export const PLACES: readonly Place[] = ['pods', 'node', 'elsewhere', 'outside'];

/** The interface of the node that leads to its pods. */
export const POD_INTERFACE = 'pods0';

/** The interfaces of the node that lead to the other places. */
export const NODE_SIDE: Readonly<Record<Exclude<Place, 'node'>, string>> = {
	pods: POD_INTERFACE,
	elsewhere: 'eth1',
	outside: 'eth0',
};

const OWN_NETWORKS: Readonly<Record<Exclude<Place, 'node'>, readonly string[]>> = {
	pods: ['10.244.1.0/24', 'fd00:10:244:1::/64'],
	elsewhere: ['10.244.0.0/16', '192.168.10.0/24', 'fd00:10:244::/48', 'fd00:192:168:10::/64'],
	outside: ['203.0.113.0/24', '192.0.2.0/24', '2001:db8:113::/64', '2001:db8:2::/64'],
};

/** The node's addresses: the primary ones first, then others that NodePorts may or may not answer on. */
const NODE_ADDRESSES = ['192.168.10.1/32', '172.30.0.1/32', 'fd00:192:168:10::1/128', '2001:db8:30::1/128'];

export type Namespaces = Readonly<Record<Place, string>>;

const PREFIX = 'nftgen';
let labs = 0;

/** Names that no other lab has: they carry the id of this process. */
export function nameNamespaces(): Namespaces {
	labs++;
	const name = (place: Place) => `${PREFIX}-${process.pid}-${labs}-${place}`;
	return { pods: name('pods'), node: name('node'), elsewhere: name('elsewhere'), outside: name('outside') };
}

/** Creates the namespaces and connects them. */
export async function wire(names: Namespaces): Promise<void> {
	const others = ['pods', 'elsewhere', 'outside'] as const;
	const script = [
		...PLACES.flatMap((place) => createNamespace(names[place], place)),
		...others.flatMap((place) => connect(names, place)),
		...NODE_ADDRESSES.map((address) => `ip -n ${names.node} address add ${address} dev eth0 ${nodad(address)}`),
		...nodeRoutes(names.node),
		...others.flatMap((place) => ownNetworks(names[place], OWN_NETWORKS[place])),
	];
	await execa('sh', ['-eu'], { input: script.join('\n') });
}

function createNamespace(name: string, place: Place): string[] {
	const settings = place === 'node' ? { ...SETTINGS, ...NODE_SETTINGS } : { ...SETTINGS, ...OTHER_SETTINGS };
	const writes = Object.entries(settings).map(([key, value]) => `echo ${value} > /proc/sys/net/${key}`);
	return [
		`ip netns add ${name}`,
		`ip netns exec ${name} sh -eu -c '${writes.join('; ')}'`,
		`ip -n ${name} link set lo up`,
	];
}

const SETTINGS = {
	// Addresses are usable at once: no duplicate address detection.
	'ipv6/conf/default/accept_dad': 0,
	'ipv6/conf/default/accept_ra': 0,
	'ipv6/conf/default/accept_redirects': 0,
	'ipv6/conf/all/accept_redirects': 0,
	'ipv4/conf/all/accept_redirects': 0,
	'ipv4/conf/default/accept_redirects': 0,
	'ipv4/conf/all/send_redirects': 0,
	'ipv4/conf/default/send_redirects': 0,
	'ipv4/conf/all/rp_filter': 0,
	'ipv4/conf/default/rp_filter': 0,
	// Each refusal has to arrive, however many there are: no limit on the rate of ICMP errors.
	'ipv4/icmp_ratelimit': 0,
	'ipv6/icmp/ratelimit': 0,
};

const NODE_SETTINGS = { 'ipv4/ip_forward': 1, 'ipv6/conf/all/forwarding': 1 };

const OTHER_SETTINGS = {
	// A pod may hear from another pod of the same namespace, by way of the node.
	'ipv4/conf/all/accept_local': 1,
	// Binding to an IPv6 address that is the namespace's only by a local route.
	'ipv6/ip_nonlocal_bind': 1,
};

/** A wire from the node; link-local IPv6 addresses carry IPv4 too, so that no transit network is needed. */
function connect(names: Namespaces, place: Exclude<Place, 'node'>): string[] {
	const [node, other, device] = [names.node, names[place], NODE_SIDE[place]];
	return [
		`ip link add ${device} netns ${node} type veth peer name eth0 netns ${other}`,
		`ip -n ${node} link set ${device} addrgenmode none up`,
		`ip -n ${other} link set eth0 addrgenmode none up`,
		`ip -n ${node} address add fe80::1/64 dev ${device} nodad`,
		`ip -n ${other} address add fe80::2/64 dev eth0 nodad`,
	];
}

function nodeRoutes(node: string): string[] {
	const routes: readonly (readonly [string, string])[] = [
		['10.244.1.0/24', POD_INTERFACE],
		['10.244.0.0/16', 'eth1'],
		['192.168.10.0/24', 'eth1'],
		['0.0.0.0/0', 'eth0'],
		['fd00:10:244:1::/64', POD_INTERFACE],
		['fd00:10:244::/48', 'eth1'],
		['fd00:192:168:10::/64', 'eth1'],
		['::/0', 'eth0'],
	];
	return routes.map(([network, device]) =>
		network.includes(':')
			? `ip -n ${node} -6 route add ${network} via fe80::2 dev ${device} src fd00:192:168:10::1`
			: `ip -n ${node} route add ${network} via inet6 fe80::2 dev ${device} src 192.168.10.1`,
	);
}

/**
 * Makes networks the namespace's own and sends everything that starts here to the node, even what is for another address
 * of the same namespace: so two pods in it meet by way of the node, as two pods do.
 */
function ownNetworks(name: string, networks: readonly string[]): string[] {
	const families = ['-4', '-6'].flatMap((family) => [
		`ip -n ${name} ${family} rule add pref 10 iif lo lookup 100`,
		`ip -n ${name} ${family} rule add pref 100 lookup local`,
		`ip -n ${name} ${family} rule del pref 0`,
		`ip -n ${name} ${family} route add default via ${family === '-4' ? 'inet6 ' : ''}fe80::1 dev eth0 table 100`,
	]);
	const local = networks.map(
		(network) => `ip -n ${name} ${network.includes(':') ? '-6' : '-4'} route add local ${network} dev lo`,
	);
	return [...families, ...local];
}

function nodad(address: string): string {
	return address.includes(':') ? 'nodad' : '';
}

/** Removes the namespaces with all that is in them. */
export function unwire(names: Namespaces): void {
	for (const place of PLACES) removeNamespace(names[place]);
}

/** Removes what runs left behind that were killed before they could tidy up. */
export function removeOrphans(): void {
	if (!existsSync('/run/netns')) return;
	for (const name of readdirSync('/run/netns')) {
		const pid = /^nftgen-(\d+)-\d+-\w+$/.exec(name)?.[1];
		if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNamespace(name);
	}
}

function removeNamespace(name: string): void {
	if (existsSync(`/run/netns/${name}`)) execFileSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
}
