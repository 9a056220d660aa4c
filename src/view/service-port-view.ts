import type { Behaviour } from '../model/behaviour.ts';
import type { Service, ServiceAddresses, ServicePort } from '../model/cluster-state.ts';
import { type Cidr, cidrContains, hostCidr, type IpFamily } from '../model/ip.ts';
import type { EndpointChoice, ExternalRoute, InternalRoute, ServicePortView } from '../model/node-view.ts';
import { candidates } from './candidates.ts';
import { type Categories, categorizeEndpoints, type Uses } from './categorize-endpoints.ts';
import { hintRules } from './hint-rules.ts';
import type { Location } from './topology.ts';

/** What of this node decides about a service port. */
export interface Here extends Location {
	readonly family: IpFamily;
	/** the node's primary address of the family; null when unknown */
	readonly primaryIp: string | null;
}

/**
 * Decides every policy of one service port for one node and family. Null when the Service has no address of the family.
 * A Local policy always beats topology, because hints narrow only the cluster choice (kube-proxy `pkg/proxy/nftables/proxier.go`
 * syncProxyRules, `pkg/proxy/serviceport.go`).
 */
export function servicePortView(
	service: Service,
	port: ServicePort,
	here: Here,
	behaviour: Behaviour,
): ServicePortView | null {
	const addresses = port.addresses[here.family];
	if (addresses === null) return null;
	const decided = decide(service, port, here, behaviour);
	const { internalLocal, externalLocal, external, found } = decided;
	return {
		id: port.id,
		protocol: port.protocol,
		port: port.port,
		clusterIp: addresses.clusterIp,
		externalIps: addresses.externalIps,
		loadBalancerIps: addresses.loadBalancerIps,
		nodePort: port.nodePort,
		internal: route(found, internalLocal),
		external: external ? route(found, externalLocal) : null,
		cluster: choice(found.cluster, clusterReason(service, found)),
		local: choice(found.local, found.localReason),
		reachable: found.reachable,
		affinitySeconds: service.affinitySeconds,
		sourceRanges: allowedSources(service, addresses, here),
	};
}

/** Which policies hold for a service port here, and what they make of its endpoints. */
export interface Decision {
	readonly internalLocal: boolean;
	readonly externalLocal: boolean;
	/** whether traffic from outside has an address to come to */
	readonly external: boolean;
	readonly uses: Uses;
	readonly found: Categories;
}

/** Decides which endpoints of a service port this node uses for what. */
export function decide(service: Service, port: ServicePort, here: Here, behaviour: Behaviour): Decision {
	const addresses = port.addresses[here.family];
	const external = addresses !== null && isExternal(port, addresses);
	const externalLocal = service.externalTrafficPolicy === 'Local';
	const internalLocal = behaviour.policiesApart && service.internalTrafficPolicy === 'Local';
	const uses = { cluster: !internalLocal || external, local: internalLocal || (externalLocal && external) };
	const found = categorizeEndpoints(candidates(service, port, here, behaviour), uses, here, {
		hints: hintRules(service, behaviour),
		terminating: behaviour.terminating && (behaviour.policiesApart || externalLocal),
	});
	return { internalLocal, externalLocal, external, uses, found };
}

function isExternal(port: ServicePort, addresses: ServiceAddresses): boolean {
	return port.nodePort !== null || addresses.externalIps.length > 0 || addresses.loadBalancerIps.length > 0;
}

/** The same question for both policies; what the answer means for a packet differs. */
function route(found: Categories, local: boolean): InternalRoute & ExternalRoute {
	if (!found.hasAny) return 'refuse';
	if (!local) return 'cluster';
	return found.local.length > 0 ? 'local' : 'drop';
}

/** Hints that no slice holds yet are said to be computed, lest somebody looks for them there. */
function clusterReason(service: Service, { topology, clusterReason: reason }: Categories): string | null {
	return service.hintsComputed && topology !== null && topology.mode !== 'none'
		? `${reason} (hints computed, not in the slices)`
		: reason;
}

function choice(endpoints: EndpointChoice['endpoints'], reason: string | null): EndpointChoice | null {
	return endpoints.length === 0 ? null : { endpoints, reason };
}

/**
 * Who may use the load-balancer addresses of a service port, null being everybody. A node inside the ranges may also come from
 * the load balancer's own address: where that address is bound to the node, the node's connections to it have it as their source.
 */
export function allowedSources(
	{ sourceRanges }: Pick<Service, 'sourceRanges'>,
	{ loadBalancerIps }: ServiceAddresses,
	{ family, primaryIp }: Here,
): readonly Cidr[] | null {
	const ranges = sourceRanges[family];
	if (ranges === null || primaryIp === null) return ranges;
	if (!ranges.some((range) => cidrContains(range, family, primaryIp))) return ranges;
	return [...ranges, ...loadBalancerIps.map((address) => hostCidr(family, address))];
}
