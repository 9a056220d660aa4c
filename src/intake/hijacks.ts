import type { ClusterState, Node, Service } from '../model/cluster-state.ts';
import { cidrText, IP_FAMILIES, type IpFamily, parseCidr, specialUse } from '../model/ip.ts';
import type { Report } from './fields.ts';

/**
 * Reports external and load-balancer addresses that take traffic meant for a node, a pod network, another Service
 * or a special-purpose network (CVE-2020-8554). They are kept, because kube-proxy keeps them.
 */
export function reportHijacks(state: ClusterState, report: Report): void {
	const ownerOf = addressOwners(state);
	for (const service of state.services) {
		for (const family of IP_FAMILIES) {
			for (const address of outsideAddresses(service, family)) {
				const owner = ownerOf(family, address, service);
				if (owner !== null) reportHijack(service, address, owner, report);
			}
		}
	}
}

function outsideAddresses({ ports }: Service, family: IpFamily): ReadonlySet<string> {
	const found = ports.map((port) => port.addresses[family]);
	return new Set(found.flatMap((each) => (each === null ? [] : [...each.externalIps, ...each.loadBalancerIps])));
}

function reportHijack(service: Service, address: string, owner: string, report: Report): void {
	report({
		code: 'address-hijack',
		severity: 'warning',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence: `its external address ${address} is ${owner}: it takes traffic that is not meant for it`,
		hint: 'CVE-2020-8554: make sure that whoever wrote it may do so',
	});
}

/** Finds out whose an address is; null when it is nobody's we know. */
type OwnerOf = (family: IpFamily, address: string, service: Service) => string | null;

function addressOwners({ nodes, services }: ClusterState): OwnerOf {
	const nodeOf = new Map<string, string>();
	for (const { name, addresses } of nodes) {
		for (const address of [...addresses.ip, ...addresses.ip6]) nodeOf.set(address, name);
	}
	const clusterIpOf = clusterIps(services);
	const podNodeOf = podNetworks(nodes);
	return (family, address, service) => {
		const use = specialUse(family, address);
		if (use !== null) return use;
		const node = nodeOf.get(address);
		if (node !== undefined) return `an address of node ${node}`;
		const other = clusterIpOf.get(address);
		if (other !== undefined && other !== service) return `the ClusterIP of Service ${other.namespace}/${other.name}`;
		const podNode = podNodeOf(address);
		return podNode === undefined ? null : `in the pod network of node ${podNode}`;
	};
}

/** Every ClusterIP with the Service that holds it; a claim of another Service may have taken it from single ports. */
export function clusterIps(services: readonly Service[]): ReadonlyMap<string, Service> {
	const found = new Map<string, Service>();
	for (const service of services) {
		for (const { addresses } of service.ports) {
			for (const family of IP_FAMILIES) {
				const address = addresses[family]?.clusterIp;
				if (address) found.set(address, service);
			}
		}
	}
	return found;
}

/** Finds the node in whose pod network an address lies: one look-up for each length of prefix, not for each node. */
function podNetworks(nodes: readonly Node[]): (address: string) => string | undefined {
	const nodeOf = new Map<string, string>();
	const prefixes = new Set<number>();
	for (const { name, podCidrs } of nodes) {
		for (const cidr of [...podCidrs.ip, ...podCidrs.ip6]) {
			nodeOf.set(cidrText(cidr), name);
			prefixes.add(cidr.prefix);
		}
	}
	return (address) => {
		for (const prefix of prefixes) {
			const network = parseCidr(`${address}/${prefix}`);
			const node = 'cidr' in network ? nodeOf.get(cidrText(network.cidr)) : undefined;
			if (node !== undefined) return node;
		}
		return undefined;
	};
}
