import type { Node, Service, ServicePort } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import { type LoadWarning, loadWarnings } from './load-warnings.ts';
import type { Places } from './place.ts';
import { type Shares, sendersOf, sharesOf } from './shares.ts';

/** Who gets how much of the traffic to a ClusterIP, and what is wrong with that. */
export interface Load extends Shares {
	readonly warnings: readonly LoadWarning[];
}

/**
 * Computes the load of a service port in one family.
 * @param weights how much a node sends, 1 where it says nothing; some node has to send something
 * @returns null where the service port has no ClusterIP in the family
 */
export function loadOf(
	service: Service,
	port: ServicePort,
	family: IpFamily,
	nodes: readonly Node[],
	weights: ReadonlyMap<string, number>,
	places: Places,
): Load | null {
	if ((port.addresses[family]?.clusterIp ?? null) === null) return null;
	const senders = sendersOf(service, port, family, nodes, weights, places);
	const shares = sharesOf(port, family, senders, places);
	return { ...shares, warnings: loadWarnings(shares, senders) };
}
