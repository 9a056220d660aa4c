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
	return `${hash(name, 8)}-${name}`;
}

/** The first characters of the SHA-256 in base 32: eight are five whole bytes, sixteen are ten. */
export function hash(name: string, characters: 8 | 16): string {
	const digits = (characters / 4) * 5;
	const bits = BigInt(`0x${createHash('sha256').update(name).digest('hex').slice(0, digits)}`);
	const character = (index: number) => BASE32[Number((bits >> BigInt(5 * (characters - 1 - index))) & 31n)];
	return Array.from({ length: characters }, (_, index) => character(index)).join('');
}
