import type { ClusterState, Service, ServicePort } from '../model/cluster-state.ts';
import type { Document } from '../model/document.ts';
import { IP_FAMILIES, type IpFamily } from '../model/ip.ts';
import type { Problem } from '../model/problem.ts';
import { settleClaims } from './claims.ts';
import { type KubeObject, type Report, sortDocuments } from './documents.ts';
import { joinEndpoints, readSlice, SERVICE_NAME_LABEL, type Slice } from './endpoint-slice.ts';
import { reportHijacks } from './hijacks.ts';
import { shown } from './names.ts';
import { readNode, readServiceCidrs } from './node.ts';
import { isHiddenFromProxies, readService } from './service.ts';

/** The cluster as far as it could be read, what could not, and how much was read. */
export interface Intake {
	readonly state: ClusterState;
	readonly problems: readonly Problem[];
	/** objects of each kind we use */
	readonly read: ReadonlyMap<string, number>;
	/** objects of other kinds */
	readonly passedOver: ReadonlyMap<string, number>;
}

/**
 * Turns documents that nobody has looked at into a ClusterState that can be trusted.
 * Whatever is wrong with one object is a problem of that object: it is left out and the rest is read.
 */
export function intake(documents: readonly Document[]): Intake {
	const problems: Problem[] = [];
	const report: Report = (problem) => problems.push(problem);
	const { objects, passedOver } = sortDocuments(documents, report);
	const services = (objects.get('Service') ?? []).filter((object) => !isHiddenFromProxies(object));
	const slices = (objects.get('EndpointSlice') ?? []).filter((object) => !isHiddenFromProxies(object));
	const state: ClusterState = {
		services: settleClaims(readServices(services, slices, report), report),
		nodes: (objects.get('Node') ?? []).flatMap((object) => readNode(object, report) ?? []),
		serviceCidrs: readServiceCidrs(objects.get('ServiceCIDR') ?? [], report),
	};
	const checked = { ...state, services: withoutLoops(state.services, report) };
	reportHijacks(checked, report);
	const read = new Map([...objects].map(([kind, found]) => [kind, found.length]));
	return { state: checked, problems, read, passedOver };
}

function readServices(services: readonly KubeObject[], slices: readonly KubeObject[], report: Report): Service[] {
	const slicesOf = groupByService(slices, new Set(services.map(serviceKey)), report);
	return services.flatMap((object) => {
		const service = readService(object, report);
		if (service === null) return [];
		const own = (slicesOf.get(serviceKey(object)) ?? []).flatMap((slice) => readSlice(slice, report) ?? []);
		return [withEndpoints(service, own)];
	});
}

function serviceKey(object: KubeObject): string {
	return `${object.namespace}/${object.name}`;
}

function groupByService(
	slices: readonly KubeObject[],
	services: ReadonlySet<string>,
	report: Report,
): ReadonlyMap<string, readonly KubeObject[]> {
	const groups = new Map<string, KubeObject[]>();
	for (const slice of slices) {
		const service = slice.labels.get(SERVICE_NAME_LABEL);
		const key = `${slice.namespace}/${service}`;
		if (typeof service !== 'string' || service === '') {
			reportOrphan(slice, `it has no label ${SERVICE_NAME_LABEL}`, report);
		} else if (!services.has(key)) {
			reportOrphan(slice, `there is no Service ${shown(key)} in the input`, report);
		} else {
			const group = groups.get(key);
			if (group === undefined) groups.set(key, [slice]);
			else group.push(slice);
		}
	}
	return groups;
}

function reportOrphan(slice: KubeObject, why: string, report: Report): void {
	report({
		code: 'orphan-slice',
		severity: 'warning',
		origin: slice.origin,
		object: slice.title,
		sentence: `${why}; its endpoints are not used`,
		hint: null,
	});
}

function withEndpoints(service: Service, slices: readonly Slice[]): Service {
	const join = (family: IpFamily, port: ServicePort) =>
		joinEndpoints(
			slices.filter((slice) => slice.family === family),
			port.id.port,
			port.protocol,
		);
	const ports = service.ports.map((port) => ({ ...port, endpoints: { ip: join('ip', port), ip6: join('ip6', port) } }));
	return { ...service, ports };
}

/** An endpoint at a Service's own ClusterIP would send the packet nowhere: nothing rewrites it again. */
function withoutLoops(services: readonly Service[], report: Report): readonly Service[] {
	const clusterIps = new Set<string>();
	for (const { ports } of services) {
		for (const family of IP_FAMILIES) {
			const address = ports[0]?.addresses[family]?.clusterIp;
			if (address) clusterIps.add(address);
		}
	}
	return services.map((service) => {
		const looping = (port: ServicePort) =>
			IP_FAMILIES.some((family) => port.endpoints[family].some((endpoint) => clusterIps.has(endpoint.address)));
		if (!service.ports.some(looping)) return service;
		report(loopProblem(service));
		const keep = (port: ServicePort, family: IpFamily) =>
			port.endpoints[family].filter((endpoint) => !clusterIps.has(endpoint.address));
		const ports = service.ports.map((port) => ({
			...port,
			endpoints: { ip: keep(port, 'ip'), ip6: keep(port, 'ip6') },
		}));
		return { ...service, ports };
	});
}

function loopProblem(service: Service): Problem {
	return {
		code: 'endpoint-is-cluster-ip',
		severity: 'error',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence:
			'an endpoint of its slices is the ClusterIP of a Service, to which no packet can be sent on; it is left out',
		hint: null,
	};
}
