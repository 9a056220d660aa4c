import { type Service, type ServicePort, servicePortName } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';

/** A UDP service port in one family, as far as it decides about flows that are under way. */
export interface UdpServicePort {
	readonly clusterIp: string | null;
	/** external IPs and load-balancer addresses */
	readonly externalAddresses: readonly string[];
	readonly port: number;
	readonly nodePort: number | null;
	/** The endpoints that a flow may stay with, as `ADDRESS:PORT` or `[ADDRESS]:PORT`. */
	readonly serving: ReadonlySet<string>;
}

/**
 * What of a service port decides about UDP flows; null when it is of another protocol or does not exist in the family.
 * Every endpoint that serves counts, ready or not, on this node or not, hinted or not: a change of a policy must not break
 * flows that are under way (kube-proxy `pkg/proxy/conntrack/cleanup.go`, reference 6).
 */
export function udpServicePort(port: ServicePort, family: IpFamily): UdpServicePort | null {
	const addresses = port.addresses[family];
	if (port.protocol !== 'udp' || addresses === null) return null;
	return {
		clusterIp: addresses.clusterIp,
		externalAddresses: [...addresses.externalIps, ...addresses.loadBalancerIps],
		port: port.port,
		nodePort: port.nodePort,
		serving: new Set(port.endpoints[family].filter(({ serving }) => serving).map(({ target }) => target)),
	};
}

/** The UDP service ports of a Service in one family, by name. */
export function udpServicePorts(service: Service, family: IpFamily): ReadonlyMap<string, UdpServicePort> {
	const found = new Map<string, UdpServicePort>();
	for (const port of service.ports) {
		const udp = udpServicePort(port, family);
		if (udp !== null) found.set(servicePortName(port.id), udp);
	}
	return found;
}

/** Whether two service ports, of which either may not be, decide alike. */
export function isSameUdpPort(a: UdpServicePort | null, b: UdpServicePort | null): boolean {
	if (a === null || b === null) return a === b;
	return (
		a.clusterIp === b.clusterIp &&
		a.port === b.port &&
		a.nodePort === b.nodePort &&
		a.externalAddresses.length === b.externalAddresses.length &&
		a.externalAddresses.every((address, index) => address === b.externalAddresses[index]) &&
		a.serving.size === b.serving.size &&
		[...a.serving].every((target) => b.serving.has(target))
	);
}
