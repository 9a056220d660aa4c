import type { Access } from './access.ts';
import { Refusal } from './answers.ts';
import { BACKOFF, backoff } from './backoff.ts';
import { type Clock, REAL_CLOCK, sleep } from './clock.ts';
import { type Failure, failureOf } from './failure.ts';
import { followWatch } from './follow-watch.ts';
import { holding } from './holding.ts';
import { type Keeping, LIMITS, type Limits, type WatchEvent } from './keeping.ts';
import { listResource, replaceAll } from './list-resource.ts';
import { newStats, type Trouble, type WatchStats } from './watch-stats.ts';

/** What to keep up to date, and whom to tell. */
export interface WatchRequest<Kept> {
	readonly access: Access;
	/** what messages call it: `services` */
	readonly name: string;
	/** of all objects: `/api/v1/services` */
	readonly path: string;
	/** whether the cluster may lack it or hide it (404, 403): it counts as empty, and is asked for again now and then */
	readonly optional: boolean;
	/** What is kept of an object; called as it arrives, so that the rest never piles up. */
	readonly project: (object: unknown) => Kept;
	/** Ends everything at once. */
	readonly signal: AbortSignal;
	readonly onEvent: (event: WatchEvent<Kept>) => void;
	readonly onTrouble?: (trouble: Trouble) => void;
	readonly clock?: Clock;
	readonly limits?: Partial<Limits>;
}

/** A watch that runs. */
export interface ResourceWatch {
	readonly stats: Readonly<WatchStats>;
	/** settles when the signal has ended it, or with the error that a function of the caller threw */
	readonly done: Promise<void>;
}

/**
 * Keeps the objects of one resource up to date: a list, then a watch from its version, and whenever the watch ends
 * another one from the last version seen (client-go `tools/cache/reflector.go` ListAndWatch). What is held stays valid
 * through every fault; a list is needed again only where the API server no longer knows our version, or a line was lost.
 */
export function watchResource<Kept>(request: WatchRequest<Kept>): ResourceWatch {
	const stats = newStats();
	return { stats, done: run(request, stats) };
}

async function run<Kept>(request: WatchRequest<Kept>, stats: WatchStats): Promise<void> {
	const { signal, clock = REAL_CLOCK } = request;
	const limits = { ...LIMITS, ...request.limits };
	const keeping: Keeping<Kept> = { ...request, clock, limits, stats, held: holding(), version: null };
	const waits = { failure: backoff(BACKOFF, clock), absence: backoff(ABSENCE, clock) };
	let listed = Number.NEGATIVE_INFINITY;
	while (!signal.aborted) {
		const started = clock.now();
		if (keeping.version === null) listed = started;
		const end = await turn(keeping, request.optional);
		if (signal.aborted) return;
		const wait = waitAfter(end, clock.now() - started, clock.now() - listed, waits);
		if (typeof end === 'object') tell(request, stats, end, wait);
		await sleep(clock, wait, signal);
	}
}

/** A resource that is not there may be tomorrow, or in a moment, when an API server that starts has all its rules. */
const ABSENCE = { firstMs: 30_000, factor: 2, mostMs: 600_000, resetMs: Number.POSITIVE_INFINITY };

interface BrokenWatch extends Failure {
	/** whether it had been a watch, from which events could come */
	readonly begun: boolean;
}

type End = 'listed' | 'closed' | 'absent' | BrokenWatch;

/** One list or one watch, until it ends. */
async function turn<Kept>(keeping: Keeping<Kept>, optional: boolean): Promise<End> {
	const { version, stats } = keeping;
	const before = stats.watches;
	try {
		if (version === null) {
			await listResource(keeping);
			return 'listed';
		}
		await followWatch(keeping, version);
		stats.closes += 1;
		return 'closed';
	} catch (error) {
		if (optional && isAbsence(error)) return absent(keeping);
		const failure = failureOf(error);
		if (failure === null) throw error;
		if (failure.resync) keeping.version = null;
		return { ...failure, begun: stats.watches > before };
	}
}

function isAbsence(error: unknown): boolean {
	return error instanceof Refusal && (error.status === 404 || error.status === 403);
}

/** What was there before stays: that the API server hides it now does not mean that it is gone. */
function absent<Kept>(keeping: Keeping<Kept>): 'absent' {
	keeping.version = null;
	if (!keeping.stats.synced) replaceAll(keeping, new Map());
	return 'absent';
}

interface Waits {
	readonly failure: () => number;
	readonly absence: () => number;
}

/**
 * How long to wait before the next turn. After a watch that had begun the time it lasted counts as waited, so that one
 * which a proxy cuts every minute goes on at once, and one that is closed every second does not. Where only the version
 * was forgotten, as by an API server that has just started, the time since the last list counts: what is held is old.
 */
function waitAfter(end: End, lasted: number, sinceList: number, waits: Waits): number {
	if (end === 'listed') return 0;
	if (end === 'absent') return waits.absence();
	if (end === 'closed') return Math.max(0, waits.failure() - lasted);
	if (end.retryAfterMs !== null) return end.retryAfterMs;
	if (end.reason === 'expired') return Math.max(0, waits.failure() - sinceList);
	return end.begun ? Math.max(0, waits.failure() - lasted) : waits.failure();
}

function tell<Kept>(
	{ name, onTrouble }: WatchRequest<Kept>,
	{ troubles }: WatchStats,
	{ reason, what }: Failure,
	retryInMs: number,
): void {
	troubles.set(reason, (troubles.get(reason) ?? 0) + 1);
	onTrouble?.({ resource: name, reason, what, retryInMs });
}
