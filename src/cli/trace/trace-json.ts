import type { PodId } from '../../model/cluster-state.ts';
import { familyName } from '../../model/ip.ts';
import type { Ruleset } from '../../model/ruleset.ts';
import type { Answer, LocatedOutcome } from '../../trace/answer.ts';
import { fractionText } from '../../trace/fraction.ts';

/** Grows its second number when fields are added, its first when programs have to be changed. */
const FORMAT_VERSION = '1.0';

/** Answers for programs. Every field is always there, null where it has no value; equal answers give equal bytes. */
export function traceJson(answers: readonly Answer[], { node, zone }: Ruleset): string {
	const document = { format_version: FORMAT_VERSION, node, zone, flows: answers.map(flowJson) };
	return `${JSON.stringify(document, null, 2)}\n`;
}

function flowJson({ flow, outcomes }: Answer) {
	const { client, destination, packet, notes } = flow;
	return {
		family: familyName(packet.family).toLowerCase(),
		protocol: packet.protocol,
		client: { name: client.name, address: packet.saddr, pod: podJson(client.pod), node: client.node },
		destination: { name: destination.name, address: packet.daddr, port: packet.dport },
		notes,
		outcomes: outcomes.map(outcomeJson),
	};
}

function outcomeJson({ fate, probability, steps, where }: LocatedOutcome) {
	const endpoint = fate.kind === 'endpoint' ? fate : null;
	return {
		fate: fate.kind,
		probability: fractionText(probability),
		decimal: Number(probability.of) / Number(probability.in),
		address: endpoint?.address ?? null,
		port: endpoint?.port ?? null,
		pod: podJson(where?.pod ?? null),
		node: where?.node ?? null,
		masqueraded: 'masqueraded' in fate && fate.masqueraded,
		steps: steps.map(({ chain, rule, did, note }) => ({ chain, rule, did, note })),
	};
}

function podJson(pod: PodId | null) {
	return pod === null ? null : { namespace: pod.namespace, name: pod.name };
}
