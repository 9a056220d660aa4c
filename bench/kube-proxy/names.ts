import { createHash } from 'node:crypto';
import type { Endpoint, ServicePort } from '../../src/model/cluster-state.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What kube-proxy calls a service port in the names of its chains: a hash, then a readable part. */
export function chainBase(port: ServicePort): string {
	return withHash(readable(port));
}

/** What kube-proxy calls an endpoint of a service port in the name of the endpoint's chain. */
export function endpointBase(port: ServicePort, endpoint: Pick<Endpoint, 'address' | 'port'>): string {
	return withHash(`${readable(port)}__${endpoint.address.replaceAll(':', '.')}/${endpoint.port}`);
}

function readable({ id, protocol }: ServicePort): string {
	return `${id.namespace}/${id.service}/${protocol}/${id.port}`;
}

function withHash(name: string): string {
	return `${hash(name)}-${name}`;
}

/** The first eight characters of the SHA-256 in base 32: 40 bits, which are five whole bytes. */
function hash(name: string): string {
	const bits = BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, 10)}`);
	return Array.from({ length: 8 }, (_, index) => BASE32[Number((bits >> BigInt(35 - 5 * index)) & 31n)]).join('');
}
