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

function serviceDestination(name: ServiceName, { services }: ClusterState): Destination | Unresolved {
	const { namespace, service: asked } = name;
	const service = services.find((each) => each.namespace === namespace && each.name === asked);
	if (service === undefined) {
		const others = services.length === 0 ? '' : ` (did you mean ${similar({ namespace, name: asked }, services)}?)`;
		return {
			unresolved: `there is no Service ${namespace}/${asked} among the ${services.length} with a ClusterIP${others}`,
		};
	}
	const port = pickPort(service, name);
	return 'unresolved' in port ? port : atService(service, port, name.at);
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

function pickPort({ ports, namespace, name }: Service, asked: ServiceName): ServicePort | Unresolved {
	const fits = ports.filter(
		(each) =>
			(asked.port === null || each.id.port === asked.port || each.port === asked.port) &&
			(asked.protocol === null || each.protocol === asked.protocol),
	);
	const [only, ...others] = fits;
	if (only !== undefined && others.length === 0) return only;
	const list = (some: readonly ServicePort[]) => some.map(portText).join(', ');
	if (only !== undefined) return { unresolved: `which port of Service ${namespace}/${name}: ${list(fits)}?` };
	const wanted = `${asked.port ?? ''}${asked.protocol === null ? '' : `/${asked.protocol}`}`;
	return { unresolved: `Service ${namespace}/${name} has no port ${wanted}; it has ${list(ports)}` };
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
