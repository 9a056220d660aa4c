import { IP_FAMILIES, type IpFamily } from '../../model/ip.ts';
import type { Listener } from '../../model/probe.ts';
import { DATAGRAM } from './messages.ts';

// Who comes to an address where nobody listens must not be refused by it: that would look like a refusal of the node. So the
// network drops such packets, and remembers where they wanted to.

/** Rules for the network's namespace. @param listeners all that are there */
export function strayRules(listeners: readonly Listener[]): string {
	return IP_FAMILIES.map((family) => tableOf(family, listeners)).join('');
}

export const STRAY_TABLE = 'strays';
export const STRAY_SET = 'strays';

function tableOf(family: IpFamily, listeners: readonly Listener[]): string {
	const target = `${family} daddr . meta l4proto . th dport`;
	const elements = listeners
		.filter(({ at, address }) => at === 'network' && address.includes(':') === (family === 'ip6'))
		.map(({ protocol, address, port }) => `${address} . ${protocol} . ${port}`);
	const nobody = `${target} != @listeners`;
	const remember = `add @${STRAY_SET} { ${target} }`;
	return `table ${family} ${STRAY_TABLE} {
	set listeners {
		typeof ${target}
		${elements.length === 0 ? '' : `elements = { ${elements.join(', ')} }`}
	}
	set ${STRAY_SET} {
		typeof ${target}
		size 65535
		flags dynamic
	}
	chain input {
		type filter hook input priority 0
		tcp flags & (syn | ack) == syn ${nobody} ${remember} drop
		meta l4proto udp @th,64,8 ${DATAGRAM.charCodeAt(0)} ${nobody} ${remember} drop
	}
}
`;
}
