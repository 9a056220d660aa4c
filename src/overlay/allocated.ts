import type { KubeObject } from '../intake/kube-object.ts';
import { familyName, type IpFamily } from '../model/ip.ts';
import { isDnsLabel } from '../model/names.ts';
import { type ClusterFamilies, wantedFamilies } from './families.ts';
import { isProxied, saidAddresses, type Wish, type WishedPort, wishOf } from './wishes.ts';

/** Gives what stands for a symbol inside; equal symbols get equal values. */
export interface Allocator {
	readonly address: (family: IpFamily, symbol: string) => string;
	readonly nodePort: (symbol: string) => number;
}

/**
 * A Service of the manifests as the API server would store it: what is not said is kept as captured, as long as the type still
 * wants it, and a symbol where it was never assigned (API server `pkg/registry/core/service/storage/alloc.go`).
 * @param captured the same Service in the cluster; null where it is new
 * @returns the same value where nothing is added, or the Service makes no sense
 */
export function allocated(
	service: KubeObject,
	captured: KubeObject | null,
	cluster: ClusterFamilies,
	take: Allocator,
): unknown {
	const wish = wishOf(service);
	if (wish === null || !isProxied(wish)) return service.value;
	const found = captured === null ? null : wishOf(captured);
	const held = found !== null && isProxied(found) ? found : null;
	const name = `${service.namespace}/${service.name}`;
	const spec = {
		...addresses(name, wish, held, cluster, take),
		...ports(name, wish, held, take),
		...healthCheckPort(wish, held),
	};
	const metadata = created(wish, found);
	const status = loadBalancer(name, { ...wish, spec: { ...wish.spec, ...spec } }, held, take);
	if ([spec, metadata, status].every((added) => Object.keys(added).length === 0)) return service.value;
	const value = Object(service.value);
	return { ...value, metadata: { ...value.metadata, ...metadata }, spec: { ...value.spec, ...spec }, ...status };
}

type Added = Readonly<Record<string, unknown>>;

const NOTHING: Added = {};

function addresses(name: string, wish: Wish, held: Wish | null, cluster: ClusterFamilies, take: Allocator): Added {
	const said = saidAddresses(wish);
	if (said === null) return NOTHING;
	const kept: ReadonlyMap<IpFamily, string> = (held && saidAddresses(held)) ?? new Map();
	const families = wantedFamilies(wish, [...said.keys()], [...kept.keys()], cluster);
	if (wish.spec.clusterIP && families.every((family) => said.has(family))) return NOTHING;
	const clusterIPs = families.map((family) => {
		return said.get(family) ?? kept.get(family) ?? take.address(family, symbol('clusterIP', name, family));
	});
	return { clusterIP: clusterIPs[0], clusterIPs, ipFamilies: families.map(familyName) };
}

/** IPv4 is what people think of where no family is said. */
function symbol(what: string, name: string, family: IpFamily): string {
	return `‹${family === 'ip' ? '' : 'IPv6 '}${what} of ${name}›`;
}

function ports(name: string, { spec }: Wish, held: Wish | null, take: Allocator): Added {
	const wished = spec.ports ?? [];
	const outside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
	if (!outside || wished.every((port) => port.nodePort)) return NOTHING;
	const keeps = heldNodePorts(wished, held?.spec.ports ?? []);
	const needed = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
	const assigned = wished.map((port) => {
		if (port.nodePort) return port;
		const portName = port.name ?? '';
		const isNew = needed && (portName === '' || isDnsLabel(portName));
		const fresh = () => (isNew ? take.nodePort(`‹nodePort of ${name}${portName === '' ? '' : `:${portName}`}›`) : null);
		const nodePort = keeps.get(port) ?? fresh();
		return nodePort === null ? port : { ...port, nodePort };
	});
	return { ports: assigned };
}

/** What ports keep: that of the captured port of their name, else that of the one with their number, if nobody else keeps it. */
function heldNodePorts(wished: readonly WishedPort[], held: readonly WishedPort[]): ReadonlyMap<WishedPort, number> {
	const kept = new Map<WishedPort, number>();
	const left = new Set(held.filter((port) => port.nodePort));
	for (const same of [sameName, sameNumber]) {
		for (const port of wished.filter((each) => !each.nodePort && !kept.has(each))) {
			const other = [...left].find((each) => same(each, port));
			if (other === undefined || !other.nodePort) continue;
			left.delete(other);
			kept.set(port, other.nodePort);
		}
	}
	return kept;
}

function sameName(one: WishedPort, other: WishedPort): boolean {
	return (one.name ?? '') === (other.name ?? '') && protocolOf(one) === protocolOf(other);
}

function sameNumber(one: WishedPort, other: WishedPort): boolean {
	return one.port === other.port && protocolOf(one) === protocolOf(other);
}

function protocolOf({ protocol }: WishedPort): string {
	return protocol || 'TCP';
}

function healthCheckPort({ spec }: Wish, held: Wish | null): Added {
	const wanted = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local' && !spec.healthCheckNodePort;
	return wanted && held?.spec.healthCheckNodePort ? { healthCheckNodePort: held.spec.healthCheckNodePort } : NOTHING;
}

function created({ metadata }: Wish, found: Wish | null): Added {
	const time = metadata.creationTimestamp ? undefined : found?.metadata.creationTimestamp;
	return time === undefined ? NOTHING : { creationTimestamp: time };
}

/** A load balancer's addresses are its controller's to give: kept while the type stays, else symbols of the Service's families. */
function loadBalancer(name: string, { spec, status }: Wish, held: Wish | null, take: Allocator): Added {
	if (status?.loadBalancer !== undefined) return NOTHING;
	if (held !== null && typeOf(held) === typeOf({ spec })) return held.status ? { status: held.status } : NOTHING;
	if (spec.type !== 'LoadBalancer') return NOTHING;
	const families = [...(saidAddresses({ metadata: {}, spec })?.keys() ?? [])];
	const ingress = families.map((family) => ({ ip: take.address(family, symbol('load-balancer IP', name, family)) }));
	return { status: { loadBalancer: { ingress } } };
}

function typeOf({ spec }: Pick<Wish, 'spec'>): string {
	return spec.type || 'ClusterIP';
}
