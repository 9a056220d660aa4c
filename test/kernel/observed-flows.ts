import type { Ruleset } from '../../src/model/ruleset.ts';
import { probe } from './flows.ts';
import type { Lab } from './lab.ts';
import type { Flow } from './random-flows.ts';
import { observedText, sourceOf, type Traced } from './traced-flows.ts';

/** Where the tracer says that something comes back: long enough for a first packet sent again, on a busy machine. */
const PATIENCE = 3000;
/** Where it says that nothing does; answers take a millisecond. */
const IMPATIENCE = 400;
/** IPv6 TCP hears of a refusal only when it sends its first packet again, after a second (see `flows.ts`). */
const IMPATIENCE_TCP6 = 1500;

const AT_ONCE = 8;
/** Probes where no other outcome can be drawn. */
const QUIET_PROBES = 3;
/** Probes for each expected outcome, at least, so that one that is not expected shows. */
const TRIES_EACH = 3;
/** Until an outcome of probability p is missed with a chance of e^-30: less than 1e-9 for thousands of them in a run. */
const CERTAINTY = 30;

/** What became of real packets of each flow: every outcome that was seen. */
export async function observeFlows(
	lab: Lab,
	ruleset: Ruleset,
	traced: readonly Traced[],
	bound: readonly string[],
): Promise<ReadonlyMap<Flow, ReadonlySet<string>>> {
	const isQuiet = ({ expected }: Traced) => [...expected.keys()].every(isVerdict);
	const quiet = traced.filter(isQuiet).map(async ({ flow, expected }): Promise<[Flow, Set<string>]> => {
		const { sources } = flow.from;
		const timeout = expected.has('refused') ? PATIENCE : impatience(flow);
		const probes = Array.from({ length: QUIET_PROBES }, (_, index) =>
			outcome(lab, flow, sources[index % sources.length] ?? null, bound, timeout),
		);
		return [flow, new Set(await Promise.all(probes))];
	});
	const answered = inRounds(
		lab,
		ruleset,
		traced.filter((each) => !isQuiet(each)),
		bound,
	);
	return new Map([...(await answered), ...(await Promise.all(quiet))]);
}

function isVerdict(text: string): boolean {
	return text === 'refused' || text === 'silence';
}

function impatience({ plan, to }: Flow): number {
	return plan.family === 'ip6' && to.protocol === 'tcp' ? IMPATIENCE_TCP6 : IMPATIENCE;
}

interface Trial {
	readonly traced: Traced;
	readonly seen: Set<string>;
	tries: number;
}

/**
 * Probes the flows in rounds. In a round no address sends twice for the same flow or any other, and after it session
 * affinity is forgotten: so every client is new, as the tracer's is.
 */
async function inRounds(
	lab: Lab,
	ruleset: Ruleset,
	traced: readonly Traced[],
	bound: readonly string[],
): Promise<ReadonlyMap<Flow, ReadonlySet<string>>> {
	const trials = traced.map((each): Trial => ({ traced: each, seen: new Set(), tries: 0 }));
	const forget = forgetting(ruleset);
	for (let open = trials; open.length > 0; open = open.filter((trial) => !isDecided(trial))) {
		const taken = new Set<string>();
		await Promise.all(open.map((trial) => tryOnce(lab, trial, taken, bound)));
		if (forget !== '') await lab.run('nft', ['-f', '-'], forget);
	}
	return new Map(trials.map(({ traced: { flow }, seen }) => [flow, seen]));
}

async function tryOnce(lab: Lab, trial: Trial, taken: Set<string>, bound: readonly string[]): Promise<void> {
	const { flow } = trial.traced;
	const address = (source: string | null) => source ?? sourceOf(flow, bound);
	const sources = flow.from.sources.filter((source) => !taken.has(address(source))).slice(0, AT_ONCE);
	for (const source of sources) taken.add(address(source));
	for (const text of await Promise.all(sources.map((source) => outcome(lab, flow, source, bound, PATIENCE)))) {
		trial.seen.add(text);
		trial.tries++;
	}
}

function isDecided({ traced: { expected }, seen, tries }: Trial): boolean {
	if ([...seen].some((text) => !expected.has(text))) return true;
	const most = CERTAINTY / Math.min(...expected.values());
	return tries >= most || (seen.size === expected.size && tries >= TRIES_EACH * expected.size);
}

async function outcome(
	lab: Lab,
	flow: Flow,
	source: string | null,
	bound: readonly string[],
	timeout: number,
): Promise<string> {
	const client = { place: flow.from.place, source, address: source ?? sourceOf(flow, bound) };
	const answer = await probe(lab, client, flow.to, timeout);
	if (answer.kind === 'answered') return observedText(answer.by, answer.source, client.address);
	return answer.kind === 'failed' ? answer.why : answer.kind;
}

/** Commands that empty the sets of clients that session affinity remembers. */
function forgetting({ tables }: Ruleset): string {
	const lines = tables.flatMap(({ family, name, sets }) =>
		sets.filter((set) => set.timeout !== null).map((set) => `flush set ${family} ${name} ${set.name}`),
	);
	return lines.join('\n');
}
