import type { Endpoint, Service, ServicePort } from '../model/cluster-state.ts';
import type { ServicePortView } from '../model/node-view.ts';
import { candidates } from '../view/candidates.ts';
import { type HintRules, hintRules } from '../view/hint-rules.ts';
import { type Decision, decide, servicePortView } from '../view/service-port-view.ts';
import type { Place } from './place.ts';

/** A service port at a place, with all that was decided about it there. */
export interface Subject {
	readonly service: Service;
	readonly port: ServicePort;
	readonly place: Place;
	readonly view: ServicePortView;
	readonly decision: Decision;
	/** the records that policies chose from, by target */
	readonly candidates: ReadonlyMap<string, Endpoint>;
	/** all records that the slices name */
	readonly records: readonly Endpoint[];
	readonly hintRules: HintRules;
}

/** Decides about a service port at a place; null where the Service has no address of the family. */
export function subjectAt(service: Service, port: ServicePort, place: Place): Subject | null {
	const { here, behaviour } = place;
	const view = servicePortView(service, port, here, behaviour);
	if (view === null) return null;
	return {
		service,
		port,
		place,
		view,
		decision: decide(service, port, here, behaviour),
		candidates: new Map(candidates(service, port, here, behaviour).map((each) => [each.target, each])),
		records: port.endpoints[here.family],
		hintRules: hintRules(service, behaviour),
	};
}

/** `internalTrafficPolicy: Local`, with the other policy where both ask for endpoints on the node. */
export function localPolicies({ internalLocal, externalLocal, external }: Decision): string {
	const policies = [
		...(internalLocal ? ['internalTrafficPolicy'] : []),
		...(externalLocal && external ? ['externalTrafficPolicy'] : []),
	];
	return `${policies.join(' and ')}: Local`;
}

/** Whether internalTrafficPolicy Local stands before every other decision, as it did before Kubernetes 1.24. */
export function isConfined({ service, place }: Subject): boolean {
	return !place.behaviour.policiesApart && service.internalTrafficPolicy === 'Local';
}
