import type { Endpoint, Protocol, ServicePortId } from './cluster-state.ts';
import type { Cidr, IpFamily } from './ip.ts';

/** One node's view of the cluster, with every policy decided. */
export interface NodeView {
	readonly node: string;
	readonly zone: string | null;
	readonly table: string;
	/** The bits of the packet mark that ask for masquerading, such as `0x4000`. */
	readonly masqueradeMark: string;
	readonly families: readonly FamilyView[];
}

export interface FamilyView {
	readonly family: IpFamily;
	/** The node's own, as far as they are known; the primary one first. */
	readonly addresses: readonly string[];
	readonly pods: PodDetection | null;
	readonly masqueradeAll: boolean;
	/** Null when NodePorts answer at every address of the node but loopback; else the networks to answer in. */
	readonly nodePortNetworks: readonly Cidr[] | null;
	readonly serviceCidrs: readonly Cidr[];
	/** Sorted bytewise by namespace, service and port. */
	readonly servicePorts: readonly ServicePortView[];
}

/** How a packet is known to come from a pod of the cluster. */
export type PodDetection =
	| { readonly by: 'networks'; readonly networks: readonly Cidr[] }
	/** nft's spelling: a trailing `*` stands for any ending */
	| { readonly by: 'interface'; readonly name: string };

/** Endpoints that traffic is spread over. */
export interface EndpointChoice {
	readonly endpoints: readonly Endpoint[];
	/** Why these and not all that are ready; null where that is so. */
	readonly reason: string | null;
}

/**
 * What happens to traffic for a ClusterIP: it goes to one of the two choices,
 * is refused (no endpoint anywhere) or dropped (none on this node, and the policy wants one).
 */
export type InternalRoute = 'cluster' | 'local' | 'refuse' | 'drop';

/**
 * What happens to traffic for a NodePort, external IP or load-balancer IP:
 * - `cluster`: masqueraded, to the cluster choice;
 * - `local`: pods and the node itself to the cluster choice, others to the local choice with the client's address kept;
 * - `drop`: pods and the node itself to the cluster choice, others dropped;
 * - `refuse`: no endpoint anywhere.
 */
export type ExternalRoute = 'cluster' | 'local' | 'drop' | 'refuse';

/** A service port as this node treats it, in one family. */
export interface ServicePortView {
	readonly id: ServicePortId;
	readonly protocol: Protocol;
	readonly port: number;
	readonly clusterIp: string | null;
	readonly externalIps: readonly string[];
	readonly loadBalancerIps: readonly string[];
	readonly nodePort: number | null;
	readonly internal: InternalRoute;
	/** Null when nothing outside the ClusterIP leads here. */
	readonly external: ExternalRoute | null;
	/** Null when no traffic uses the choice. */
	readonly cluster: EndpointChoice | null;
	readonly local: EndpointChoice | null;
	/** Every endpoint this node may send to, sorted bytewise by target. */
	readonly reachable: readonly Endpoint[];
	readonly affinitySeconds: number | null;
	/** Who may use the load-balancer addresses: null is everybody, an empty list nobody. */
	readonly sourceRanges: readonly Cidr[] | null;
}
