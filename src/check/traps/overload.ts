import { loadOf } from '../../explain/load.ts';
import { placesOf } from '../../explain/place.ts';
import type { CheckDraft } from '../../model/check-report.ts';
import { type Service, servicePortName } from '../../model/cluster-state.ts';
import { IP_FAMILIES } from '../../model/ip.ts';
import { failed } from '../result.ts';
import { isServedIn } from '../site-groups.ts';
import { specField, type Trapped } from './trap.ts';

/**
 * Finds preferences, such as PreferClose, that give an endpoint more than twice its fair share, if every node sends the same.
 * What internalTrafficPolicy Local does is asked for, and told by another trap.
 */
export function overloadedEndpoints({ state, network, groupSites, choice }: Trapped): readonly CheckDraft[] {
	const places = placesOf(state, network);
	const nodes = new Map(state.nodes.map((node) => [node.name, node]));
	return state.services.filter(prefers).flatMap((service) =>
		service.ports.flatMap((port) =>
			IP_FAMILIES.flatMap((family) => {
				if (!isServedIn(service, family)) return [];
				// Of nodes that are alike one sends for all.
				const groups = groupSites([service], family, null);
				const weights = new Map(groups.map((group) => [group.site.here.node, group.nodes.length]));
				const senders = [...weights.keys()].flatMap((name) => nodes.get(name) ?? []);
				const load = loadOf(service, port, family, senders, weights, places);
				const warnings = load?.warnings.filter(({ code }) => code === 'overloaded-endpoint') ?? [];
				return warnings.map(({ sentence, remedies: [hint = null] }) => {
					const about = { object: `Service ${servicePortName(port.id)}`, sentence, hint };
					return failed('overloaded-endpoint', { ...about, origin: originOf(service) }, choice);
				});
			}),
		),
	);
}

/** Only what narrows the endpoints can overload one. */
function prefers({ internalTrafficPolicy, trafficDistribution, topologyMode, ports }: Service): boolean {
	if (internalTrafficPolicy === 'Local') return false;
	if (trafficDistribution !== null || topologyMode !== null) return true;
	return ports.some(({ endpoints }) =>
		IP_FAMILIES.some((family) =>
			endpoints[family].some(({ zoneHints, nodeHints }) => zoneHints.length + nodeHints.length > 0),
		),
	);
}

function originOf(service: Service) {
	const isAsked = service.trafficDistribution !== null && service.topologyMode === null;
	return isAsked ? specField(service, 'trafficDistribution') : service.origin;
}
