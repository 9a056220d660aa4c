import { valueAt } from '../../findings/input-objects.ts';
import type { CheckDraft } from '../../model/check-report.ts';
import type { ClusterState, Service, ServicePort } from '../../model/cluster-state.ts';
import { IP_FAMILIES } from '../../model/ip.ts';
import { sortedBy } from '../../model/order.ts';
import { servicePortView } from '../../view/service-port-view.ts';
import { failed } from '../result.ts';
import { isServedIn } from '../site-groups.ts';
import { specField, type Trapped, titleOf } from './trap.ts';

type Policy = 'internal' | 'external';

/** Finds Local policies that drop traffic: of Pods on their own node, or of clients outside. */
export function localPolicyGaps(trapped: Trapped): readonly CheckDraft[] {
	const withPods = nodesWithPods(trapped);
	const everywhere = new Set(trapped.state.nodes.map(({ name }) => name));
	const clients = new Set([...everywhere].filter((name) => withPods.has(name)));
	return trapped.state.services.flatMap((service) => [
		...gapOf(service, 'internal', clients, trapped),
		...gapOf(service, 'external', everywhere, trapped),
	]);
}

/** Nodes with a Pod, which could be a client: of the input's Pods, and of all endpoints. */
function nodesWithPods({ state, objects }: Trapped): ReadonlySet<string> {
	const pods = [...objects.pods.values()].flat();
	const ofPods = pods.map(({ value }) => valueAt(value, 'spec', 'nodeName')).filter((name) => typeof name === 'string');
	return new Set([...ofPods, ...endpointNodes(state)]);
}

function endpointNodes({ services }: ClusterState): readonly string[] {
	const ports = services.flatMap((service) => service.ports);
	return ports.flatMap(({ endpoints }) =>
		IP_FAMILIES.flatMap((family) => endpoints[family].flatMap(({ node }) => node ?? [])),
	);
}

/** @param clients nodes on which, or at which, somebody may ask */
function gapOf(
	service: Service,
	policy: Policy,
	clients: ReadonlySet<string>,
	trapped: Trapped,
): readonly CheckDraft[] {
	if (service[`${policy}TrafficPolicy`] !== 'Local') return [];
	const dropping = droppingNodes(service, policy, clients, trapped);
	if (dropping.length === 0) return [];
	const of = `${dropping.length} of ${clients.size} ${clients.size === 1 ? 'node' : 'nodes'}`;
	const sentence =
		policy === 'internal'
			? `internalTrafficPolicy Local drops what Pods send to the ClusterIP on ${of} with Pods: no endpoint is there`
			: `externalTrafficPolicy Local drops what comes from outside on ${of}: no endpoint is there`;
	const about = { object: titleOf(service), sentence, origin: specField(service, `${policy}TrafficPolicy`) };
	return [failed(`${policy}-local-gap`, { ...about, nodes: dropping }, trapped.choice)];
}

/** Where some endpoint is elsewhere and none is here. No endpoint at all is another trouble, of which others tell. */
function droppingNodes(
	service: Service,
	policy: Policy,
	clients: ReadonlySet<string>,
	{ groupSites, network }: Trapped,
): readonly string[] {
	const found = new Set<string>();
	for (const family of IP_FAMILIES.filter((each) => isServedIn(service, each))) {
		for (const { site, nodes } of groupSites([service], family, clients)) {
			const drops = (port: ServicePort) =>
				servicePortView(service, port, site.here, network.behaviour)?.[policy] === 'drop';
			if (service.ports.some(drops)) for (const node of nodes) found.add(node);
		}
	}
	return sortedBy(found, (name) => name);
}
