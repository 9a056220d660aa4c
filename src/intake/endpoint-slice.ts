import type { Endpoint, Protocol } from '../model/cluster-state.ts';
import { type IpFamily, specialUse } from '../model/ip.ts';
import { compareBytes } from '../model/order.ts';
import { inside } from '../model/problem.ts';
import { readAddress } from './addresses.ts';
import { type KubeObject, type Report, reportShape } from './documents.ts';
import { isDnsSubdomain, isLabelValue, shown } from './names.ts';
import { readProtocol } from './service.ts';
import { type EndpointInput, endpointShape, slicePortShape, sliceShape } from './shapes.ts';

/** The label by which a slice belongs to a Service of its namespace. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/** A slice: endpoints of one family, each at every one of its ports. */
export interface Slice {
	readonly title: string;
	readonly family: IpFamily;
	readonly ports: readonly SlicePort[];
	readonly endpoints: readonly SliceEndpoint[];
}

export interface SlicePort {
	readonly name: string;
	readonly protocol: Protocol;
	readonly port: number;
}

type SliceEndpoint = Omit<Endpoint, 'target' | 'port'>;

/** Reads a slice; null when it is of no use (addressType FQDN, or unreadable, which is reported). */
export function readSlice(object: KubeObject, report: Report): Slice | null {
	const parsed = sliceShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.origin, object.title, 'the slice', report);
		return null;
	}
	const { addressType, ports, endpoints } = parsed.data;
	if (addressType === 'FQDN') return null;
	const family = addressType === 'IPv4' ? 'ip' : 'ip6';
	return {
		title: object.title,
		family,
		ports: (ports ?? []).flatMap((value, index) => readSlicePort(object, index, value, report) ?? []),
		endpoints: (endpoints ?? []).flatMap((value, index) => readEndpoint(object, family, index, value, report) ?? []),
	};
}

/** A port without a name or number leads nowhere (kube-proxy `pkg/proxy/endpointslicecache.go` endpointInfoByServicePort). */
function readSlicePort(object: KubeObject, index: number, value: unknown, report: Report): SlicePort | null {
	const parsed = slicePortShape.safeParse(value);
	if (!parsed.success) {
		reportShape(parsed.error, inside(object.origin, 'ports', index), object.title, `ports[${index}]`, report);
		return null;
	}
	const { name, port } = parsed.data;
	const protocol = readProtocol(parsed.data.protocol);
	if (typeof name !== 'string' || !port || protocol === null) {
		report({
			code: 'bad-port',
			severity: 'warning',
			origin: inside(object.origin, 'ports', index),
			object: object.title,
			sentence: `ports[${index}] needs a name, a number and the protocol TCP, UDP or SCTP; the port is left out, as kube-proxy does`,
			hint: null,
		});
		return null;
	}
	return { name, protocol, port };
}

function readEndpoint(
	object: KubeObject,
	family: IpFamily,
	index: number,
	value: unknown,
	report: Report,
): SliceEndpoint | null {
	const parsed = endpointShape.safeParse(value);
	if (!parsed.success) {
		reportShape(parsed.error, inside(object.origin, 'endpoints', index), object.title, `endpoints[${index}]`, report);
		return null;
	}
	const address = endpointAddress(object, family, index, parsed.data, report);
	if (address === null) return null;
	const { conditions, nodeName, hints } = parsed.data;
	return {
		address,
		node: nodeName && isDnsSubdomain(nodeName) ? nodeName : null,
		ready: conditions?.ready ?? true,
		serving: conditions?.serving ?? true,
		terminating: conditions?.terminating ?? false,
		zoneHints: hintNames(hints?.forZones, isLabelValue),
		nodeHints: hintNames(hints?.forNodes, isDnsSubdomain),
	};
}

const NO_HINTS: readonly string[] = [];

function hintNames(
	entries: readonly { readonly name: string }[] | null | undefined,
	isName: (text: string) => boolean,
): readonly string[] {
	if (!entries || entries.length === 0) return NO_HINTS;
	return entries.map((entry) => entry.name).filter(isName);
}

/** Only the first address of an endpoint has a meaning (EndpointSlice API); it must not lead to the node itself (CVE-2021-25737). */
function endpointAddress(
	object: KubeObject,
	family: IpFamily,
	index: number,
	endpoint: EndpointInput,
	report: Report,
): string | null {
	const text = endpoint.addresses[0];
	const leaveOut = (code: string, what: string): null => {
		report({
			code,
			severity: 'error',
			origin: inside(object.origin, 'endpoints', index, 'addresses', 0),
			object: object.title,
			sentence: `endpoints[${index}] ${what}; the endpoint is left out`,
			hint: null,
		});
		return null;
	};
	if (text === undefined) return leaveOut('bad-address', 'has no address');
	const field = { object: object.title, origin: object.origin, path: ['endpoints', index, 'addresses', 0] };
	const parsed = readAddress(text, field, report);
	if (parsed === null) return null;
	if (parsed.family !== family)
		return leaveOut('wrong-family', `has ${shown(text)}, which is not of the slice's addressType`);
	const use = specialUse(family, parsed.address);
	if (use !== null) {
		return leaveOut(
			'forbidden-endpoint',
			`has the ${use} address ${parsed.address}, which would lead to the node itself`,
		);
	}
	return parsed.address;
}

/**
 * The endpoints that a Service's slices name for one of its ports, sorted bytewise by target. Name and protocol of the port
 * must agree, its number need not. Of two records for one target a later one replaces an earlier one unless it is terminating
 * (kube-proxy `pkg/proxy/endpointslicecache.go` addEndpoints).
 * @param slices of one Service and one family, sorted by name
 */
export function joinEndpoints(slices: readonly Slice[], port: string, protocol: Protocol): readonly Endpoint[] {
	const found = new Map<string, Endpoint>();
	for (const slice of slices) {
		for (const slicePort of slice.ports) {
			if (slicePort.name !== port || slicePort.protocol !== protocol) continue;
			for (const endpoint of slice.endpoints) addEndpoint(found, slice.family, slicePort.port, endpoint);
		}
	}
	return [...found.values()].sort((a, b) => compareBytes(a.target, b.target));
}

function addEndpoint(found: Map<string, Endpoint>, family: IpFamily, port: number, endpoint: SliceEndpoint): void {
	const target = family === 'ip' ? `${endpoint.address}:${port}` : `[${endpoint.address}]:${port}`;
	if (endpoint.terminating && found.has(target)) return;
	found.set(target, { target, port, ...endpoint });
}
