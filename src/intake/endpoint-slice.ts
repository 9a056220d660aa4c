import type { Protocol, SliceEndpoint } from '../model/cluster-state.ts';
import { type IpFamily, specialUse } from '../model/ip.ts';
import { isDnsSubdomain, isLabelValue, shown } from '../model/names.ts';
import { readAddress } from './addresses.ts';
import { below, type Field, fieldName, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import type { KubeObject } from './kube-object.ts';
import { isPlainEndpoint } from './plain-endpoint.ts';
import { readProtocol, unknownProtocol } from './service-ports.ts';
import { type EndpointInput, endpointShape, slicePortShape, sliceShape } from './shapes.ts';

/** A slice: endpoints of one family, each at every one of its ports. */
export interface Slice {
	readonly family: IpFamily;
	readonly ports: readonly SlicePort[];
	readonly endpoints: readonly SliceEndpoint[];
}

export interface SlicePort {
	readonly name: string;
	readonly protocol: Protocol;
	readonly port: number;
}

/** Reads a slice; null when it is of no use (addressType FQDN, or unreadable, which is reported). */
export function readSlice(object: KubeObject, report: Report): Slice | null {
	const parsed = sliceShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.value, fieldOf(object), 'the slice', report);
		return null;
	}
	const { addressType, ports, endpoints } = parsed.data;
	if (addressType === 'FQDN') return null;
	const family = addressType === 'IPv4' ? 'ip' : 'ip6';
	return {
		family,
		ports: (ports ?? []).flatMap((value, index) => readSlicePort(fieldOf(object, 'ports', index), value, report) ?? []),
		endpoints: (endpoints ?? []).flatMap(
			(value, index) => readEndpoint(fieldOf(object, 'endpoints', index), family, value, report) ?? [],
		),
	};
}

/**
 * A port without a number leads nowhere (kube-proxy `pkg/proxy/endpointslicecache.go` endpointInfoByServicePort). One without
 * a name has the empty name, as the API server stores it.
 */
function readSlicePort(field: Field, value: unknown, report: Report): SlicePort | null {
	const parsed = slicePortShape.safeParse(value);
	if (!parsed.success) {
		reportShape(parsed.error, value, field, 'the port', report);
		return null;
	}
	const { name, port, protocol: text } = parsed.data;
	const protocol = readProtocol(text);
	if (port && protocol !== null) return { name: name ?? '', protocol, port };
	const what =
		protocol === null ? unknownProtocol(text) : 'has no number, so no Service port can lead to it, as for kube-proxy';
	const sentence = `${fieldName(field.path)} ${what}; the port is left out`;
	report(problemAt(field, { code: 'bad-port', severity: 'warning', sentence }));
	return null;
}

function readEndpoint(field: Field, family: IpFamily, value: unknown, report: Report): SliceEndpoint | null {
	const parsed = isPlainEndpoint(value) ? { success: true as const, data: value } : endpointShape.safeParse(value);
	if (!parsed.success) {
		reportShape(parsed.error, value, field, 'the endpoint', report);
		return null;
	}
	const { addresses, conditions, nodeName, targetRef, zone, hints } = parsed.data;
	const address = endpointAddress(below(field, 'addresses', 0), family, addresses[0], report);
	if (address === null) return null;
	return {
		address,
		node: readNodeName(field, nodeName, report),
		pod: targetRef ? { namespace: targetRef.namespace, name: targetRef.name } : null,
		zone: zone && isLabelValue(zone) ? zone : null,
		ready: conditions?.ready ?? true,
		serving: conditions?.serving ?? true,
		terminating: conditions?.terminating ?? false,
		zoneHints: readHints(field, 'forZones', hints?.forZones, isLabelValue, report),
		nodeHints: readHints(field, 'forNodes', hints?.forNodes, isDnsSubdomain, report),
	};
}

function readNodeName(endpoint: Field, name: EndpointInput['nodeName'], report: Report): string | null {
	if (!name) return null;
	if (isDnsSubdomain(name)) return name;
	const field = below(endpoint, 'nodeName');
	const sentence = `${fieldName(field.path)} ${shown(name)} is no name of a Node; the endpoint counts as one on no node`;
	report(problemAt(field, { code: 'bad-node-name', severity: 'warning', sentence }));
	return null;
}

type Hints = NonNullable<EndpointInput['hints']>['forZones'];

const NO_HINTS: readonly string[] = [];

function readHints(
	endpoint: Field,
	key: 'forZones' | 'forNodes',
	entries: Hints,
	isName: (text: string) => boolean,
	report: Report,
): readonly string[] {
	if (!entries || entries.length === 0) return NO_HINTS;
	const names = entries.map((entry) => entry.name);
	const bad = names.findIndex((name) => !isName(name));
	if (bad < 0) return names;
	const field = below(endpoint, 'hints', key);
	const sentence = `${fieldName(field.path)}[${bad}] ${shown(names[bad])} is not a name that Kubernetes allows; this hint is left out`;
	report(problemAt(below(field, bad), { code: 'bad-hint', severity: 'warning', sentence }));
	return names.filter(isName);
}

/** Only the first address of an endpoint has a meaning (EndpointSlice API); it must not lead to the node itself (CVE-2021-25737). */
function endpointAddress(field: Field, family: IpFamily, text: string | undefined, report: Report): string | null {
	const leaveOut = (code: string, what: string): null => {
		const sentence = `${fieldName(field.path)} ${what}; the endpoint is left out`;
		report(problemAt(field, { code, severity: 'error', sentence }));
		return null;
	};
	if (text === undefined) return leaveOut('bad-address', 'is not there');
	const parsed = readAddress(text, field, report);
	if (parsed === null) return null;
	if (parsed.family !== family) {
		const wants = family === 'ip' ? 'IPv4' : 'IPv6';
		return leaveOut('wrong-family', `${shown(text)} is not an ${wants} address, as the slice's addressType says`);
	}
	const use = specialUse(family, parsed.address);
	if (use === null) return parsed.address;
	return leaveOut('forbidden-endpoint', `${parsed.address} (${use}) is nowhere a Service may lead`);
}
