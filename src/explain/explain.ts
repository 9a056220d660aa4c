import type { Service, ServicePort } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import { type EndpointExplanation, explainEndpoints } from './endpoints.ts';
import { explainFrontends, type Frontend } from './frontends.ts';
import type { Places } from './place.ts';
import { explainPolicies, type Policy } from './policies.ts';
import { subjectAt } from './subject.ts';

/** An endpoint, what was decided about it, and the zone it is in as far as anybody says. */
export interface LocatedEndpoint extends EndpointExplanation {
	readonly zone: string | null;
}

/** What a node makes of a service port in one family, and why. It names the node nowhere. */
export interface FamilyExplanation {
	readonly family: IpFamily;
	readonly policies: readonly Policy[];
	readonly frontends: readonly Frontend[];
	readonly endpoints: readonly LocatedEndpoint[];
}

/** Explains a service port at a node, one explanation for each family it has an address of. */
export function explainPort(
	service: Service,
	port: ServicePort,
	node: string,
	families: readonly IpFamily[],
	places: Places,
): readonly FamilyExplanation[] {
	const located = (explained: EndpointExplanation) => ({ ...explained, zone: places.zoneOf(explained.endpoint) });
	return families.flatMap((family) => {
		const subject = subjectAt(service, port, places.at(node, family));
		if (subject === null) return [];
		return [
			{
				family,
				policies: explainPolicies(subject),
				frontends: explainFrontends(subject),
				endpoints: explainEndpoints(subject).map(located),
			},
		];
	});
}
