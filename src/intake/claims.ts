import type { Service, ServiceAddresses, ServicePort } from '../model/cluster-state.ts';
import { byFamily, IP_FAMILIES } from '../model/ip.ts';
import type { Report } from './fields.ts';

/** Who holds an address and port, or a NodePort. A ClusterIP is a stronger claim than any other. */
interface Holder {
	readonly service: Service;
	readonly byClusterIp: boolean;
}

/**
 * Settles that two Services claim one address and port, or one NodePort. The ClusterIP's Service keeps the address,
 * else the older Service (then the name that sorts first); the other loses this address, not its others, and is reported.
 * kube-proxy lets chance decide; a Service must not take another one's traffic by naming its address (CVE-2020-8554).
 * @param services sorted by name
 */
export function settleClaims(services: readonly Service[], report: Report): readonly Service[] {
	const holders = new Map<string, Holder>();
	let rivals = false;
	for (const service of services) {
		for (const [key, byClusterIp] of service.ports.flatMap(claims)) {
			const holder = holders.get(key);
			if (holder !== undefined && holder.service !== service) rivals = true;
			const claim = { service, byClusterIp };
			if (holder === undefined || beats(claim, holder)) holders.set(key, claim);
		}
	}
	return rivals ? services.map((service) => withoutLost(service, holders, report)) : services;
}

/** What a port claims, in the words of messages, and whether as a ClusterIP. */
export function claims(port: ServicePort): (readonly [key: string, byClusterIp: boolean])[] {
	const found: [string, boolean][] = [];
	for (const family of IP_FAMILIES) {
		const addresses = port.addresses[family];
		if (addresses === null) continue;
		if (addresses.clusterIp !== null) found.push([addressKey(addresses.clusterIp, port), true]);
		for (const address of addresses.externalIps) found.push([addressKey(address, port), false]);
		for (const address of addresses.loadBalancerIps) found.push([addressKey(address, port), false]);
	}
	if (port.nodePort !== null) found.push([nodePortKey(port.nodePort, port), false]);
	return found;
}

/** The keys are what messages call the claims. */
function addressKey(address: string, port: ServicePort): string {
	return `${address} port ${port.port}/${port.protocol}`;
}

function nodePortKey(nodePort: number, port: ServicePort): string {
	return `NodePort ${nodePort}/${port.protocol}`;
}

function beats(challenger: Holder, holder: Holder): boolean {
	if (challenger.byClusterIp !== holder.byClusterIp) return challenger.byClusterIp;
	// Services come sorted by name, so that only an earlier creation can turn the order.
	const [mine, theirs] = [challenger.service.created, holder.service.created];
	return mine !== '' && (theirs === '' || mine < theirs);
}

function withoutLost(service: Service, holders: ReadonlyMap<string, Holder>, report: Report): Service {
	const lost = new Map<string, Service>();
	const isOurs = (key: string): boolean => {
		const holder = holders.get(key)?.service ?? service;
		if (holder !== service) lost.set(key, holder);
		return holder === service;
	};
	const ports = service.ports.map((port) => keepClaims(port, isOurs));
	for (const [key, holder] of lost) reportLost(service, key, holder, report);
	return lost.size === 0 ? service : { ...service, ports };
}

function keepClaims(port: ServicePort, isOurs: (key: string) => boolean): ServicePort {
	const isOurAddress = (address: string) => isOurs(addressKey(address, port));
	const keepAddresses = (addresses: ServiceAddresses): ServiceAddresses => ({
		clusterIp: addresses.clusterIp !== null && isOurAddress(addresses.clusterIp) ? addresses.clusterIp : null,
		externalIps: addresses.externalIps.filter(isOurAddress),
		loadBalancerIps: addresses.loadBalancerIps.filter(isOurAddress),
	});
	const { addresses, nodePort } = port;
	return {
		...port,
		addresses: byFamily((family) => (addresses[family] === null ? null : keepAddresses(addresses[family]))),
		nodePort: nodePort !== null && isOurs(nodePortKey(nodePort, port)) ? nodePort : null,
	};
}

function reportLost(service: Service, key: string, holder: Service, report: Report): void {
	report({
		code: 'claimed-twice',
		severity: 'error',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence: `it claims ${key}, which belongs to Service ${holder.namespace}/${holder.name}; this claim is left out`,
		hint: 'give one of them another address or port',
	});
}
