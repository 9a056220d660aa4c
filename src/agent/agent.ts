import { type Clock, REAL_CLOCK, sleep } from '../host/watch/clock.ts';
import type { ClusterEvent } from '../host/watch/watch-cluster.ts';
import type { ObjectChange } from '../incremental/objects.ts';
import { newPending } from './changes.ts';
import type { AgentObserver } from './observer.ts';
import { askForSync, dueTask, newSchedule, nextDue, type Periods, retryDelay, type Task } from './schedule.ts';
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
		observer.onSyncStart(changes, tables.follow(changes));
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
		atMost('verify', periods.verify);
		if (tables.states().some(({ left }) => left.size > 0)) atMost('clean-up', periods.cleanUp);
		observer.onSyncEnd(results, tables.states(), pending.size() > 0);
		if (asked || pending.size() > 0) askSync();
	};

	const check = async (task: 'fence' | 'verify', isFine: () => Promise<boolean>) => {
		const start = clock.now();
		const fine = await isFine();
		const now = clock.now();
		schedule[task] = now + Math.max(periods[task], LARGEST_SHARE * (now - start));
		if (fine) return;
		observer.onDrift(task);
		schedule.sync = clock.now();
	};

	const cleanUp = async () => {
		const clean = await tables.cleanUp();
		schedule['clean-up'] = clean ? Number.POSITIVE_INFINITY : clock.now() + periods.longestRetry;
		const stuck = tables.states().filter(({ left }) => left.size > 0);
		if (!clean) observer.onCleanUpFailure(stuck.map(({ name }) => name.family));
	};

	const perform: Readonly<Record<Task, () => Promise<void>>> = {
		sync,
		fence: () => check('fence', tables.isFenced),
		verify: () => check('verify', tables.isRight),
		'clean-up': cleanUp,
	};

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

/** A look that takes long is not repeated before ten times as long has passed: it must not take a core for itself. */
const LARGEST_SHARE = 10;

/** Timers take no more. */
const LONGEST_SLEEP = 60_000;
