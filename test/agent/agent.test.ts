import { describe, expect, it } from 'vitest';
import { newAgent } from '../../src/agent/agent.ts';
import type { Verdict } from '../../src/agent/look.ts';
import { together } from '../../src/agent/observer.ts';
import { nextLook, PERIODS, type Periods, retryDelay } from '../../src/agent/schedule.ts';
import type { TableState } from '../../src/agent/table-state.ts';
import type { TableResult, Tables } from '../../src/agent/tables.ts';
import type { Clock } from '../../src/host/watch/clock.ts';
import type { ObjectChange } from '../../src/incremental/objects.ts';
import { service } from '../support/objects.ts';

/** A clock that a test moves; timers fire in order. */
function newClock() {
	let now = 0;
	const timers: { readonly at: number; readonly run: () => void }[] = [];
	const clock: Clock = {
		now: () => now,
		after: (ms, run) => {
			const timer = { at: now + ms, run };
			timers.push(timer);
			return () => {
				if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
			};
		},
		random: () => 0,
	};
	/** Lets time pass, and everything happen that is due by then. */
	const pass = async (ms: number) => {
		const end = now + ms;
		for (;;) {
			for (let turn = 0; turn < 50; turn++) await Promise.resolve();
			const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (next === undefined) break;
			timers.splice(timers.indexOf(next), 1);
			now = Math.max(now, next.at);
			next.run();
		}
		now = end;
	};
	/** What is being done takes so long. */
	const take = (ms: number) => {
		now += ms;
	};
	return { clock, pass, take };
}

const SYNCED: TableResult = {
	family: 'ip',
	kind: 'synced',
	synced: { contact: null, programmed: [] },
	milliseconds: 1,
};
const FAILED: TableResult = {
	family: 'ip',
	kind: 'failed',
	reason: 'nft is on holiday',
	outOfStep: false,
	milliseconds: 1,
};

interface Behaviour {
	results: readonly TableResult[];
	fenced: boolean;
	verdict: Verdict;
	lookMs: number;
	looks: number;
	judgeMs: number;
	clean: boolean;
	left: boolean;
}

const LEFT = { name: { family: 'ip', table: 'nft-gen' }, left: new Map([['chain', 0]]) } as unknown as TableState;

/** An agent over tables that note what is asked of them, and when. */
function begin(periods: Partial<Periods> = {}) {
	const { clock, pass, take } = newClock();
	const done: string[] = [];
	const behaviour: Behaviour = {
		results: [SYNCED],
		fenced: true,
		verdict: 'right',
		lookMs: 0,
		looks: 1,
		judgeMs: 0,
		clean: true,
		left: false,
	};
	const note = (what: string) => done.push(`${what} at ${clock.now()}`);
	const tables: Tables = {
		follow: async (changes) => {
			note(`follow ${changes.map(({ name }) => name).join()}`);
			return { tables: [], services: new Map() };
		},
		sync: async () => {
			note('sync');
			behaviour.fenced = true;
			return behaviour.results;
		},
		isFenced: async () => behaviour.fenced,
		look: async () => {
			note('look');
			if (behaviour.lookMs > 0) await new Promise<void>((resolve) => clock.after(behaviour.lookMs, resolve));
			return () => {
				take(behaviour.judgeMs);
				// A table that is wrong is not known any more.
				if (behaviour.verdict === 'wrong') behaviour.fenced = false;
				note(`judge: ${behaviour.verdict}`);
				return behaviour.verdict;
			};
		},
		looksInARound: () => behaviour.looks,
		cleanUp: async () => {
			note('clean-up');
			return behaviour.clean;
		},
		states: () => (behaviour.left ? [LEFT] : []),
	};
	const drifts: string[] = [];
	const observer = together([{ onDrift: (found) => drifts.push(found) }]);
	const agent = newAgent(tables, { ...PERIODS, ...periods }, observer, clock);
	const stop = new AbortController();
	const running = agent.run(stop.signal, false);
	const syncs = () => done.filter((line) => line.startsWith('sync'));
	const put = (name: string) =>
		agent.onEvent({ resource: 'services', type: 'put', key: `shop/${name}`, object: service(name, ['10.96.0.1']) });
	return { agent, clock, pass, done, syncs, behaviour, drifts, put, stop, running };
}

describe('the agent', () => {
	it('programs nothing before every resource was listed: half a cluster is none', async () => {
		const { agent, pass, done, put } = begin();
		put('web');
		await pass(10_000);
		expect(done).toEqual([]);
		agent.onSynced();
		await pass(0);
		expect(done).toEqual(['follow shop/web at 10000', 'sync at 10000']);
	});

	it('takes a change in at once, and those that come within the period together', async () => {
		const { agent, pass, done, put } = begin({ minSync: 1000, fence: 1e9, verify: 1e9 });
		agent.onSynced();
		await pass(5000);
		done.length = 0;
		put('a');
		await pass(100);
		put('b');
		put('c');
		put('b');
		await pass(5000);
		expect(done).toEqual(['follow shop/a at 5000', 'sync at 5000', 'follow shop/b,shop/c at 6000', 'sync at 6000']);
	});

	it('a list that no longer names an object takes it away', async () => {
		const { agent, pass, put } = begin({ minSync: 0 });
		const taken: (readonly ObjectChange[])[] = [];
		put('a');
		put('b');
		agent.onSynced();
		await pass(1);
		agent.onEvent({
			resource: 'services',
			type: 'replace',
			objects: new Map([['shop/b', service('b', ['10.96.0.2'])]]),
		});
		taken.push(agent.everything());
		expect(taken[0]?.map(({ name }) => name)).toEqual(['shop/b']);
	});

	it('tries again after a failure, later each time, and at once when something changes', async () => {
		const { agent, pass, syncs, behaviour, put } = begin({ minSync: 0, retry: 500, fence: 1e9, verify: 1e9 });
		behaviour.results = [FAILED];
		agent.onSynced();
		await pass(4000);
		expect(syncs()).toEqual(['sync at 0', 'sync at 500', 'sync at 1500', 'sync at 3500']);
		put('web');
		await pass(0);
		expect(syncs().at(-1)).toBe('sync at 4000');
	});

	it('waits for its Node, without trying again and again', async () => {
		const { agent, pass, syncs, behaviour } = begin({ fence: 1e9, verify: 1e9 });
		behaviour.results = [];
		agent.onSynced();
		await pass(60_000);
		expect(syncs()).toEqual(['sync at 0']);
	});

	it('looks after the fence and the whole table, and repairs both', async () => {
		const { agent, pass, syncs, behaviour, drifts } = begin({ fence: 1500, verify: 25_000 });
		agent.onSynced();
		await pass(1000);
		behaviour.fenced = false;
		await pass(1000);
		behaviour.fenced = true;
		expect(drifts).toEqual(['fence']);
		expect(syncs()).toHaveLength(2);
		behaviour.verdict = 'wrong';
		await pass(25_000);
		expect(drifts).toContain('verify');
	});

	it('counts as one what a look finds and the fence shows, too', async () => {
		const { agent, pass, behaviour, drifts } = begin({ fence: 1500, verify: 24_500 });
		agent.onSynced();
		await pass(24_000);
		behaviour.verdict = 'wrong';
		behaviour.judgeMs = 2000;
		await pass(3000);
		expect(drifts).toEqual(['verify']);
	});

	it('spreads the looks that see all of a large table over the time between two looks at a small one', async () => {
		const { agent, pass, done, behaviour } = begin({ fence: 1e9, verify: 25_000 });
		behaviour.looks = 5;
		agent.onSynced();
		await pass(36_000);
		expect(done.filter((line) => line.startsWith('look'))).toEqual(['look at 25000', 'look at 30000', 'look at 35000']);
	});

	it('programs what changes while whole tables are read', async () => {
		const { agent, pass, syncs, behaviour, put } = begin({ minSync: 0, fence: 1e9, verify: 25_000 });
		agent.onSynced();
		await pass(1000);
		behaviour.lookMs = 2000;
		await pass(25_000);
		put('web');
		await pass(0);
		expect(syncs()).toEqual(['sync at 0', 'sync at 26000']);
	});

	it('looks again at once after its own transactions came in the way, and lets changes wait meanwhile', async () => {
		const { agent, pass, done, behaviour, put } = begin({ minSync: 0, fence: 1e9, verify: 25_000 });
		agent.onSynced();
		await pass(1000);
		behaviour.lookMs = 1000;
		behaviour.verdict = 'overtaken';
		await pass(25_500);
		behaviour.verdict = 'right';
		put('web');
		await pass(1000);
		expect(done.slice(2)).toEqual([
			'look at 25000',
			'judge: overtaken at 26000',
			'look at 26000',
			'judge: right at 27000',
			'follow shop/web at 27000',
			'sync at 27000',
		]);
	});

	it('T20: comes back for chains that are left too short a time to be removed, later for those that it cannot remove', async () => {
		const { agent, pass, done, behaviour } = begin({ cleanUp: 1000, longestRetry: 30_000, fence: 1e9, verify: 1e9 });
		behaviour.left = true;
		agent.onSynced();
		await pass(2500);
		behaviour.clean = false;
		await pass(30_000);
		expect(done.slice(2)).toEqual(['clean-up at 1000', 'clean-up at 2000', 'clean-up at 3000']);
	});

	it('ends with the signal, and after one synchronisation when only one is wanted', async () => {
		const { agent, pass, stop, running } = begin();
		agent.onSynced();
		await pass(10);
		stop.abort();
		await pass(10);
		expect(await running).toBe(true);
		const once = begin();
		const ended = once.agent.run(new AbortController().signal, true);
		once.agent.onSynced();
		await once.pass(10);
		expect(await ended).toBe(true);
		once.stop.abort();
	});
});

describe('the wait after failures', () => {
	it('doubles up to the longest, less a little by chance', () => {
		const periods = { ...PERIODS, retry: 500, longestRetry: 30_000 };
		const waits = [1, 2, 3, 7, 20].map((failures) => retryDelay(failures, periods, () => 0));
		expect(waits).toEqual([500, 1000, 2000, 30_000, 30_000]);
		expect(retryDelay(1, periods, () => 0.999)).toBeGreaterThan(375);
	});
});

describe('the time between two looks', () => {
	it.each([
		{ takes: 20, period: 1500, wait: 1500, why: 'the fence' },
		{ takes: 1500, period: 25_000, wait: 25_000, why: 'a large table' },
		{ takes: 5000, period: 25_000, wait: 25_000, why: 'a slow machine: found within 30 s all the same' },
		{ takes: 10_000, period: 25_000, wait: 50_000, why: 'no more than a fifth of a core' },
		{ takes: 1000, period: 0, wait: 5000, why: 'however often is asked for' },
	])('is $wait ms from one beginning to the next when one takes $takes ms: $why', ({ takes, period, wait }) => {
		expect(nextLook(100, 100 + takes, period)).toBe(100 + wait);
	});
});
