import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newAgent } from '../../src/agent/agent.ts';
import { together } from '../../src/agent/observer.ts';
import { PERIODS, type Periods } from '../../src/agent/schedule.ts';
import type { Tables } from '../../src/agent/tables.ts';
import { service } from '../support/objects.ts';

/** An agent that hears of a change every so many milliseconds, and what it does when, in milliseconds since it began. */
function begin(everyMs: number, periods: Partial<Periods>) {
	const start = performance.now();
	const done: Record<'sync' | 'fence' | 'verify' | 'clean-up', number[]> = {
		sync: [],
		fence: [],
		verify: [],
		'clean-up': [],
	};
	const note = async (task: keyof typeof done) => {
		done[task].push(performance.now() - start);
		// A synchronisation takes as long as an nft does; nothing else matters here.
		await new Promise((resolve) => setTimeout(resolve, 10));
		return true;
	};
	const left = { name: { family: 'ip', table: 'nft-gen' }, left: new Map([['chain', 0]]) };
	const tables: Tables = {
		follow: async () => ({ tables: [], services: new Map() }),
		sync: async () => {
			await note('sync');
			return [{ family: 'ip', kind: 'synced', synced: { contact: null, programmed: [] }, milliseconds: 10 }];
		},
		isFenced: () => note('fence'),
		look: async () => {
			await note('verify');
			return () => 'overtaken';
		},
		looksInARound: () => 1,
		cleanUp: () => note('clean-up'),
		states: () => [left as unknown as ReturnType<Tables['states']>[number]],
	};
	const agent = newAgent(tables, { ...PERIODS, ...periods }, together([]));
	const stop = new AbortController();
	agent.run(stop.signal, false);
	agent.onSynced();
	let number = 0;
	const churn = setInterval(() => {
		const key = `shop/s${number++ % 50}`;
		agent.onEvent({ resource: 'services', type: 'put', key, object: service('s', [`10.96.0.${number % 200}`]) });
	}, everyMs);
	const end = () => {
		clearInterval(churn);
		stop.abort();
	};
	return { done, end };
}

describe('an agent to which changes come all the time', () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	const rows = [
		{ every: 100, minSync: 1000 },
		{ every: 1, minSync: 1000 },
		{ every: 1, minSync: 0 },
	];

	it.each(rows)(
		'removes chains that are left over (every $every ms, min-sync $minSync)',
		async ({ every, minSync }) => {
			const { done, end } = begin(every, { minSync });
			await vi.advanceTimersByTimeAsync(20_000);
			end();
			expect(done['clean-up'].length).toBeGreaterThan(3);
		},
	);

	it.each(rows)(
		'finds that one of its tables was flushed, though it writes to the other alone ($every, $minSync)',
		async ({ every, minSync }) => {
			const { done, end } = begin(every, { minSync });
			await vi.advanceTimersByTimeAsync(20_000);
			end();
			const waits = done.fence.map((at, index) => at - (done.fence[index - 1] ?? 0));
			expect(Math.max(20_000 - (done.fence.at(-1) ?? 0), ...waits)).toBeLessThan(2000);
		},
	);

	it('synchronises no more often than min-sync allows, also when a change comes in the middle of it', async () => {
		const { done, end } = begin(1, { minSync: 1000 });
		await vi.advanceTimersByTimeAsync(20_000);
		end();
		const waits = done.sync.slice(1).map((at, index) => at - (done.sync[index] ?? 0));
		expect(Math.min(...waits)).toBeGreaterThanOrEqual(1000);
	});

	it.each(rows)('looks at whole tables (every $every ms, min-sync $minSync)', async ({ every, minSync }) => {
		const { done, end } = begin(every, { minSync, verify: 5000 });
		await vi.advanceTimersByTimeAsync(20_000);
		end();
		expect(done.verify.length).toBeGreaterThan(2);
	});
});
