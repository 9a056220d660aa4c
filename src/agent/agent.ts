import { type Clock, REAL_CLOCK, sleep } from '../host/watch/clock.ts';
import type { ClusterEvent } from '../host/watch/watch-cluster.ts';
import type { ObjectChange } from '../incremental/objects.ts';
import { newPending } from './changes.ts';
import type { Judge } from './look.ts';
import type { AgentObserver } from './observer.ts';
import {
	askForSync,
	dueTask,
	newSchedule,
	nextDue,
	nextLook,
	type Periods,
	retryDelay,
	type Task,
} from './schedule.ts';
import type { Tables } from './tables.ts';

/** Keeps a node's tables right. */
export interface Agent {
	/** Takes an event of the cluster in. */
	readonly onEvent: (event: ClusterEvent) => void;
	/** Says that every resource was listed: before, nothing is programmed, as rules of half a cluster would cut the other half off. */
	readonly onSynced: () => void;
	/** Programs a state that was saved, until the cluster is heard. */
	readonly startFrom: (changes: readonly ObjectChange[]) => void;
	/** Everything that is known of the cluster. */
	readonly everything: () => readonly ObjectChange[];
	/** Works until the signal, or until the first synchronisation when only one is wanted. @returns whether the last one succeeded */
	readonly run: (signal: AbortSignal, once: boolean) => Promise<boolean>;
}

/** An agent for some tables. */
export function newAgent(tables: Tables, periods: Periods, observer: AgentObserver, clock: Clock = REAL_CLOCK): Agent {
	const pending = newPending();
	const schedule = newSchedule();
	const state = { ready: false, failures: 0, lastEnd: Number.NEGATIVE_INFINITY, succeeded: false };
	const looks: Looks = { start: null, judge: null, overtaken: false };
	let wake = new AbortController();

	const askSync = () => {
		if (!state.ready) return;
		askForSync(schedule, clock.now(), state.lastEnd, periods);
		wake.abort();
	};
	const start = () => {
		state.ready = true;
		askSync();
	};

	const sync = async () => {
		schedule.sync = Number.POSITIVE_INFINITY;
		const changes = pending.take();
		observer.onSyncStart(changes, await tables.follow(changes));
		const results = await tables.sync();
		const now = clock.now();
		state.lastEnd = now;
		state.succeeded = results.length > 0 && results.every(({ kind }) => kind === 'synced');
		const failed = results.some(({ kind }) => kind === 'failed');
		state.failures = failed ? state.failures + 1 : 0;
		// What was asked for meanwhile was measured by the end of the synchronisation before.
		const asked = schedule.sync < Number.POSITIVE_INFINITY || pending.size() > 0;
		schedule.sync = failed ? now + retryDelay(state.failures, periods, clock.random) : Number.POSITIVE_INFINITY;
		// What is due already is not put off: changes may come all the time, and to one of the tables alone.
		const atMost = (task: Task, wait: number) => {
			schedule[task] = Math.min(schedule[task], now + wait);
		};
		atMost('fence', periods.fence);
		if (looks.start === null) atMost('verify', periods.verify);
		if (tables.states().some(({ left }) => left.size > 0)) atMost('clean-up', periods.cleanUp);
		observer.onSyncEnd(results, tables.states(), pending.size() > 0);
		observer.onTables(tables.states());
		if (asked || pending.size() > 0) askSync();
	};

	const drifted = (task: 'fence' | 'verify') => {
		observer.onDrift(task);
		schedule.sync = clock.now();
	};

	const fence = async () => {
		const start = clock.now();
		const isFine = await tables.isFenced();
		schedule.fence = nextLook(start, clock.now(), periods.fence);
		// A synchronisation that is due knows, and finds out what there is.
		if (!isFine && schedule.sync > clock.now()) drifted('fence');
	};

	const judge = async () => {
		const verdict = looks.judge?.() ?? 'right';
		const now = clock.now();
		schedule.judge = Number.POSITIVE_INFINITY;
		schedule.verify =
			verdict === 'overtaken' ? now : nextLook(looks.start ?? now, now, periods.verify / tables.looksInARound());
		looks.overtaken = verdict === 'overtaken';
		looks.start = null;
		looks.judge = null;
		if (verdict === 'wrong') drifted('verify');
	};

	/** Others work while the tables are read; they wait only when they were in the way the last time. */
	const verify = async () => {
		looks.start = clock.now();
		schedule.verify = Number.POSITIVE_INFINITY;
		const read = tables.look().then((found) => {
			looks.judge = found;
			schedule.judge = clock.now();
			wake.abort();
		});
		if (!looks.overtaken) return;
		await read;
		await judge();
	};

	const cleanUp = async () => {
		const isTaken = await tables.cleanUp();
		const stuck = tables.states().filter(({ left }) => left.size > 0);
		const wait = isTaken ? periods.cleanUp : periods.longestRetry;
		schedule['clean-up'] = stuck.length === 0 ? Number.POSITIVE_INFINITY : clock.now() + wait;
		if (!isTaken) observer.onCleanUpFailure(stuck.map(({ name }) => name.family));
		observer.onTables(tables.states());
	};

	const perform: Readonly<Record<Task, () => Promise<void>>> = { sync, fence, verify, judge, 'clean-up': cleanUp };

	const run = async (signal: AbortSignal, once: boolean): Promise<boolean> => {
		while (!signal.aborted) {
			const task = dueTask(schedule, clock.now());
			if (task !== null) {
				await perform[task]();
				if (once && task === 'sync') break;
				continue;
			}
			wake = new AbortController();
			const stop = AbortSignal.any([signal, wake.signal]);
			await sleep(clock, Math.min(nextDue(schedule) - clock.now(), LONGEST_SLEEP), stop);
		}
		return state.succeeded;
	};

	return {
		onEvent: (event) => {
			observer.onEvent(event);
			pending.add(event);
			askSync();
		},
		onSynced: start,
		startFrom: (changes) => {
			pending.addAll(changes);
			start();
		},
		everything: pending.everything,
		run,
	};
}

/** Timers take no more. */
const LONGEST_SLEEP = 60_000;

/** Looks at whole tables. */
interface Looks {
	/** when the one began that is under way; null while none is */
	start: number | null;
	/** what it found, once it has ended */
	judge: Judge | null;
	/** whether transactions came in the way of the last one */
	overtaken: boolean;
}
