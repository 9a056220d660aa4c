import type { ClusterState, ServicePort } from '../../src/model/cluster-state.ts';

/** So many elements nft gets in one command, as where this layout was first measured; all in one take as long. */
const ELEMENTS_PER_COMMAND = 1_000;

const TABLE = 'ip floor';
const DESTINATION = 'ip daddr . meta l4proto . th dport';

/** The network of all pods: whoever is not in it is masqueraded. */
interface FloorSettings {
	readonly podNetwork: string;
}

/**
 * The fewest commands that could serve a cluster's ClusterIPs, which is the fastest layout known: one map of all Services,
 * one map of all endpoints, and a chain for each *number* of endpoints. No Service can be read in it. IPv4 only.
 */
export function floorRuleset(state: ClusterState, { podNetwork }: FloorSettings): string {
	const ports = state.services.flatMap(({ ports }) => ports).filter(({ endpoints }) => endpoints.ip.length > 0);
	const sizes = [...new Set(ports.map(sizeOf))].sort((a, b) => a - b);
	return [
		`add table ${TABLE}\ndelete table ${TABLE}\n`,
		skeleton(podNetwork, sizes.at(-1) ?? 1),
		...sizes.map((size) =>
			chainOf(
				size,
				ports.filter((port) => sizeOf(port) === size),
			),
		),
		...commands('services', ports.flatMap(serviceElement)),
		...commands('endpoints', ports.flatMap(endpointElements)),
	].join('');
}

function skeleton(podNetwork: string, most: number): string {
	return `table ${TABLE} {
	map services {
		type ipv4_addr . inet_proto . inet_service : verdict
	}
	map endpoints {
		typeof ${DESTINATION} . numgen random mod ${most} : ip daddr . th dport
	}
	chain nat-prerouting {
		type nat hook prerouting priority -100
		jump dispatch
	}
	chain nat-output {
		type nat hook output priority -100
		jump dispatch
	}
	chain nat-postrouting {
		type nat hook postrouting priority 100
		ct status dnat ip saddr != ${podNetwork} masquerade fully-random
	}
	chain dispatch {
		${DESTINATION} vmap @services
	}
}
`;
}

/** `th dport` alone does not tell nft that there is a port to rewrite: each protocol has a rule. */
function chainOf(size: number, ports: readonly ServicePort[]): string {
	const protocols = [...new Set(ports.map(({ protocol }) => protocol))].sort();
	const rules = protocols.map(
		(protocol) => `\t\tmeta l4proto ${protocol} dnat ip to ${DESTINATION} . numgen random mod ${size} map @endpoints\n`,
	);
	return `table ${TABLE} {\n\tchain one-of-${size} {\n${rules.join('')}\t}\n}\n`;
}

function sizeOf({ endpoints }: ServicePort): number {
	return endpoints.ip.length;
}

function keyOf({ addresses, protocol, port }: ServicePort): string | null {
	const clusterIp = addresses.ip?.clusterIp ?? null;
	return clusterIp === null ? null : `${clusterIp} . ${protocol} . ${port}`;
}

function serviceElement(port: ServicePort): readonly string[] {
	const key = keyOf(port);
	return key === null ? [] : [`${key} : goto one-of-${sizeOf(port)}`];
}

function endpointElements(servicePort: ServicePort): readonly string[] {
	const key = keyOf(servicePort);
	if (key === null) return [];
	return servicePort.endpoints.ip.map(({ address, port }, index) => `${key} . ${index} : ${address} . ${port}`);
}

function commands(map: string, elements: readonly string[]): readonly string[] {
	const all: string[] = [];
	for (let from = 0; from < elements.length; from += ELEMENTS_PER_COMMAND) {
		all.push(`add element ${TABLE} ${map} {\n${elements.slice(from, from + ELEMENTS_PER_COMMAND).join(',\n')}\n}\n`);
	}
	return all;
}
