// The one place that knows which release does what. Releases are minor versions of Kubernetes 1; each stands for its last
// patch. Read from the releases' sources: kubernetes `pkg/features/kube_features.go`, `pkg/proxy`, `cmd/kube-proxy/app/server.go`,
// `pkg/api/v1/service/util.go`; endpointslice `reconciler.go`, `topologycache` (until 1.26 kubernetes `pkg/controller/endpointslice`).

export const OLDEST = 21;
export const NEWEST = 37;

/** In which releases a feature gate came, was on by default, was locked on, and was gone: then it had become the rule. */
export interface Gate {
	readonly added: number;
	readonly on: number;
	/** from here on it cannot be turned off; null while it can */
	readonly locked: number | null;
	/** from here on its name is unknown; null while it is known */
	readonly removed: number | null;
}

/** The feature gates that decide about Service traffic. */
export const GATES = {
	/** externalIPs get rules */
	AllowServiceExternalIPs: { added: 36, on: OLDEST, locked: null, removed: null },
	/** Pods that terminate stay in their slices */
	EndpointSliceTerminatingCondition: { added: 21, on: 22, locked: 26, removed: 28 },
	/** load-balancer addresses with ipMode Proxy get no rules */
	LoadBalancerIPMode: { added: 29, on: 30, locked: 32, removed: 35 },
	/** ServiceCIDR objects name the Service networks */
	MultiCIDRServiceAllocator: { added: 27, on: 33, locked: 34, removed: null },
	/** trafficDistribution PreferSameZone and PreferSameNode, and hints for nodes */
	PreferSameTrafficDistribution: { added: 33, on: 34, locked: 35, removed: null },
	/** endpoints that terminate serve where none is ready */
	ProxyTerminatingEndpoints: { added: 22, on: 26, locked: 28, removed: 30 },
	/** internalTrafficPolicy */
	ServiceInternalTrafficPolicy: { added: 21, on: 22, locked: 26, removed: 28 },
	/** trafficDistribution PreferClose, and hints without an annotation */
	ServiceTrafficDistribution: { added: 30, on: 31, locked: 33, removed: 36 },
	/** the topology annotation Auto, and hints for zones */
	TopologyAwareHints: { added: 21, on: 24, locked: 33, removed: 36 },
} as const satisfies Readonly<Record<string, Gate>>;

export type GateName = keyof typeof GATES;

/** What came with a release and has no gate. */
export const CHANGES = {
	/** an endpoint is told from others by address and port, not by its address alone (addEndpointsByIP) */
	rivalsByPort: 22,
	/** hints are made for, and asked of, ready endpoints only; control-plane nodes do not count */
	readyHintsOnly: 23,
	/** one list for each policy instead of one filter before all (kubernetes/kubernetes#106497) */
	policiesApart: 24,
	/** the annotation topology-mode beside topology-aware-hints; any value that does not disable enables */
	topologyModeKey: 27,
	/** externalTrafficPolicy counts for external IPs of a ClusterIP Service (`ExternallyAccessible`) */
	externalIpPolicy: 29,
	/** kube-proxy reads ServiceCIDR objects, where their gate is on */
	serviceCidrs: 30,
	/** a node without a zone is no longer a reason by itself to use no hints (topologyModeFromHints) */
	unnamedZone: 33,
	/** trafficDistribution gives an endpoint without a zone no hint, not one without a name (endpointslice `trafficdist`) */
	noUnnamedZoneHints: 33,
	/** named ports of init containers that keep running count (endpointslice `utils.go`) */
	sidecarPorts: 33,
	/** of two records for one endpoint the running one wins, not the one on the node (addEndpoints) */
	rivalsByRunning: 36,
	/** service-proxy-name is asked of Services only, headless of slices only */
	labelsByKind: 36,
	/** UDP flows to a service port without any endpoint that serves are forgotten (kubernetes/kubernetes#139629) */
	forgetsLastFlows: 37,
} as const;
