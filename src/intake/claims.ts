import type { Service, ServiceAddresses, ServicePort } from '../model/cluster-state.ts';
import { byFamily, IP_FAMILIES } from '../model/ip.ts';
import type { Report } from './documents.ts';

/** What a service port claims for itself: an address and port, or a NodePort. A ClusterIP is stronger than other addresses. */
interface Claim {
	readonly key: string;
	readonly strength: 'cluster-ip' | 'other';
}

interface Holder {
	readonly service: Service;
	readonly claim: Claim;
}

/**
 * Settles that two Services claim one address and port, or one NodePort. The ClusterIP's Service keeps the address,
 * else the older Service (then the name that sorts first); the other loses this address, not its others, and is reported.
 * kube-proxy lets chance decide; a Service must not take another one's traffic by naming its address (CVE-2020-8554).
 */
export function settleClaims(services: readonly Service[], report: Report): readonly Service[] {
	const holders = new Map<string, Holder>();
	const rivals = new Set<string>();
	for (const service of services) {
		for (const port of service.ports) {
			for (const claim of claimsOf(port)) {
				const holder = holders.get(claim.key);
				if (holder === undefined) holders.set(claim.key, { service, claim });
				else if (holder.service !== service) {
					rivals.add(claim.key);
					if (beats({ service, claim }, holder)) holders.set(claim.key, { service, claim });
				}
			}
		}
	}
	if (rivals.size === 0) return services.map((service) => withoutOwnDuplicates(service, report));
	return services.map((service) => withoutOwnDuplicates(withoutLost(service, holders, report), report));
}

function* claimsOf(port: ServicePort): Generator<Claim> {
	const at = `${port.protocol} port ${port.port}`;
	for (const family of IP_FAMILIES) {
		const addresses = port.addresses[family];
		if (addresses === null) continue;
		if (addresses.clusterIp !== null) yield { key: `${addresses.clusterIp} ${at}`, strength: 'cluster-ip' };
		for (const address of addresses.externalIps) yield { key: `${address} ${at}`, strength: 'other' };
		for (const address of addresses.loadBalancerIps) yield { key: `${address} ${at}`, strength: 'other' };
	}
	if (port.nodePort !== null) yield { key: nodePortKey(port, port.nodePort), strength: 'other' };
}

function nodePortKey(port: ServicePort, nodePort: number): string {
	return `NodePort ${nodePort}/${port.protocol}`;
}

function beats(challenger: Holder, holder: Holder): boolean {
	if (challenger.claim.strength !== holder.claim.strength) return challenger.claim.strength === 'cluster-ip';
	// Services come sorted by name, so that only an earlier creation can turn the order.
	const [mine, theirs] = [challenger.service.created, holder.service.created];
	return mine !== '' && (theirs === '' || mine < theirs);
}

function withoutLost(service: Service, holders: ReadonlyMap<string, Holder>, report: Report): Service {
	const lost = new Set<string>();
	const isOurs = (key: string): boolean => {
		const holder = holders.get(key);
		if (holder === undefined || holder.service === service) return true;
		if (!lost.has(key)) report(lostClaim(service, key, holder.service));
		lost.add(key);
		return false;
	};
	const ports = service.ports.map((port) => keepClaims(port, isOurs));
	return lost.size === 0 ? service : { ...service, ports };
}

function keepClaims(port: ServicePort, isOurs: (key: string) => boolean): ServicePort {
	const at = `${port.protocol} port ${port.port}`;
	const keepAddresses = (addresses: ServiceAddresses): ServiceAddresses => ({
		clusterIp: addresses.clusterIp !== null && isOurs(`${addresses.clusterIp} ${at}`) ? addresses.clusterIp : null,
		externalIps: addresses.externalIps.filter((address) => isOurs(`${address} ${at}`)),
		loadBalancerIps: addresses.loadBalancerIps.filter((address) => isOurs(`${address} ${at}`)),
	});
	const { nodePort } = port;
	return {
		...port,
		addresses: byFamily((family) => {
			const addresses = port.addresses[family];
			return addresses === null ? null : keepAddresses(addresses);
		}),
		nodePort: nodePort !== null && isOurs(nodePortKey(port, nodePort)) ? nodePort : null,
	};
}

function lostClaim(service: Service, key: string, holder: Service) {
	return {
		code: 'claimed-twice',
		severity: 'error',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence: `it claims ${key}, which belongs to Service ${holder.namespace}/${holder.name}; this claim is left out`,
		hint: 'give one of them another address or port',
	} as const;
}

/** Within one Service two ports must not share a number and protocol, nor a NodePort: the later one is left out. */
function withoutOwnDuplicates(service: Service, report: Report): Service {
	const seen = new Set<string>();
	const ports = service.ports.filter((port) => {
		const keys = [`${port.protocol} port ${port.port}`];
		if (port.nodePort !== null) keys.push(nodePortKey(port, port.nodePort));
		const twice = keys.find((key) => seen.has(key));
		for (const key of keys) seen.add(key);
		if (twice === undefined) return true;
		report({
			code: 'bad-port',
			severity: 'error',
			origin: service.origin,
			object: `Service ${service.namespace}/${service.name}`,
			sentence: `two of its ports use ${twice}; port ${JSON.stringify(port.id.port)} is left out`,
			hint: null,
		});
		return false;
	});
	return ports.length === service.ports.length ? service : { ...service, ports };
}
