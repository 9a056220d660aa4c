import { placesOf } from '../../explain/place.ts';
import { subjectAt } from '../../explain/subject.ts';
import type { CheckDraft } from '../../model/check-report.ts';
import { type Service, type ServicePort, servicePortName } from '../../model/cluster-state.ts';
import { IP_FAMILIES, type IpFamily } from '../../model/ip.ts';
import { failed } from '../result.ts';
import type { Trapped } from './trap.ts';

/** Finds service ports of which one endpoint has no hints while others have: kube-proxy uses none then. */
export function unhintedEndpoints({ state, network, choice }: Trapped): readonly CheckDraft[] {
	const places = placesOf(state, network);
	// Hints are switched off for all nodes alike: any one with a zone tells.
	const node = (state.nodes.find(({ zone }) => zone !== null) ?? state.nodes[0])?.name ?? '';
	const targetOf = (service: Service, port: ServicePort, family: IpFamily) => {
		const subject = subjectAt(service, port, places.at(node, family));
		const { withoutNodeHints = null, withoutZoneHints = null } = subject?.decision.found.topology ?? {};
		return [withoutZoneHints, withoutNodeHints].find((refusal) => refusal?.why === 'unhinted');
	};
	return state.services.flatMap((service) =>
		service.ports.flatMap((port) =>
			IP_FAMILIES.flatMap((family) => {
				const refusal = targetOf(service, port, family);
				if (refusal?.why !== 'unhinted') return [];
				const sentence = `endpoint ${refusal.target} has no hints, so those of the others are not used: traffic goes to all zones`;
				const about = { object: `Service ${servicePortName(port.id)}`, sentence, origin: service.origin };
				return [failed('unhinted-endpoint', about, choice)];
			}),
		),
	);
}

/** Tells of topology-mode Auto that the EndpointSlice controller cannot share endpoints out, as computing the hints found. */
export function autoWithoutHints({ problems, choice }: Trapped): readonly CheckDraft[] {
	return problems
		.filter(({ code }) => code === 'auto-without-hints')
		.map(({ object, sentence, origin }) => failed('auto-without-hints', { object, sentence, origin }, choice));
}
