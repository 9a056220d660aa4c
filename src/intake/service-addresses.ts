import type { Behaviour } from '../model/behaviour.ts';
import type { ServiceAddresses } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, type Cidr, familyName, type IpFamily } from '../model/ip.ts';
import { shown } from '../model/names.ts';
import { addNew, readAddress, readAddresses, readCidrs } from './addresses.ts';
import { below, type Field, fieldName, problemAt, type Report } from './fields.ts';
import type { ServiceInput } from './shapes.ts';

type Spec = ServiceInput['spec'];
type Status = ServiceInput['status'];

/** The addresses at which a Service answers. */
export function readServiceAddresses(
	field: Field,
	spec: Spec,
	status: Status,
	behaviour: Behaviour,
	report: Report,
): ByFamily<ServiceAddresses | null> {
	const clusterIps = readClusterIps(spec, below(field, 'spec'), report);
	const externalIps = readAddresses(
		(behaviour.externalIps && spec.externalIPs) || [],
		below(field, 'spec', 'externalIPs'),
		report,
	);
	const loadBalancerIps = readLoadBalancerIps(
		status,
		below(field, 'status', 'loadBalancer', 'ingress'),
		behaviour,
		report,
	);
	return byFamily((family) => {
		const clusterIp = clusterIps[family];
		if (clusterIp === null) return null;
		return { clusterIp, externalIps: externalIps[family], loadBalancerIps: loadBalancerIps[family] };
	});
}

/** One ClusterIP of each family at the most (kube-proxy `pkg/proxy/util/utils.go` GetClusterIPByFamily). */
function readClusterIps(spec: Spec, field: Field, report: Report): ByFamily<string | null> {
	const found: Record<IpFamily, string | null> = { ip: null, ip6: null };
	const families = spec.ipFamilies ?? [];
	if (families.length === 0 || !spec.clusterIPs) {
		const parsed = readAddress(spec.clusterIP ?? '', below(field, 'clusterIP'), report);
		if (parsed !== null) found[parsed.family] = parsed.address;
		return found;
	}
	for (const [index, text] of spec.clusterIPs.slice(0, families.length).entries()) {
		const place = below(field, 'clusterIPs', index);
		const parsed = readAddress(text, place, report);
		if (parsed === null) continue;
		if (familyName(parsed.family) === families[index]) found[parsed.family] ??= parsed.address;
		else reportOtherFamily(place, text, `spec.ipFamilies[${index}], ${families[index]}`, report);
	}
	return found;
}

function reportOtherFamily(field: Field, text: string, wants: string, report: Report): void {
	const sentence = `${fieldName(field.path)} ${shown(text)} is not of the family in ${wants}; it is left out`;
	report(problemAt(field, { code: 'wrong-family', severity: 'error', sentence }));
}

/** Addresses that are virtual on every node: ipMode unset or VIP (KEP-1860). The Service's type does not matter. */
function readLoadBalancerIps(
	status: Status,
	field: Field,
	{ loadBalancerIpMode }: Behaviour,
	report: Report,
): ByFamily<readonly string[]> {
	const found = byFamily<string[]>(() => []);
	for (const [index, ingress] of (status?.loadBalancer?.ingress ?? []).entries()) {
		const isVirtual = !loadBalancerIpMode || (ingress.ipMode ?? 'VIP') === 'VIP';
		if (!ingress.ip || !isVirtual) continue;
		const parsed = readAddress(ingress.ip, below(field, index, 'ip'), report);
		if (parsed !== null) addNew(found, parsed);
	}
	return found;
}

/**
 * Who may use the load-balancer addresses; null is everybody. A network of everything means that, as it does for
 * kube-proxy. A family for which no entry can be read is closed, where kube-proxy opens it: the user asked for a limit.
 */
export function readSourceRanges(field: Field, spec: Spec, report: Report): ByFamily<readonly Cidr[] | null> {
	const texts = spec.loadBalancerSourceRanges ?? [];
	const ranges = below(field, 'spec', 'loadBalancerSourceRanges');
	const { cidrs, unreadable } = readCidrs(texts, ranges, report);
	const readable = cidrs.ip.length + cidrs.ip6.length > 0;
	const isClosed = (family: IpFamily) => unreadable.some((text) => !readable || familyOf(text) === family);
	const sources = byFamily((family): readonly Cidr[] | null => {
		const allowed = cidrs[family];
		if (allowed.length === 0) return isClosed(family) ? [] : null;
		return allowed.some((cidr) => cidr.prefix === 0) ? null : allowed;
	});
	const closed = (['ip', 'ip6'] as const).filter((family) => sources[family]?.length === 0).map(familyName);
	if (closed.length > 0) reportClosed(ranges, closed, report);
	return sources;
}

/** The family that the writer of a text that cannot be read had in mind. */
function familyOf(text: string): IpFamily {
	return text.includes(':') ? 'ip6' : 'ip';
}

function reportClosed(field: Field, families: readonly string[], report: Report): void {
	const sentence = `none of its loadBalancerSourceRanges can be read for ${families.join(' and ')}; nobody may use its load-balancer addresses there`;
	report(problemAt(field, { code: 'no-source-allowed', severity: 'error', sentence, hint: 'correct the networks' }));
}
