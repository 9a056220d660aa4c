import type { Protocol, Service, ServiceAddresses, ServicePort, TrafficPolicy } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, type Cidr, familyName, type IpFamily } from '../model/ip.ts';
import { inside } from '../model/problem.ts';
import { type Field, readAddress, readAddresses, readCidrs } from './addresses.ts';
import { type KubeObject, type Report, reportShape } from './documents.ts';
import { isDnsLabel, shown } from './names.ts';
import { type ServiceInput, servicePortShape, serviceShape } from './shapes.ts';

const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';
const HEADLESS_LABEL = 'service.kubernetes.io/headless';

const DEFAULT_AFFINITY_SECONDS = 10800;
const MAX_AFFINITY_SECONDS = 86400;

/** Whether kube-proxy's watch leaves the object out: either label, with any value (kube-proxy `cmd/kube-proxy/app/server.go`). */
export function isHiddenFromProxies(object: KubeObject): boolean {
	return object.labels.has(PROXY_NAME_LABEL) || object.labels.has(HEADLESS_LABEL);
}

/**
 * Reads a Service; its ports have no endpoints yet. Null when it is not proxied
 * (headless, ExternalName, no ClusterIP: kube-proxy `pkg/proxy/util/utils.go` ShouldSkipService) or unusable, which is reported.
 */
export function readService(object: KubeObject, report: Report): Service | null {
	const parsed = serviceShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.origin, object.title, 'the Service', report);
		return null;
	}
	const { spec, status } = parsed.data;
	if (spec.clusterIP === 'None' || spec.type === 'ExternalName') return null;
	if (!spec.clusterIP) {
		reportUnallocated(object, report);
		return null;
	}
	const addresses = readServiceAddresses(object, spec, status, report);
	const ports = readPorts(object, spec, addresses, report);
	return {
		namespace: object.namespace,
		name: object.name,
		origin: object.origin,
		created: object.created,
		internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
		externalTrafficPolicy: externalTrafficPolicy(spec),
		affinitySeconds: affinitySeconds(object, spec, report),
		sourceRanges: readSourceRanges(object, spec, report),
		ports,
	};
}

function reportUnallocated(object: KubeObject, report: Report): void {
	report({
		code: 'no-cluster-ip',
		severity: 'warning',
		origin: inside(object.origin, 'spec'),
		object: object.title,
		sentence: 'it has no clusterIP yet, so nothing can be made for it',
		hint: 'the API server assigns one; render what `kubectl get services -o yaml` prints, or write one in',
	});
}

/** eTP counts for Services that can be reached from outside at all (kube-proxy `pkg/api/v1/service/util.go` ExternalPolicyLocal). */
function externalTrafficPolicy(spec: ServiceInput['spec']): TrafficPolicy {
	const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.externalIPs ?? []).length > 0;
	return external && spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster';
}

function affinitySeconds(object: KubeObject, spec: ServiceInput['spec'], report: Report): number | null {
	if (spec.sessionAffinity !== 'ClientIP') return null;
	const asked = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
	const used = Math.min(Math.max(asked, 1), MAX_AFFINITY_SECONDS);
	if (used !== asked) {
		report({
			code: 'affinity-timeout-clamped',
			severity: 'warning',
			origin: inside(object.origin, 'spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'),
			object: object.title,
			sentence: `its session affinity of ${asked} s is outside 1 to ${MAX_AFFINITY_SECONDS} s; ${used} s is used`,
			hint: null,
		});
	}
	return used;
}

function readServiceAddresses(
	object: KubeObject,
	spec: ServiceInput['spec'],
	status: ServiceInput['status'],
	report: Report,
): ByFamily<ServiceAddresses | null> {
	const field = (...path: (string | number)[]): Field => ({ object: object.title, origin: object.origin, path });
	const clusterIps = readClusterIps(spec, field, report);
	const externalIps = readAddresses(spec.externalIPs ?? [], field('spec', 'externalIPs'), report);
	const loadBalancerIps = readLoadBalancerIps(status, field, report);
	return byFamily((family) => {
		const clusterIp = clusterIps[family];
		if (clusterIp === null) return null;
		return { clusterIp, externalIps: externalIps[family], loadBalancerIps: loadBalancerIps[family] };
	});
}

type FieldAt = (...path: (string | number)[]) => Field;

/** One ClusterIP of each family at the most (kube-proxy `pkg/proxy/util/utils.go` GetClusterIPByFamily). */
function readClusterIps(spec: ServiceInput['spec'], field: FieldAt, report: Report): ByFamily<string | null> {
	const found: Record<IpFamily, string | null> = { ip: null, ip6: null };
	const families = spec.ipFamilies ?? [];
	const texts = families.length === 0 ? [spec.clusterIP ?? ''] : (spec.clusterIPs ?? [spec.clusterIP ?? '']);
	const path = families.length === 0 || !spec.clusterIPs ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs'];
	for (const [index, text] of texts.entries()) {
		if (families.length > 0 && index >= families.length) break;
		const parsed = readAddress(text, field(...path, ...(path[1] === 'clusterIPs' ? [index] : [])), report);
		if (parsed === null) continue;
		if (families.length > 0 && familyName(parsed.family) !== families[index]) continue;
		found[parsed.family] ??= parsed.address;
	}
	return found;
}

/** Addresses that are virtual on every node: ipMode unset or VIP (KEP-1860). The Service's type does not matter. */
function readLoadBalancerIps(
	status: ServiceInput['status'],
	field: FieldAt,
	report: Report,
): ByFamily<readonly string[]> {
	const found = byFamily<string[]>(() => []);
	for (const [index, ingress] of (status?.loadBalancer?.ingress ?? []).entries()) {
		if (!ingress.ip || (ingress.ipMode ?? 'VIP') !== 'VIP') continue;
		const parsed = readAddress(ingress.ip, field('status', 'loadBalancer', 'ingress', index, 'ip'), report);
		if (parsed !== null && !found[parsed.family].includes(parsed.address)) found[parsed.family].push(parsed.address);
	}
	return found;
}

/**
 * Who may use the load-balancer addresses. A network of everything means everybody, as it does for kube-proxy.
 * Where no entry can be read at all nobody may: the user asked for a limit.
 */
function readSourceRanges(
	object: KubeObject,
	spec: ServiceInput['spec'],
	report: Report,
): ByFamily<readonly Cidr[] | null> {
	const texts = spec.loadBalancerSourceRanges ?? [];
	if (texts.length === 0) return { ip: null, ip6: null };
	const field = { object: object.title, origin: object.origin, path: ['spec', 'loadBalancerSourceRanges'] };
	const cidrs = readCidrs(texts, field, report);
	if (cidrs.ip.length + cidrs.ip6.length === 0) {
		report({
			code: 'no-source-allowed',
			severity: 'error',
			origin: inside(object.origin, 'spec', 'loadBalancerSourceRanges'),
			object: object.title,
			sentence: 'none of its loadBalancerSourceRanges can be read; nobody may use its load-balancer addresses',
			hint: null,
		});
		return { ip: [], ip6: [] };
	}
	return byFamily((family) => {
		const ranges = cidrs[family];
		return ranges.length === 0 || ranges.some((cidr) => cidr.prefix === 0) ? null : ranges;
	});
}

function readPorts(
	object: KubeObject,
	spec: ServiceInput['spec'],
	addresses: ByFamily<ServiceAddresses | null>,
	report: Report,
): ServicePort[] {
	const ports = new Map<string, ServicePort>();
	for (const [index, value] of (spec.ports ?? []).entries()) {
		const port = readPort(object, index, value, addresses, report);
		if (port === null) continue;
		if (ports.has(port.id.port))
			reportPort(object, index, `has the name ${shown(port.id.port)} of another port`, report);
		else ports.set(port.id.port, port);
	}
	if (ports.size === 0) {
		report({
			code: 'no-ports',
			severity: 'error',
			origin: inside(object.origin, 'spec'),
			object: object.title,
			sentence: 'it has no usable port; nothing is made for it',
			hint: 'a Service with a clusterIP needs spec.ports',
		});
	}
	return [...ports.values()];
}

function readPort(
	object: KubeObject,
	index: number,
	value: unknown,
	addresses: ByFamily<ServiceAddresses | null>,
	report: Report,
): ServicePort | null {
	const parsed = servicePortShape.safeParse(value);
	if (!parsed.success) {
		reportShape(parsed.error, inside(object.origin, 'spec', 'ports', index), object.title, `ports[${index}]`, report);
		return null;
	}
	const { name, port, nodePort } = parsed.data;
	const protocol = readProtocol(parsed.data.protocol);
	if (protocol === null) {
		reportPort(object, index, `has the protocol ${shown(parsed.data.protocol)}, which is not TCP, UDP or SCTP`, report);
		return null;
	}
	if (name && !isDnsLabel(name)) {
		reportPort(object, index, `has the name ${shown(name)}, which Kubernetes forbids`, report);
		return null;
	}
	const id = { namespace: object.namespace, service: object.name, port: name ?? '' };
	return { id, protocol, port, nodePort: nodePort || null, addresses, endpoints: { ip: [], ip6: [] } };
}

function reportPort(object: KubeObject, index: number, what: string, report: Report): void {
	report({
		code: 'bad-port',
		severity: 'error',
		origin: inside(object.origin, 'spec', 'ports', index),
		object: object.title,
		sentence: `ports[${index}] ${what}; the port is left out`,
		hint: null,
	});
}

/** The protocol of a port in nft's word; null when it is none we know. The API server writes TCP where none is given. */
export function readProtocol(text: string | null | undefined): Protocol | null {
	const protocol = (text || 'TCP').toLowerCase();
	return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? protocol : null;
}
