import { socketText } from '../../model/ip.ts';
import { podName, type Whereabouts } from '../../trace/address-book.ts';
import type { Answer, LocatedOutcome } from '../../trace/answer.ts';
import type { Flow } from '../../trace/flow.ts';
import { fractionText } from '../../trace/fraction.ts';
import type { Step } from '../../trace/state.ts';
import type { Fate } from '../../trace/trace.ts';
import { columns, indented } from '../text.ts';

/** Answers as text for people: who goes where, what becomes of it, and by which rules. */
export function traceText(answers: readonly Answer[], node: string): string {
	return answers.map((each) => `${answerLines(each, node).join('\n')}\n`).join('\n');
}

function answerLines({ flow, outcomes }: Answer, node: string): readonly string[] {
	return [
		`${clientText(flow)} → ${destinationText(flow)}, as node ${node} treats it`,
		...flow.notes.map((note) => `  note: ${note}`),
		...indented(columns(outcomes.map((outcome) => [shareText(outcome), fateText(outcome), whoText(outcome)]))),
		...routesOf(outcomes.filter(({ steps }) => steps.length > 0)).flatMap((route, _index, routes) => [
			'',
			`  how${routes.length === 1 ? '' : `, for ${outcomesText(route.outcomes)}`}`,
			...indented(indented(stepLines(route.steps))),
		]),
	];
}

function clientText({ client, packet }: Flow): string {
	const { name, pod, node } = client;
	const on = node === null || name === `node ${node}` ? [] : [`on ${node}`];
	if (name !== null) return `${name} (${[packet.saddr, ...on].join(', ')})`;
	const who = [...(pod === null ? [] : [`pod ${podName(pod)}`]), ...on];
	return who.length === 0 ? packet.saddr : `${packet.saddr} (${who.join(', ')})`;
}

function destinationText({ destination, packet }: Flow): string {
	const where = `${socketText(packet.daddr, packet.dport)}/${packet.protocol}`;
	return destination.name === null ? where : `${destination.name} (${where})`;
}

function shareText({ probability }: LocatedOutcome): string {
	return probability.of === probability.in ? 'always' : fractionText(probability);
}

function fateText({ fate, steps }: LocatedOutcome): string {
	if (fate.kind === 'endpoint') return socketText(fate.address, fate.port);
	const why = steps.findLast((step) => step.note !== null)?.note ?? null;
	switch (fate.kind) {
		case 'refused':
			return `refused${why === null ? '' : `: ${why}`}`;
		case 'dropped':
			return `dropped without an answer${why === null ? '' : `: ${why}`}`;
		case 'untouched':
			return fate.masqueraded ? "goes on where it was sent, with the node's address" : 'left alone: no rule is for it';
	}
}

/** Who has the endpoint's address, and whose address it sees as the client's. */
function whoText({ fate, where }: LocatedOutcome): string {
	if (fate.kind !== 'endpoint') return '';
	const sees = fate.masqueraded ? "sees the node's address" : "sees the client's address";
	return [...whereText(where), sees].join(', ');
}

function whereText(where: Whereabouts | null): readonly string[] {
	const pod = where?.pod ? [`pod ${podName(where.pod)}`] : [];
	const node = where?.node ? [`on ${where.node}`] : [];
	return pod.length + node.length === 0 ? [] : [[...pod, ...node].join(' ')];
}

const MOST_NAMED = 3;

function outcomesText(outcomes: readonly LocatedOutcome[]): string {
	const others = outcomes.length - MOST_NAMED;
	const named = outcomes.slice(0, MOST_NAMED).map(shortFate).join(', ');
	return others > 0 ? `${named} and ${others} more` : named;
}

function shortFate({ fate }: LocatedOutcome): string {
	return fate.kind === 'endpoint' ? socketText(fate.address, fate.port) : `what is ${fate.kind}`;
}

/** One way through the rules, and the outcomes that come by it. */
interface Route {
	readonly steps: readonly Step[];
	readonly outcomes: readonly LocatedOutcome[];
}

/** The ways, told apart by all but the endpoint they lead to. */
function routesOf(outcomes: readonly LocatedOutcome[]): readonly Route[] {
	const routes = new Map<string, { steps: readonly Step[]; outcomes: LocatedOutcome[] }>();
	for (const outcome of outcomes) {
		const steps = outcome.steps.map((step) => anonymous(step, outcome.fate));
		const key = steps.map(({ chain, did }) => `${chain}: ${did}`).join('\n');
		const route = routes.get(key) ?? { steps, outcomes: [] };
		route.outcomes.push(outcome);
		routes.set(key, route);
	}
	return [...routes.values()];
}

/** A step without the endpoint's name, whose chain has it in its own with dots for colons. */
function anonymous(step: Step, fate: Fate): Step {
	if (fate.kind !== 'endpoint') return step;
	const inChains = `/${fate.address.replaceAll(':', '.')}.${fate.port}`;
	const without = (text: string) =>
		text.replace(`dnat to ${socketText(fate.address, fate.port)}`, 'dnat to the endpoint').replace(inChains, '/…');
	return { ...step, chain: without(step.chain), did: without(step.did) };
}

function stepLines(steps: readonly Step[]): readonly string[] {
	return columns(steps.map(({ chain, did, note }) => [chain, did, note === null ? '' : `(${note})`]));
}
