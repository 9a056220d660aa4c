import type { ClusterState, Service } from '../model/cluster-state.ts';
import { cidrContains, IP_FAMILIES, type IpFamily, specialUse } from '../model/ip.ts';
import type { Report } from './documents.ts';

/** Finds out whose an address is; null when it is nobody's we know. */
type OwnerOf = (family: IpFamily, address: string, service: Service) => string | null;

/**
 * Reports external and load-balancer addresses that take traffic meant for a node, a pod network, another Service
 * or a special-purpose network (CVE-2020-8554). They are kept, because kube-proxy keeps them.
 */
export function reportHijacks(state: ClusterState, report: Report): void {
	const ownerOf = addressOwners(state);
	for (const service of state.services) {
		for (const family of IP_FAMILIES) {
			const addresses = service.ports[0]?.addresses[family];
			if (!addresses) continue;
			for (const address of new Set([...addresses.externalIps, ...addresses.loadBalancerIps])) {
				const owner = ownerOf(family, address, service);
				if (owner !== null) reportHijack(service, address, owner, report);
			}
		}
	}
}

function reportHijack(service: Service, address: string, owner: string, report: Report): void {
	report({
		code: 'address-hijack',
		severity: 'warning',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence: `its external address ${address} is ${owner}: it takes traffic meant for that (CVE-2020-8554)`,
		hint: 'make sure that whoever wrote it may do so',
	});
}

function addressOwners(state: ClusterState): OwnerOf {
	const nodeOf = new Map<string, string>();
	for (const node of state.nodes) {
		for (const address of [...node.addresses.ip, ...node.addresses.ip6]) nodeOf.set(address, node.name);
	}
	const clusterIpOf = new Map<string, Service>();
	for (const service of state.services) {
		for (const family of IP_FAMILIES) {
			const address = service.ports[0]?.addresses[family]?.clusterIp;
			if (address) clusterIpOf.set(address, service);
		}
	}
	return (family, address, service) => {
		const use = specialUse(family, address);
		if (use !== null) return `a ${use} address`;
		const node = nodeOf.get(address);
		if (node !== undefined) return `an address of node ${node}`;
		const other = clusterIpOf.get(address);
		if (other !== undefined && other !== service) return `the ClusterIP of Service ${other.namespace}/${other.name}`;
		const podNode = state.nodes.find((each) =>
			each.podCidrs[family].some((cidr) => cidrContains(cidr, family, address)),
		);
		return podNode === undefined ? null : `in the pod network of node ${podNode.name}`;
	};
}
