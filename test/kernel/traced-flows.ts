import type { Packet } from '../../src/model/packet.ts';
import type { Ruleset } from '../../src/model/ruleset.ts';
import { type Fate, type Outcome, trace } from '../../src/trace/trace.ts';
import { targetText } from './agent-listen.ts';
import type { Flow } from './random-flows.ts';
import { ownAddresses } from './random-senders.ts';
import { NODE_SIDE } from './wiring.ts';

/** A flow with what the tracer says becomes of it. */
export interface Traced {
	readonly flow: Flow;
	readonly outcomes: readonly Outcome[];
	/** what probes will tell, as `observedText` writes it, and how likely */
	readonly expected: ReadonlyMap<string, number>;
}

/** Who answers at an address that the rules leave alone is whoever has it, so there is a listener at every destination. */
export function traceFlow(ruleset: Ruleset, flow: Flow, bound: readonly string[]): Traced {
	const own = ownAddresses(flow.plan, bound);
	const outcomes = trace(ruleset, packetOf(flow, bound), { isLocal: (address) => own.includes(address) });
	const expected = new Map<string, number>();
	for (const { fate, probability } of outcomes) {
		const text = expectedText(fate, flow, sourceOf(flow, bound));
		expected.set(text, (expected.get(text) ?? 0) + Number(probability.of) / Number(probability.in));
	}
	return { flow, outcomes, expected };
}

/** The first packet of the flow's connections; of a sender with many addresses, from one of them. */
function packetOf(flow: Flow, bound: readonly string[]): Packet {
	const { from, to, plan } = flow;
	return {
		family: plan.family,
		protocol: to.protocol,
		saddr: sourceOf(flow, bound),
		daddr: to.address,
		dport: to.port,
		from: from.place === 'node' ? 'node' : 'network',
		iifname: from.place === 'node' ? '' : NODE_SIDE[from.place],
	};
}

/** The address that packets are sent from: where the choice is left to the kernel, it talks to itself from one address. */
export function sourceOf({ plan, from, to }: Flow, bound: readonly string[]): string {
	const isOwn = ownAddresses(plan, bound).includes(to.address);
	return from.sources[0] ?? (isOwn ? to.address : plan.node(1));
}

function expectedText(fate: Fate, { plan, to }: Flow, source: string): string {
	if (fate.kind === 'dropped') return 'silence';
	if (fate.kind === 'refused') return 'refused';
	const by = fate.kind === 'endpoint' ? targetText(fate.address, fate.port) : targetText(to.address, to.port);
	return observedText(by, fate.masqueraded ? plan.node(1) : source, source);
}

/** `10.244.1.12:8001 sees 192.168.10.1`, or `sees the sender`. */
export function observedText(by: string, seen: string, source: string): string {
	return `${by} sees ${seen === source ? 'the sender' : seen}`;
}
