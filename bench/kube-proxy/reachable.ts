import type { ClusterState, Endpoint, ServicePort } from '../../src/model/cluster-state.ts';
import type { IpFamily } from '../../src/model/ip.ts';

/** A service port with what its chains speak of. */
export interface Reachable {
	readonly family: IpFamily;
	readonly port: ServicePort;
	readonly clusterIp: string;
	readonly endpoints: readonly Endpoint[];
	/** the network of all pods; null masquerades nothing */
	readonly podNetwork: string | null;
}

/**
 * The service ports of a family, and the network of all pods where it is of that family.
 * @throws Error for Services other than ClusterIPs with ready endpoints, which the benchmark cannot write as kube-proxy does
 */
export function reachablePorts(state: ClusterState, family: IpFamily, podNetwork: string | null): readonly Reachable[] {
	return state.services.flatMap((service) =>
		service.ports.flatMap((port) => {
			const clusterIp = port.addresses[family]?.clusterIp ?? null;
			if (clusterIp === null) return [];
			assertPlain(service.affinitySeconds, port, port.endpoints[family]);
			return [{ family, port, clusterIp, endpoints: port.endpoints[family], podNetwork }];
		}),
	);
}

function assertPlain(affinitySeconds: number | null, port: ServicePort, endpoints: readonly Endpoint[]): void {
	const external =
		port.nodePort !== null || port.addresses.ip?.loadBalancerIps.length || port.addresses.ip?.externalIps.length;
	if (affinitySeconds === null && !external && endpoints.length > 0 && endpoints.every((each) => each.ready)) return;
	throw new Error(`${port.id.namespace}/${port.id.service} is no plain ClusterIP with ready endpoints`);
}
