import type { FlowChange } from '../model/change-set.ts';
import type { Probe, ProbeAnswer } from '../model/probe.ts';
import { type Expectation, isQuiet, isSilent, outcomeOf } from './expectation.ts';

/** A flow that is sent on one side. */
export interface Trial {
	readonly flow: FlowChange;
	readonly probe: Omit<Probe, 'patience'>;
	readonly expected: Expectation;
}

/** Where trials are sent. */
export interface Bench {
	readonly probe: (probe: Probe) => Promise<ProbeAnswer>;
	/** Makes every client a new one for session affinity. */
	readonly forget: () => Promise<void>;
}

/** Where something should come back: long enough for a first packet to be sent again, on a busy machine. */
const PATIENCE = 3_000;
/** Where nothing should; answers take a millisecond. */
const IMPATIENCE = 400;
/** IPv6 TCP hears of a refusal only when it sends its first packet again, after a second. */
const IMPATIENCE_TCP6 = 1_500;

/** Trials at once, and probes of each. */
const TRIALS = 8;
const PROBES = 10;
/** Probes where no other outcome can be drawn. */
const QUIET_PROBES = 2;
/** At least so many where endpoints are drawn: one with half of the share that nobody expects is missed with a chance of 1e-6. */
const FEWEST_TRIES = 20;
/** Until an outcome of probability p is missed with a chance of e^-30. */
const CERTAINTY = 30;
/** Where missing one cannot be ruled out with so many probes, it is enough that no other outcome is seen in a tenth of them. */
const MOST_TRIES = 3_000;

interface Running {
	readonly trial: Trial;
	readonly seen: Set<string>;
	tries: number;
}

/**
 * Sends real packets for each trial until every expected outcome was seen, or until one that was not expected was.
 * Session affinity is forgotten between rounds, so that each client is new as the tracer's is.
 * @param own the node's addresses
 * @returns all outcomes that were seen, sorted, in the order of the trials
 */
export async function replayScene(
	trials: readonly Trial[],
	own: readonly string[],
	bench: Bench,
): Promise<readonly (readonly string[])[]> {
	const all = trials.map((trial): Running => ({ trial, seen: new Set(), tries: 0 }));
	const quiet = all.filter(({ trial }) => isQuiet(trial.expected));
	const loud = all.filter(({ trial }) => !isQuiet(trial.expected));
	await Promise.all([waitForSilence(quiet, own, bench), inRounds(loud, own, bench)]);
	return all.map(({ seen }) => [...seen].sort());
}

async function waitForSilence(quiet: readonly Running[], own: readonly string[], bench: Bench): Promise<void> {
	for (const group of inGroups(quiet, TRIALS * PROBES)) {
		await Promise.all(group.map((each) => sendSome(each, QUIET_PROBES, own, bench)));
	}
}

async function inRounds(loud: readonly Running[], own: readonly string[], bench: Bench): Promise<void> {
	for (let open = loud; open.length > 0; open = open.filter((each) => !isDecided(each))) {
		for (const group of inGroups(open, TRIALS)) {
			await Promise.all(group.map((each) => sendSome(each, probesOf(each), own, bench)));
		}
		await bench.forget();
	}
}

/** With session affinity all that come at once from one address go to one endpoint. */
function probesOf({ trial: { flow } }: Running): number {
	const hasAffinity = [flow.before, flow.after].some(({ affinitySeconds }) => affinitySeconds !== null);
	return hasAffinity ? 1 : PROBES;
}

async function sendSome(running: Running, count: number, own: readonly string[], bench: Bench): Promise<void> {
	const { trial, seen } = running;
	const probe: Probe = { ...trial.probe, patience: patienceOf(trial) };
	const answers = await Promise.all(Array.from({ length: count }, () => bench.probe(probe)));
	for (const answer of answers) seen.add(outcomeOf(answer, probe.source, own));
	running.tries += count;
}

function patienceOf({ expected, probe }: Trial): number {
	if (!isSilent(expected)) return PATIENCE;
	return probe.protocol === 'tcp' && probe.address.includes(':') ? IMPATIENCE_TCP6 : IMPATIENCE;
}

function isDecided({ trial: { expected }, seen, tries }: Running): boolean {
	const { outcomes, least } = expected;
	if ([...seen].some((outcome) => !outcomes.includes(outcome))) return true;
	if (isSampled(expected)) return tries >= MOST_TRIES / 10;
	return tries >= CERTAINTY / least || (seen.size === outcomes.length && tries >= FEWEST_TRIES);
}

/** Whether there are too many outcomes for all of them to be seen. */
function isSampled({ least }: Expectation): boolean {
	return CERTAINTY / least > MOST_TRIES;
}

/** Whether what was seen is what was expected: no other outcome, and all of them where that can be asked. */
export function agrees({ expected }: Trial, seen: readonly string[]): boolean {
	const { outcomes } = expected;
	return (
		seen.length > 0 &&
		seen.every((outcome) => outcomes.includes(outcome)) &&
		(isSampled(expected) || seen.length === outcomes.length)
	);
}

function* inGroups<T>(items: readonly T[], size: number): Generator<readonly T[]> {
	for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
