import type { Behaviour } from '../model/behaviour.ts';
import type { Endpoint, Service, ServicePort } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';

/** The node and family that decide between candidates. */
interface Where {
	readonly node: string;
	readonly family: IpFamily;
}

/**
 * The endpoints of a service port that policies choose from. All there are, but in releases where internalTrafficPolicy
 * Local stands before every other decision (kube-proxy `pkg/proxy/topology.go` FilterEndpoints), and in those where the node
 * decides between two records for one target (`pkg/proxy/endpointslicecache.go` addEndpoints).
 */
export function candidates(
	service: Service,
	port: ServicePort,
	where: Where,
	behaviour: Behaviour,
): readonly Endpoint[] {
	const all = port.endpoints[where.family];
	const distinct = behaviour.rivals === 'on-node' ? withoutRivals(all, where.node, behaviour) : all;
	const confined = !behaviour.policiesApart && service.internalTrafficPolicy === 'Local';
	return confined ? distinct.filter((endpoint) => endpoint.node === where.node) : distinct;
}

/** Of several records for one endpoint the first stays, unless a later one is on this node. */
function withoutRivals(endpoints: readonly Endpoint[], node: string, { rivalsByPort }: Behaviour): readonly Endpoint[] {
	const kept = new Map<string, Endpoint>();
	for (const endpoint of endpoints) {
		const identity = rivalsByPort ? endpoint.target : endpoint.address;
		if (!kept.has(identity) || endpoint.node === node) kept.set(identity, endpoint);
	}
	return kept.size === endpoints.length ? endpoints : [...kept.values()];
}
