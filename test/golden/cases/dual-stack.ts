import { PLANS, type Plan } from '../../kernel/plan.ts';
import {
	type EndpointFields,
	endpoint,
	type ServiceFields,
	type SliceFields,
	service,
	slice,
} from '../../support/objects.ts';

// Objects of both families for golden files, by the small numbers of the address plan.

/** One thing in each family, IPv4 first. */
export function inBoth<T>(make: (plan: Plan) => T): readonly T[] {
	return PLANS.map(make);
}

/** A Service `shop/NAME` with a ClusterIP of each family. */
export function dualService(name: string, number: number, fields: ServiceFields = {}) {
	return service(
		name,
		inBoth((plan) => plan.clusterIp(number)),
		fields,
	);
}

/** An endpoint: pod number 5 of the node nX. */
export interface Place extends Pick<EndpointFields, 'ready' | 'serving' | 'terminating' | 'zones'> {
	readonly on: number;
}

/** A slice of each family with endpoints at the same places. */
export function slices(serviceName: string, places: readonly Place[], fields: SliceFields = {}) {
	return inBoth((plan) => {
		const endpoints = places.map(({ on, ...state }) =>
			endpoint({ address: plan.pod(on, 5), node: `n${on}`, ...state }),
		);
		return slice(serviceName, endpoints, { addressType: plan.name, ...fields });
	});
}

/** It serves until it is gone. */
export const TERMINATING = { ready: false, serving: true, terminating: true };

export const HTTP = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 };
export const HTTPS = { name: 'https', protocol: 'TCP', port: 443, targetPort: 8443 };
export const DNS = { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 };
export const DNS_TCP = { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 };

/** Ports of a Service as its slices name them. */
export function slicePorts(...ports: readonly (typeof HTTP)[]) {
	return ports.map(({ name, protocol, targetPort }) => ({ name, protocol, port: targetPort }));
}

export const CLUSTER_IP_LOCAL = { internalTrafficPolicy: 'Local' };
export const NODE_PORT = {
	type: 'NodePort',
	externalTrafficPolicy: 'Cluster',
	ports: [{ ...HTTP, nodePort: 30080 }],
};
export const LOAD_BALANCER = { ...NODE_PORT, type: 'LoadBalancer' };
export const LOCAL = { externalTrafficPolicy: 'Local' };

/** The status of a load balancer that has these addresses. */
export function ingress(...entries: readonly Readonly<Record<string, string>>[]) {
	return { loadBalancer: { ingress: entries } };
}

/** The status of a load balancer with an address of each family. */
export const LOAD_BALANCED = ingress(...inBoth((plan) => ({ ip: plan.external(10) })));
