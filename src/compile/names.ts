import type { Endpoint, Protocol, ServicePortId } from '../model/cluster-state.ts';

/** What a chain of a service port is for; the first part of its name. */
export type ChainRole = 'cluster' | 'local' | 'external' | 'firewall';

/** A service port with its number, from which names are made. */
export interface Named {
	readonly id: ServicePortId;
	readonly protocol: Protocol;
	readonly port: number;
}

/**
 * `ROLE/NAMESPACE/SERVICE/PORT`: unique, because Kubernetes names hold no `/`; at most 201 bytes, where nft allows 255.
 * An unnamed port is called by protocol and number with a dot, which port names cannot hold.
 */
export function chainName(role: ChainRole, named: Named): string {
	return `${role}/${path(named)}`;
}

/** The set of clients that session affinity keeps at an endpoint; at most 246 bytes, where nft allows 255. */
export function affinitySetName(named: Named, endpoint: Endpoint): string {
	return `affinity/${endpointPath(named, endpoint)}`;
}

/** The chain that remembers a client in that set and sends it to the endpoint; as long a name. */
export function endpointChainName(named: Named, endpoint: Endpoint): string {
	return `endpoint/${endpointPath(named, endpoint)}`;
}

function endpointPath(named: Named, endpoint: Endpoint): string {
	return `${path(named)}/${endpoint.address.replaceAll(':', '.')}.${endpoint.port}`;
}

function path({ id, protocol, port }: Named): string {
	return `${id.namespace}/${id.service}/${id.port === '' ? `${protocol}.${port}` : id.port}`;
}

/** The names of everything that every table has. */
export const CHAIN = {
	dispatch: 'dispatch',
	refuse: 'refuse',
	checkEndpoints: 'check-endpoints',
	checkNodePorts: 'check-nodeports',
	checkClusterIps: 'check-cluster-ips',
	checkSources: 'check-sources',
} as const;

export const SET = {
	clusterIps: 'cluster-ips',
	nodePortIps: 'nodeport-ips',
	podNetworks: 'pod-networks',
	hairpin: 'hairpin',
} as const;

export const MAP = {
	services: 'services',
	nodePorts: 'nodeports',
	noEndpoints: 'no-endpoints',
	nodePortsWithoutEndpoints: 'no-endpoints-nodeports',
	sourceRanges: 'source-ranges',
} as const;
