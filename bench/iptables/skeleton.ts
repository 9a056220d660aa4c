/** The bit of a packet's mark that says it is to be masqueraded. */
const MARK = '0x4000/0x4000';

/** A table in the form of `iptables-save`. */
export function table(name: string, chains: readonly string[], rules: readonly string[]): string {
	return [`*${name}`, ...chains.map((chain) => `:${chain} - [0:0]`), ...rules, 'COMMIT', ''].join('\n');
}

/** A rule's comment, which takes the same room in the kernel whatever it says. */
export function comment(text: string): string {
	return `-m comment --comment "${text}"`;
}

/** The filter table, of which Services with ready endpoints and no external address need nothing of their own. */
export function filterTable(): string {
	const forNew = '-m conntrack --ctstate NEW';
	const chains = ['SERVICES', 'EXTERNAL-SERVICES', 'FORWARD', 'NODEPORTS', 'PROXY-FIREWALL', 'FIREWALL'];
	return table(
		'filter',
		chains.map((chain) => `KUBE-${chain}`),
		[
			// Each one is put in front of those before it.
			...leading('INPUT', [
				'-j KUBE-FIREWALL',
				`${forNew} ${comment('load balancer firewall')} -j KUBE-PROXY-FIREWALL`,
				`${comment('health check ports')} -j KUBE-NODEPORTS`,
				`${forNew} ${comment('external addresses')} -j KUBE-EXTERNAL-SERVICES`,
			]),
			...leading('FORWARD', [
				`${forNew} ${comment('load balancer firewall')} -j KUBE-PROXY-FIREWALL`,
				`${comment('forwarding')} -j KUBE-FORWARD`,
				`${forNew} ${comment('services')} -j KUBE-SERVICES`,
				`${forNew} ${comment('external addresses')} -j KUBE-EXTERNAL-SERVICES`,
			]),
			...leading('OUTPUT', [
				'-j KUBE-FIREWALL',
				`${forNew} ${comment('load balancer firewall')} -j KUBE-PROXY-FIREWALL`,
				`${forNew} ${comment('services')} -j KUBE-SERVICES`,
			]),
			`-A KUBE-FIREWALL ${comment('not from elsewhere to localhost')} -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`,
			'-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
			`-A KUBE-FORWARD ${comment('forwarding')} -m mark --mark ${MARK} -j ACCEPT`,
			`-A KUBE-FORWARD ${comment('forwarding what is known')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
		],
	);
}

/** The nat table: what is the same for all Services, and their chains and rules in between. */
export function natTable(chains: readonly string[], rules: readonly string[]): string {
	return table(
		'nat',
		['KUBE-SERVICES', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ', ...chains],
		[
			...leading('PREROUTING', [`${comment('services')} -j KUBE-SERVICES`]),
			...leading('OUTPUT', [`${comment('services')} -j KUBE-SERVICES`]),
			...leading('POSTROUTING', [`${comment('masquerading')} -j KUBE-POSTROUTING`]),
			`-A KUBE-POSTROUTING -m mark ! --mark ${MARK} -j RETURN`,
			'-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
			`-A KUBE-POSTROUTING ${comment('masquerading')} -j MASQUERADE --random-fully`,
			'-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000',
			...rules,
			`-A KUBE-SERVICES ${comment('node ports, after all else')} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`,
		],
	);
}

function leading(chain: string, rules: readonly string[]): readonly string[] {
	return rules.map((rule) => `-A ${chain} ${rule}`);
}
