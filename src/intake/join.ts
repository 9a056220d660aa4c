import type { Behaviour } from '../model/behaviour.ts';
import type { Endpoint, Protocol, Service, ServicePort, SliceEndpoint } from '../model/cluster-state.ts';
import { byFamily, type IpFamily, socketText } from '../model/ip.ts';
import { shown } from '../model/names.ts';
import { compareBytes, sortedBy } from '../model/order.ts';
import type { Slice } from './endpoint-slice.ts';
import { type Field, fieldOf, problemAt, type Report } from './fields.ts';
import { type KubeObject, labelOf } from './kube-object.ts';

/** The label by which a slice belongs to a Service of its namespace. */
const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/** What names a Service, and what a slice's label names it by. */
export function serviceKey(object: { readonly namespace: string; readonly name: string }): string {
	return `${object.namespace}/${object.name}`;
}

/**
 * The slices of each Service.
 * @param services keys of all Services in the input, also of those that are not proxied
 */
export function slicesByService(
	slices: readonly KubeObject[],
	services: ReadonlySet<string>,
	report: Report,
): ReadonlyMap<string, readonly KubeObject[]> {
	const groups = new Map<string, KubeObject[]>();
	for (const slice of slices) {
		const name = labelOf(slice, SERVICE_NAME_LABEL);
		if (typeof name !== 'string' || name === '') {
			reportOrphan(fieldOf(slice, 'metadata', 'labels'), `it has no label ${SERVICE_NAME_LABEL}`, report);
			continue;
		}
		const key = serviceKey({ namespace: slice.namespace, name });
		const group = groups.get(key);
		if (group !== undefined) group.push(slice);
		else if (services.has(key)) groups.set(key, [slice]);
		else {
			const field = fieldOf(slice, 'metadata', 'labels', SERVICE_NAME_LABEL);
			reportOrphan(field, `there is no Service ${shown(key)} in the input`, report);
		}
	}
	return groups;
}

function reportOrphan(field: Field, why: string, report: Report): void {
	const sentence = `${why}; its endpoints are not used`;
	report(problemAt(field, { code: 'orphan-slice', severity: 'warning', sentence }));
}

/** A Service with the endpoints that its slices name. @param slices sorted by name */
export function withEndpoints(service: Service, slices: readonly Slice[], { rivals }: Behaviour): Service {
	const ofFamily = byFamily((family) => slices.filter((slice) => slice.family === family));
	const join = (family: IpFamily, { id, protocol }: ServicePort) => {
		const records = joinEndpoints(ofFamily[family], id.port, protocol);
		return rivals === 'running' ? withoutRivals(records) : records;
	};
	const ports = service.ports.map((port) => ({ ...port, endpoints: byFamily((family) => join(family, port)) }));
	const sharedOut = byFamily((family) => (isSharedOut(service, family) ? allOf(ofFamily[family]) : []));
	return { ...service, ports, sharedOut };
}

function isSharedOut({ topologyMode, ports }: Service, family: IpFamily): boolean {
	return topologyMode === 'auto' && ports.some((port) => port.addresses[family] !== null);
}

function allOf(slices: readonly Slice[]): readonly SliceEndpoint[] {
	return sortedBy(
		slices.flatMap((slice) => slice.endpoints),
		(endpoint) => endpoint.address,
	);
}

/**
 * What a Service's slices name for one of its ports, sorted bytewise by target, records for one target in the order of
 * their slices. Name and protocol of the port must agree, its number need not.
 */
function joinEndpoints(slices: readonly Slice[], port: string, protocol: Protocol): readonly Endpoint[] {
	const found: Endpoint[] = [];
	for (const slice of slices) {
		for (const slicePort of slice.ports) {
			if (slicePort.name !== port || slicePort.protocol !== protocol) continue;
			for (const endpoint of slice.endpoints) found.push(atPort(slicePort.port, endpoint));
		}
	}
	return found.sort((a, b) => compareBytes(a.target, b.target));
}

/** Field by field: of copies by `...`, as many as there are endpoints, each takes a quarter more memory. */
function atPort(port: number, endpoint: SliceEndpoint): Endpoint {
	const { address, node, pod, zone, ready, serving, terminating, zoneHints, nodeHints } = endpoint;
	const target = socketText(address, port);
	return { target, address, port, node, pod, zone, ready, serving, terminating, zoneHints, nodeHints };
}

/**
 * One record for each target: a later one replaces an earlier one unless it is terminating
 * (kube-proxy `pkg/proxy/endpointslicecache.go` addEndpoints).
 */
function withoutRivals(records: readonly Endpoint[]): readonly Endpoint[] {
	const kept = new Map<string, Endpoint>();
	for (const record of records) {
		if (!record.terminating || !kept.has(record.target)) kept.set(record.target, record);
	}
	return kept.size === records.length ? records : [...kept.values()];
}
