import type { Treatment } from '../model/change-set.ts';
import { socketText } from '../model/ip.ts';
import type { Probe, ProbeAnswer } from '../model/probe.ts';

// Treatments and answers as texts that can be compared.

/** What probes of one flow may tell. */
export interface Expectation {
	/** outcomes, sorted; no other may be seen */
	readonly outcomes: readonly string[];
	/** the chance of the least likely outcome */
	readonly least: number;
}

const REFUSED = 'refused';
const DROPPED = 'dropped';

/** What a treatment lets probes see. @param probe of the flow; what is left untouched ends where it went */
export function expectationOf(
	{ kind, endpoints }: Treatment,
	probe: Pick<Probe, 'from' | 'address' | 'port'>,
): Expectation {
	if (kind === 'refused') return { outcomes: [REFUSED], least: 1 };
	if (kind === 'dropped') return { outcomes: [DROPPED], least: 1 };
	const own = probe.from === 'node';
	if (kind === 'untouched') {
		return { outcomes: [reached(socketText(probe.address, probe.port), own)], least: 1 };
	}
	// The node's own address is what endpoints see of the node with and without masquerading.
	const outcomes = endpoints.map(({ target, masqueraded }) => reached(target, masqueraded || own));
	return { outcomes: [...new Set(outcomes)].sort(), least: Math.min(...endpoints.map(({ share }) => numberOf(share))) };
}

/** What an answer says. @param own the node's addresses */
export function outcomeOf(answer: ProbeAnswer, source: string, own: readonly string[]): string {
	switch (answer.kind) {
		case 'refused':
			return REFUSED;
		case 'silence':
			return DROPPED;
		case 'failed':
			return `not sent: ${answer.why}`;
		case 'answered': {
			if (own.includes(answer.source)) return reached(answer.by, true);
			return answer.source === source ? reached(answer.by, false) : `${answer.by}, sees ${answer.source}`;
		}
	}
}

function reached(by: string, seesNode: boolean): string {
	return `${by}, sees ${seesNode ? 'the node' : 'the client'}`;
}

/** A share such as `1/3`. */
function numberOf(share: string): number {
	const [of = '1', all = '1'] = share.split('/');
	return Number(of) / Number(all);
}

/** Whether nothing is expected to answer. */
export function isQuiet({ outcomes }: Expectation): boolean {
	return outcomes.every((outcome) => outcome === REFUSED || outcome === DROPPED);
}

/** Whether the answer is that there is none. */
export function isSilent({ outcomes }: Expectation): boolean {
	return outcomes.includes(DROPPED);
}
