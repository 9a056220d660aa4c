import { clusterIp, nodeCount, podIp } from '../state/address-plan.ts';
import { type Random, seededRandom } from '../state/random.ts';

/** Endpoints of each Service on the data path. */
export const ENDPOINTS = 2;

/**
 * The numbers of some Services, one out of each equal stretch of all, and out of it at random: every hundredth would be those
 * of one namespace, which stand together at the head of a list by name.
 */
export function someServices(services: number, used: number): readonly number[] {
	const random: Random = seededRandom(used);
	return Array.from({ length: used }, (_, index) => Math.floor(((index + random()) * services) / used));
}

/** The ClusterIPs of some Services. */
export function serviceAddresses(services: number, used: number): readonly string[] {
	return someServices(services, used).map(clusterIp);
}

/** A pod of each of the same Services, for packets that pass no rules. */
export function podAddresses(services: number, used: number): readonly string[] {
	const nodes = nodeCount(services * ENDPOINTS);
	return someServices(services, used).map((service) => podIp(service % nodes, Math.floor(service / nodes)));
}
