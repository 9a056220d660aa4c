import type { ClusterState } from '../model/cluster-state.ts';
import { IP_FAMILIES } from '../model/ip.ts';

/** Addresses of nodes, endpoints and Services on either side: none of them can stand for clients in general. */
export function takenAddresses(...states: readonly ClusterState[]): ReadonlySet<string> {
	const taken = new Set<string>();
	for (const { nodes, services } of states) {
		for (const { addresses } of nodes) {
			for (const family of IP_FAMILIES) for (const address of addresses[family]) taken.add(address);
		}
		for (const port of services.flatMap((service) => service.ports)) {
			for (const family of IP_FAMILIES) {
				for (const { address } of port.endpoints[family]) taken.add(address);
				const { clusterIp = null, externalIps = [], loadBalancerIps = [] } = port.addresses[family] ?? {};
				for (const address of [clusterIp ?? '', ...externalIps, ...loadBalancerIps]) taken.add(address);
			}
		}
	}
	return taken;
}
