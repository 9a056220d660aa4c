import {
	type ClusterState,
	type Protocol,
	type Service,
	type ServicePort,
	servicePortName,
} from '../model/cluster-state.ts';
import { type ByFamily, byFamily } from '../model/ip.ts';
import type { NodeView } from '../model/node-view.ts';
import { primaryAddresses } from './client.ts';
import type { DestinationName, ServiceName, Unresolved } from './ends.ts';
import { similar } from './similar.ts';

/** Where a connection goes. */
export interface Destination {
	/** as people call it; null for a bare address */
	readonly name: string | null;
	readonly addresses: ByFamily<string | null>;
	readonly port: number;
	readonly protocol: Protocol;
	/** of the Service that answers there, if one is known and has session affinity */
	readonly affinitySeconds: number | null;
	/** whether only some sources may come in there */
	readonly restricted: ByFamily<boolean>;
}

const NOT_RESTRICTED: ByFamily<boolean> = { ip: false, ip6: false };

/** Finds out what is meant. */
export function resolveDestination(
	name: DestinationName,
	state: ClusterState,
	view: NodeView,
): Destination | Unresolved {
	switch (name.kind) {
		case 'service':
			return serviceDestination(name, state);
		case 'nodeport':
			return nodePortDestination(name.port, name.protocol, state, view);
		case 'address': {
			const { family, address, port, protocol } = name;
			const addresses = byFamily((each) => (each === family ? address : null));
			return { name: null, addresses, port, protocol, affinitySeconds: null, restricted: NOT_RESTRICTED };
		}
	}
}

function serviceDestination(name: ServiceName, state: ClusterState): Destination | Unresolved {
	const service = findService(name, state);
	if ('unresolved' in service) return service;
	const port = pickPort(service, name);
	return 'unresolved' in port ? port : atService(service, port, name.at);
}

/** The Service of that name; where there is none, the names most like it are told. */
export function findService(name: ServiceName, { services }: ClusterState): Service | Unresolved {
	const { namespace, service: asked } = name;
	const service = services.find((each) => each.namespace === namespace && each.name === asked);
	if (service !== undefined) return service;
	const others = services.length === 0 ? '' : ` (did you mean ${similar({ namespace, name: asked }, services)}?)`;
	return {
		unresolved: `there is no Service ${namespace}/${asked} among the ${services.length} with a ClusterIP${others}`,
	};
}

function atService(service: Service, port: ServicePort, at: ServiceName['at']): Destination | Unresolved {
	const addresses = byFamily((family) => {
		const own = port.addresses[family];
		return (at === 'cluster-ip' ? own?.clusterIp : own?.loadBalancerIps[0]) ?? null;
	});
	const what = at === 'cluster-ip' ? 'ClusterIP' : 'load-balancer address';
	const name = servicePortName(port.id);
	if (addresses.ip === null && addresses.ip6 === null) return { unresolved: `Service port ${name} has no ${what}` };
	return {
		name: at === 'cluster-ip' ? name : `${what} of ${name}`,
		addresses,
		port: port.port,
		protocol: port.protocol,
		affinitySeconds: service.affinitySeconds,
		restricted: byFamily((family) => at === 'load-balancer' && service.sourceRanges[family] !== null),
	};
}

function pickPort(service: Service, asked: ServiceName): ServicePort | Unresolved {
	const fits = portsNamed(service, asked);
	if ('unresolved' in fits) return fits;
	const [only, ...others] = fits;
	if (only !== undefined && others.length === 0) return only;
	return {
		unresolved: `which port of Service ${service.namespace}/${service.name}: ${fits.map(portText).join(', ')}?`,
	};
}

/** The ports of a Service that a name fits, all where it names none; where none fits, those there are are told. */
export function portsNamed(
	{ ports, namespace, name }: Service,
	asked: ServiceName,
): readonly ServicePort[] | Unresolved {
	const fits = ports.filter(
		(each) =>
			(asked.port === null || each.id.port === asked.port || each.port === asked.port) &&
			(asked.protocol === null || each.protocol === asked.protocol),
	);
	if (fits.length > 0) return fits;
	if (ports.length === 0) return { unresolved: `Service ${namespace}/${name} has no port that can be used` };
	const wanted = `${asked.port ?? ''}${asked.protocol === null ? '' : `/${asked.protocol}`}`;
	const list = ports.map(portText).join(', ');
	return { unresolved: `Service ${namespace}/${name} has no port ${wanted}; it has ${list}` };
}

function portText({ id, port, protocol }: ServicePort): string {
	return id.port === '' ? `${port}/${protocol}` : `${id.port} (${port}/${protocol})`;
}

/** A NodePort that no Service has is traced too: that nobody answers there is an answer. */
function nodePortDestination(port: number, protocol: Protocol, state: ClusterState, view: NodeView): Destination {
	const primary = primaryAddresses(view);
	for (const service of state.services) {
		const owner = service.ports.find((each) => each.nodePort === port && each.protocol === protocol);
		if (owner === undefined) continue;
		const addresses = byFamily((family) => (owner.addresses[family] === null ? null : primary[family]));
		const name = `NodePort of ${servicePortName(owner.id)}`;
		return { name, addresses, port, protocol, affinitySeconds: service.affinitySeconds, restricted: NOT_RESTRICTED };
	}
	return {
		name: 'a NodePort of no Service',
		addresses: primary,
		port,
		protocol,
		affinitySeconds: null,
		restricted: NOT_RESTRICTED,
	};
}
