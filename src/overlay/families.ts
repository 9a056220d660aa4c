import type { KubeObject } from '../intake/kube-object.ts';
import { type IpFamily, parseCidr } from '../model/ip.ts';
import { type Objects, ofKind } from './objects.ts';
import type { Wish } from './wishes.ts';

/** The families that a cluster has Services in; the first is what a Service gets that asks for none. */
export type ClusterFamilies = readonly [IpFamily, ...IpFamily[]];

/**
 * Tells the families of a cluster: by the API server's own Service, which has one of the first family, by the ServiceCIDRs, by what
 * the Services have. Without any it is IPv4.
 */
export function clusterFamilies(inputs: readonly Objects[]): ClusterFamilies {
	const own = inputs.flatMap((objects) => ofKind(objects, 'Service').get('Service default/kubernetes') ?? []);
	const services = inputs.flatMap((objects) => [...ofKind(objects, 'Service').values()]);
	const seen = new Set([
		...own.flatMap(familiesOf),
		...inputs.flatMap(cidrFamilies),
		...(services.some((service) => familiesOf(service).includes('ip')) ? (['ip'] as const) : []),
		...services.flatMap(familiesOf),
	]);
	const [first = 'ip', ...others] = seen;
	return [first, ...others];
}

function familiesOf({ value }: KubeObject): readonly IpFamily[] {
	const { clusterIP, clusterIPs } = Object(Object(value).spec);
	const addresses: readonly unknown[] = Array.isArray(clusterIPs) ? clusterIPs : [clusterIP];
	return addresses.flatMap((address) => {
		if (typeof address !== 'string' || !/[.:]/.test(address)) return [];
		return address.includes(':') ? 'ip6' : 'ip';
	});
}

function cidrFamilies(objects: Objects): readonly IpFamily[] {
	return [...ofKind(objects, 'ServiceCIDR').values()].flatMap(({ value }) => {
		const cidrs: unknown = Object(Object(value).spec).cidrs;
		return (Array.isArray(cidrs) ? cidrs : []).flatMap((cidr: unknown) => {
			const parsed = parseCidr(String(cidr));
			return 'invalid' in parsed ? [] : parsed.cidr.family;
		});
	});
}

const FAMILY_NAMES: ReadonlyMap<string, IpFamily> = new Map([
	['IPv4', 'ip'],
	['IPv6', 'ip6'],
]);

/**
 * The families a Service gets ClusterIPs of, the first one first (API server `pkg/registry/core/service/storage/alloc.go`).
 * @param held of the captured Service
 */
export function wantedFamilies(
	{ spec }: Wish,
	said: readonly IpFamily[],
	held: readonly IpFamily[],
	cluster: ClusterFamilies,
): readonly IpFamily[] {
	const listed = (spec.ipFamilies ?? []).flatMap((name) => FAMILY_NAMES.get(name) ?? []);
	const [start = []] = [listed, held, said, cluster.slice(0, 1)].filter((each) => each.length > 0);
	const families = [...new Set([...start, ...said])];
	const [first = 'ip'] = families;
	const policy = spec.ipFamilyPolicy;
	if (policy === 'SingleStack') return [first];
	const both = policy === 'RequireDualStack' || (policy === 'PreferDualStack' && cluster.length > 1);
	return both ? [...new Set([...families, first === 'ip' ? ('ip6' as const) : ('ip' as const)])] : families;
}
