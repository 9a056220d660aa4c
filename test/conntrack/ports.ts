import type { UdpServicePort } from '../../src/conntrack/udp-service-port.ts';
import { udpServicePorts } from '../../src/conntrack/udp-service-port.ts';
import { intake } from '../../src/intake/intake.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents } from '../support/objects.ts';

/** A UDP service port: 10.96.0.10:53 with one endpoint unless told otherwise. */
export function udpPort(changes: Partial<UdpServicePort> = {}): UdpServicePort {
	return {
		clusterIp: '10.96.0.10',
		externalAddresses: [],
		port: 53,
		nodePort: null,
		serving: new Set(['10.244.1.5:5353']),
		...changes,
	};
}

/** The UDP service ports of Kubernetes objects, by name. */
export function udpPortsOf(objects: readonly unknown[], family: IpFamily): ReadonlyMap<string, UdpServicePort> {
	const { services } = intake(documents(...objects), NEWEST_BEHAVIOUR).state;
	return new Map(services.flatMap((service) => [...udpServicePorts(service, family)]));
}
