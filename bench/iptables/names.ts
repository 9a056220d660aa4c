import type { Endpoint, ServicePort } from '../../src/model/cluster-state.ts';
import { hash } from '../kube-proxy/names.ts';

/** What kube-proxy calls a service port in comments, and hashes for the names of its chains: `shop/web:http`. */
export function portName({ id }: ServicePort): string {
	return `${id.namespace}/${id.service}${id.port === '' ? '' : `:${id.port}`}`;
}

/** The chain of a service port in iptables mode. A chain's name has 28 characters at most, so it is a hash. */
export function serviceChain(port: ServicePort): string {
	return `KUBE-SVC-${hash(`${portName(port)}${port.protocol}`, 16)}`;
}

/** The chain of one endpoint of a service port in iptables mode. */
export function endpointChain(port: ServicePort, { target }: Pick<Endpoint, 'target'>): string {
	return `KUBE-SEP-${hash(`${portName(port)}${port.protocol}${target}`, 16)}`;
}
