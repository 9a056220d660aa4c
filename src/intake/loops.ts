import type { Service, ServicePort } from '../model/cluster-state.ts';
import { byFamily, IP_FAMILIES } from '../model/ip.ts';
import type { Report } from './fields.ts';
import { clusterIps } from './hijacks.ts';

/** Leaves out endpoints at a Service's own ClusterIP: nothing would rewrite their packets again. */
export function withoutLoops(services: readonly Service[], report: Report): readonly Service[] {
	const owners = clusterIps(services);
	return services.map((service) => {
		const looping = loopingAddresses(service, owners);
		for (const address of looping) reportLoop(service, address, owners.get(address), report);
		if (looping.size === 0) return service;
		const ports = service.ports.map((port) => ({
			...port,
			endpoints: byFamily((family) => port.endpoints[family].filter((endpoint) => !looping.has(endpoint.address))),
		}));
		return { ...service, ports };
	});
}

function loopingAddresses(service: Service, owners: ReadonlyMap<string, Service>): ReadonlySet<string> {
	const found = new Set<string>();
	const note = ({ endpoints }: ServicePort) => {
		for (const family of IP_FAMILIES) {
			for (const { address } of endpoints[family]) if (owners.has(address)) found.add(address);
		}
	};
	service.ports.forEach(note);
	return found;
}

function reportLoop(service: Service, address: string, owner: Service | undefined, report: Report): void {
	const whose = owner === service ? 'its own ClusterIP' : `the ClusterIP of Service ${owner?.namespace}/${owner?.name}`;
	report({
		code: 'endpoint-is-cluster-ip',
		severity: 'error',
		origin: service.origin,
		object: `Service ${service.namespace}/${service.name}`,
		sentence: `its endpoint ${address} is ${whose}, which leads nowhere; the endpoint is left out`,
		hint: 'correct the EndpointSlice',
	});
}
