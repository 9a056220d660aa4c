/**
 * When a zone hint counts: never; when the Service's annotation is `Auto`; when the annotation has any value that does not
 * disable it; or whenever there is one.
 */
export type ZoneHintsUse = 'never' | 'annotated-auto' | 'annotated' | 'always';

/** What kube-proxy and the EndpointSlice controller of a release do, wherever releases differ. */
export interface Behaviour {
	/** such as `1.37`; for messages only */
	readonly release: string;
	/** whether service-proxy-name hides Services only and headless slices only, not each label both */
	readonly labelsByKind: boolean;
	/** whether internalTrafficPolicy is read */
	readonly internalPolicy: boolean;
	/**
	 * Whether each policy decides about its own traffic only. Else one filter stands before all traffic: Local outside switches
	 * internalTrafficPolicy and hints off; Local inside confines external traffic too.
	 */
	readonly policiesApart: boolean;
	/** whether externalTrafficPolicy counts for a ClusterIP Service with external IPs */
	readonly externalIpPolicy: boolean;
	readonly externalIps: boolean;
	/** whether the ipMode of a load balancer's address is read */
	readonly loadBalancerIpMode: boolean;
	/** whether ServiceCIDR objects say what the Service networks are */
	readonly serviceCidrs: boolean;
	/** which of two records for one endpoint wins: one that does not terminate, or one on the node itself */
	readonly rivals: 'running' | 'on-node';
	/** whether one address at two ports is two endpoints of a service port */
	readonly rivalsByPort: boolean;
	/** whether the ports of init containers that keep running count */
	readonly sidecarPorts: boolean;
	/** whether Pods that terminate stay in their slices */
	readonly terminatingInSlices: boolean;
	/** whether endpoints that terminate serve where none is ready; while one filter stands before all, under Local outside only */
	readonly terminating: boolean;
	/** the values of trafficDistribution that mean something */
	readonly distributions: readonly string[];
	/** whether the annotation topology-mode is read beside the older topology-aware-hints */
	readonly topologyModeKey: boolean;
	/** whether the controller computes hints for the annotation Auto */
	readonly autoHints: boolean;
	readonly zoneHints: ZoneHintsUse;
	/** whether hints are made for ready endpoints only, and asked of these only */
	readonly readyHintsOnly: boolean;
	/** whether control-plane nodes take no part in topology-mode Auto */
	readonly withoutControlPlane: boolean;
	/** whether a node without a zone counts as one in the zone without a name */
	readonly unnamedZone: boolean;
	/** whether trafficDistribution hints an endpoint without a zone for the zone without a name */
	readonly unnamedZoneHints: boolean;
	readonly nodeHints: boolean;
	/** whether UDP flows to a service port that has no endpoint left are forgotten */
	readonly forgetsLastFlows: boolean;
}
