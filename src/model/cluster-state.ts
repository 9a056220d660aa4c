import type { ByFamily, Cidr } from './ip.ts';
import type { Origin } from './problem.ts';

/** A transport protocol, as nft writes it. */
export type Protocol = 'tcp' | 'udp' | 'sctp';

/** Kubernetes' two traffic policies. */
export type TrafficPolicy = 'Cluster' | 'Local';

/** What a Service asks for with `trafficDistribution`. PreferClose is the older name of PreferSameZone. */
export type TrafficDistribution = 'PreferClose' | 'PreferSameZone' | 'PreferSameNode';

/** What a Service's topology annotation asks for: `auto` for hints by the zones' CPU; anything but nothing or Disabled for their use. */
export type TopologyAnnotation = 'auto' | 'other';

/** What a service port is called. The port name is empty for the only, unnamed port of a Service. */
export interface ServicePortId {
	readonly namespace: string;
	readonly service: string;
	readonly port: string;
}

/** What a Pod is called. */
export interface PodId {
	readonly namespace: string;
	readonly name: string;
}

/** One backend of a service port, in one family. */
export interface Endpoint {
	/** `ADDRESS:PORT`, or `[ADDRESS]:PORT` for IPv6: its identity, its place in the order, and what nft is given. */
	readonly target: string;
	readonly address: string;
	readonly port: number;
	readonly node: string | null;
	/** The Pod it is, as its slice says; null where that names none. It decides nothing, people ask by it. */
	readonly pod: PodId | null;
	/** The zone it is in, as its slice says; null where that says nothing. It decides nothing but hints to be computed. */
	readonly zone: string | null;
	readonly ready: boolean;
	readonly serving: boolean;
	readonly terminating: boolean;
	readonly zoneHints: readonly string[];
	readonly nodeHints: readonly string[];
}

/** An endpoint as its slice names it, before it meets a port of the Service; it may have none of them. */
export type SliceEndpoint = Omit<Endpoint, 'target' | 'port'>;

/** The addresses of one family at which a service port answers. A conflict with another Service can take one away. */
export interface ServiceAddresses {
	readonly clusterIp: string | null;
	readonly externalIps: readonly string[];
	readonly loadBalancerIps: readonly string[];
}

/** One port of a Service, with all endpoints that its EndpointSlices name for it. */
export interface ServicePort {
	readonly id: ServicePortId;
	readonly protocol: Protocol;
	readonly port: number;
	readonly nodePort: number | null;
	/** Null in a family in which the Service has no ClusterIP: it does not exist there. */
	readonly addresses: ByFamily<ServiceAddresses | null>;
	/** Sorted bytewise by target; one for each target, or all that slices name where the node decides between them. */
	readonly endpoints: ByFamily<readonly Endpoint[]>;
}

/** A Service that is proxied, with what decides about its traffic. */
export interface Service {
	readonly namespace: string;
	readonly name: string;
	readonly origin: Origin;
	/** When it was created, in RFC 3339 text; empty when unknown. The older of two rivals keeps an address. */
	readonly created: string;
	readonly internalTrafficPolicy: TrafficPolicy;
	readonly externalTrafficPolicy: TrafficPolicy;
	readonly trafficDistribution: TrafficDistribution | null;
	/** What its annotation asks for; null for nothing. Auto beats the distribution. */
	readonly topologyMode: TopologyAnnotation | null;
	/** Without a selector its slices are made by hand, and the EndpointSlice controller gives them no hints. */
	readonly hasSelector: boolean;
	/** Whether its hints were computed here instead of read from its slices. */
	readonly hintsComputed: boolean;
	/** How long a client stays with its endpoint, in seconds; null without session affinity. */
	readonly affinitySeconds: number | null;
	/** Who may use the load-balancer addresses: null is everybody, an empty list nobody. */
	readonly sourceRanges: ByFamily<readonly Cidr[] | null>;
	readonly ports: readonly ServicePort[];
	/** All endpoints of its slices, where topologyMode Auto shares them out; sorted bytewise by address. Empty for others. */
	readonly sharedOut: ByFamily<readonly SliceEndpoint[]>;
}

/** A node of the cluster. */
export interface Node {
	readonly name: string;
	readonly origin: Origin;
	/** From the label topology.kubernetes.io/zone; null without it. */
	readonly zone: string | null;
	/** Every address the Node object reports; internal ones first, so that the first is the primary one. */
	readonly addresses: ByFamily<readonly string[]>;
	readonly podCidrs: ByFamily<readonly Cidr[]>;
	/** allocatable CPU in thousandths of a core; 0 when unknown */
	readonly milliCpu: number;
	/** A Node that says nothing of it counts as ready. */
	readonly ready: boolean;
	readonly controlPlane: boolean;
	/** They decide nothing here; people name groups of nodes by them. */
	readonly labels: ReadonlyMap<string, string>;
}

/** The cluster, normalised: trusted, sorted bytewise by name, free of duplicates. */
export interface ClusterState {
	readonly services: readonly Service[];
	readonly nodes: readonly Node[];
	readonly serviceCidrs: ByFamily<readonly Cidr[]>;
}

/** A service port as people write it: `namespace/service:port`, without the colon where the port has no name. */
export function servicePortName(id: ServicePortId): string {
	return id.port === '' ? `${id.namespace}/${id.service}` : `${id.namespace}/${id.service}:${id.port}`;
}
