import type { Answer, PortAnswer } from '../../explain/answer.ts';
import type { Cohort } from '../../explain/cohorts.ts';
import type { Verdict } from '../../explain/endpoints.ts';
import type { FamilyExplanation, LocatedEndpoint } from '../../explain/explain.ts';
import type { Load } from '../../explain/load.ts';
import type { BeforeAfter, EndpointLoad } from '../../explain/shares.ts';
import type { Endpoint } from '../../model/cluster-state.ts';
import { familyName, type IpFamily } from '../../model/ip.ts';
import { sortedBy } from '../../model/order.ts';
import { type Fraction, fractionText } from '../../trace/fraction.ts';

/** Grows its second number when fields are added, its first when programs have to be changed. */
const FORMAT_VERSION = '1.0';

/** An answer for programs. Every field is always there, null where it has no value; equal answers give equal bytes. */
export function explainJson({ service, question, ports }: Answer, release: string): string {
	const { namespace, name, hintsComputed } = service;
	const document = {
		format_version: FORMAT_VERSION,
		kubernetes_version: release,
		service: { namespace, name, hints_computed: hintsComputed },
		weights: sortedBy(question.weights, ([node]) => node).map(([node, weight]) => ({ node, weight })),
		ports: ports.map(portJson),
	};
	return `${JSON.stringify(document, null, 2)}\n`;
}

function portJson({ port, cohorts, loads }: PortAnswer) {
	return {
		name: port.id.port,
		port: port.port,
		protocol: port.protocol,
		cohorts: cohorts.map(cohortJson),
		loads: loads === null ? null : loads.map(loadJson),
	};
}

function cohortJson({ nodes, families }: Cohort) {
	return { nodes: nodes.map(({ name, zone }) => ({ name, zone })), families: families.map(familyJson) };
}

function familyJson({ family, policies, frontends, endpoints }: FamilyExplanation) {
	return {
		family: familyWord(family),
		policies: policies.map(({ policy, value, force, beatenBy, sentence }) => {
			return { policy, value, force: force.replace(' ', '_'), beaten_by: beatenBy, sentence };
		}),
		addresses: frontends.map(({ kind, address, port, where, sources, treatments }) => {
			return { kind, address, port, where, sources, treatments };
		}),
		endpoints: endpoints.map(endpointJson),
	};
}

function endpointJson({ endpoint, zone, verdicts }: LocatedEndpoint) {
	const { ready, serving, terminating, zoneHints, nodeHints } = endpoint;
	return {
		...placeJson(endpoint, zone),
		conditions: { ready, serving, terminating },
		hints: { zones: zoneHints, nodes: nodeHints },
		cluster: verdictJson(verdicts.cluster),
		local: verdictJson(verdicts.local),
	};
}

function verdictJson(verdict: Verdict | null) {
	return verdict === null ? null : { kept: verdict.kept, field: verdict.field, sentence: verdict.sentence };
}

function loadJson({ family, fair, endpoints, zones, dropped, refused, warnings }: Load) {
	return {
		family: familyWord(family),
		fair: fair === null ? null : shareJson(fair),
		endpoints: endpoints.map((each: EndpointLoad) => ({ ...placeJson(each.endpoint, each.zone), ...sharesJson(each) })),
		zones: zones.map((each) => ({
			zone: each.zone,
			nodes: each.nodes,
			sends: shareJson(each.sends),
			...sharesJson(each),
		})),
		dropped: sharesJson(dropped),
		refused: sharesJson(refused),
		warnings: warnings.map(({ code, sentence, remedies }) => ({ code, sentence, remedies })),
	};
}

function placeJson({ address, port, pod, node }: Endpoint, zone: string | null) {
	return { address, port, pod: pod === null ? null : { namespace: pod.namespace, name: pod.name }, node, zone };
}

function sharesJson({ before, after }: BeforeAfter) {
	return { before: shareJson(before), after: shareJson(after) };
}

function shareJson(share: Fraction) {
	return { fraction: fractionText(share), decimal: Number(share.of) / Number(share.in) };
}

function familyWord(family: IpFamily): string {
	return familyName(family).toLowerCase();
}
