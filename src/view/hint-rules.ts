import type { Behaviour } from '../model/behaviour.ts';
import type { Service } from '../model/cluster-state.ts';

/** Why hints of a kind do not decide. */
export type HintRefusal =
	/** the release uses them only under a condition */
	| { readonly why: 'release'; readonly unless: string | null }
	| { readonly why: 'none-ready' | 'none-hinted' | 'node-without-zone' | 'none-hinted-here' }
	| { readonly why: 'unhinted'; readonly target: string };

/** Whether the hints of a Service's endpoints count at all, and which endpoints are asked for them. */
export interface HintRules {
	/** why hints for nodes never count; null where they may */
	readonly withoutNodeHints: HintRefusal | null;
	/** why hints for zones never count; null where they may */
	readonly withoutZoneHints: HintRefusal | null;
	readonly readyOnly: boolean;
	readonly unnamedZone: boolean;
}

/** What the release makes of a Service's hints (kube-proxy `pkg/proxy/topology.go` FilterEndpoints, canUseTopology). */
export function hintRules(service: Service, behaviour: Behaviour): HintRules {
	return {
		withoutNodeHints: behaviour.nodeHints ? null : { why: 'release', unless: null },
		withoutZoneHints: zoneRefusal(service, behaviour),
		readyOnly: behaviour.readyHintsOnly,
		unnamedZone: behaviour.unnamedZone,
	};
}

function zoneRefusal(service: Service, { policiesApart, zoneHints }: Behaviour): HintRefusal | null {
	const unless = (condition: string): HintRefusal => ({ why: 'release', unless: condition });
	if (!policiesApart && service.externalTrafficPolicy === 'Local') return unless('externalTrafficPolicy is Cluster');
	if (!policiesApart && service.internalTrafficPolicy === 'Local') return unless('internalTrafficPolicy is Cluster');
	switch (zoneHints) {
		case 'never':
			return unless('TopologyAwareHints is on');
		case 'annotated-auto':
			return service.topologyMode === 'auto' ? null : unless('the annotation topology-aware-hints is Auto');
		case 'annotated':
			return service.topologyMode === null ? unless('an annotation asks for them') : null;
		case 'always':
			return null;
	}
}
