import type { CauseTier } from '../rule.ts';

/** A Service as a whole. */
export const WHOLE_SERVICE: CauseTier = ['Service'];

/** What makes endpoints come and go, the likeliest first. */
export const ENDPOINTS: readonly CauseTier[] = [
	['Service spec.selector'],
	['Service spec.ports.targetPort', 'Service spec.ports.name', 'Service spec.publishNotReadyAddresses'],
	['Workload spec.template.metadata.labels', 'Workload spec.template.spec.containers.ports'],
	['Workload spec.replicas', 'Workload'],
	['EndpointSlice endpoints', 'EndpointSlice ports'],
	['Pod metadata.labels', 'Pod spec.containers.ports', 'Pod status', 'Pod metadata.deletionTimestamp', 'Pod'],
];

/** Where an address or a port outside the cluster comes from. */
export const PORTS: CauseTier = ['Service spec.ports'];

const TOPOLOGY_ANNOTATIONS = ['topology-mode', 'topology-aware-hints'].map(
	(name) => `Service metadata.annotations.service.kubernetes.io/${name}`,
);

/** What asks for endpoints near the client. */
export const TOPOLOGY: readonly CauseTier[] = [
	['Service spec.trafficDistribution', ...TOPOLOGY_ANNOTATIONS],
	['EndpointSlice endpoints.hints'],
	['Node metadata.labels.topology.kubernetes.io/zone'],
	...ENDPOINTS,
];

/** What the rules of every Service depend on. */
export const SURROUNDINGS: readonly CauseTier[] = [
	['Node spec.podCIDR', 'Node spec.podCIDRs', 'Node status.addresses', 'ServiceCIDR'],
	['Node'],
];
