import type { IpFamily } from '../../src/model/ip.ts';
import type { KubeProxyRelease } from './release.ts';

/** What of a node the common rules of kube-proxy speak of. */
export interface KubeProxyNode {
	readonly family: IpFamily;
	/** the network of all pods; null masquerades nothing */
	readonly podNetwork: string | null;
	readonly nodePortIps: readonly string[];
}

/** Sets and maps that kube-proxy has in every table, with the elements given for them. */
export function namedSets(
	release: KubeProxyRelease,
	family: IpFamily,
	elements: Readonly<Record<string, readonly string[]>>,
): string {
	const address = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
	const destination = `${address} . inet_proto . inet_service`;
	const sets = [
		['set', 'cluster-ips', address],
		['set', 'nodeport-ips', address],
		...(release === '1.35' ? [] : [['set', 'hairpin-connections', `${address} . ${destination}`] as const]),
		['map', 'service-ips', `${destination} : verdict`],
		['map', 'service-nodeports', 'inet_proto . inet_service : verdict'],
		['map', 'no-endpoint-services', `${destination} : verdict`],
		['map', 'no-endpoint-nodeports', 'inet_proto . inet_service : verdict'],
		['map', 'firewall-ips', `${destination} : verdict`],
	] as const;
	return sets
		.map(([kind, name, type]) => block(`${kind} ${name}`, [`type ${type}`, ...list(elements[name] ?? [])]))
		.join('');
}

/** The chains that kube-proxy has in every table: base chains with their hooks, and what they jump to. */
export function commonChains(release: KubeProxyRelease, node: KubeProxyNode): string {
	const { family, podNetwork, nodePortIps } = node;
	const destination = `${family} daddr . meta l4proto . th dport`;
	const masquerade = `${family} daddr @cluster-ips ${family} saddr != ${podNetwork} mark set mark or 0x00004000`;
	const onNodePort = nodePortIps.length > 0 ? `${family} daddr @nodeport-ips` : 'fib daddr type local';
	const check = (...chains: readonly string[]) => chains.map((chain) => `ct state new jump ${chain}`);
	return [
		base('filter-prerouting-pre-dnat', 'filter hook prerouting priority -110', check('firewall-check')),
		base('filter-output-pre-dnat', 'filter hook output priority -110', check('firewall-check')),
		base('filter-input', 'filter hook input priority 0', check('nodeport-endpoints-check', 'service-endpoints-check')),
		base('filter-forward', 'filter hook forward priority 0', check('service-endpoints-check', 'cluster-ips-check')),
		base('filter-output', 'filter hook output priority 0', check('service-endpoints-check', 'cluster-ips-check')),
		base('nat-prerouting', 'nat hook prerouting priority -100', ['jump services']),
		base('nat-output', 'nat hook output priority -100', ['jump services']),
		base('nat-postrouting', 'nat hook postrouting priority 100', ['jump masquerading']),
		chain('services', [
			// Up to 1.35 this stands in the chain of each Service.
			...(podNetwork === null || release === '1.35' ? [] : [masquerade]),
			`${destination} vmap @service-ips`,
			`${onNodePort} meta l4proto . th dport vmap @service-nodeports`,
		]),
		chain('masquerading', [
			'mark and 0x00004000 != 0 mark set mark xor 0x00004000 masquerade fully-random',
			...(release === '1.35'
				? []
				: [`ct status dnat ${family} saddr . ${destination} @hairpin-connections masquerade fully-random`]),
		]),
		...(release === '1.35' ? [chain('mark-for-masquerade', ['mark set mark or 0x00004000'])] : []),
		chain('service-endpoints-check', [`${destination} vmap @no-endpoint-services`]),
		chain('nodeport-endpoints-check', [`${onNodePort} meta l4proto . th dport vmap @no-endpoint-nodeports`]),
		chain('firewall-check', [`${destination} vmap @firewall-ips`]),
		chain('cluster-ips-check', [`${family} daddr @cluster-ips reject`]),
		chain('reject-chain', ['reject']),
	].join('');
}

/** A chain that others lead to. */
export function chain(name: string, rules: readonly string[]): string {
	return block(`chain ${name}`, rules);
}

function base(name: string, hook: string, rules: readonly string[]): string {
	return block(`chain ${name}`, [`type ${hook}`, ...rules]);
}

function block(head: string, lines: readonly string[]): string {
	return `\t${head} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`;
}

function list(elements: readonly string[]): readonly string[] {
	return elements.length === 0 ? [] : ['elements = {', ...elements.map((element) => `\t${element},`), '}'];
}
