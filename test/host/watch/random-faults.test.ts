import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { projectTo } from '../../../src/host/watch/project.ts';
import { service } from '../../support/objects.ts';
import { type StandIn, startStandIn } from '../../support/stand-in-api-server.ts';
import { keyOf } from '../../support/stand-in-store.ts';
import { plainAccess, timeLapse, type Watched, watched } from '../../support/watched.ts';

// Random changes and faults, on real sockets: whatever happens, the consumer ends with what the server has.

const number = fc.integer({ min: 0, max: 7 });

const change = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ what: fc.constant('put' as const), number }) },
	{ weight: 2, arbitrary: fc.record({ what: fc.constant('remove' as const), number }) },
);

const fault = fc.record({
	what: fc.constantFrom(
		'close',
		'reset',
		'tear',
		'compact',
		'bookmark',
		'gone event',
		'error event',
		'garbage',
		'long line',
		'stale event',
		'refuse list',
		'refuse watch',
		'throttle',
		'go down',
		'freeze',
		'gone as event',
		'tiny chunks',
		'older deletes',
		'shuffled lists',
	),
	number,
});

const wait = fc.record({ what: fc.constant('wait' as const), number: fc.integer({ min: 0, max: 12 }) });

const steps = fc.array(
	fc.oneof({ weight: 5, arbitrary: change }, { weight: 3, arbitrary: fault }, { weight: 1, arbitrary: wait }),
	{ minLength: 5, maxLength: 40 },
);

type Step = typeof steps extends fc.Arbitrary<readonly (infer Each)[]> ? Each : never;

let changes = 0;

async function perform(server: StandIn, { what, number }: Step): Promise<void> {
	const object = service(`s${number}`, [`10.96.0.${number + 1}`]);
	const early = server.objects('services')[0];
	switch (what) {
		case 'put':
			changes += 1;
			server.put(service(`s${number}`, [`10.96.${changes >> 8}.${changes & 255}`]));
			return;
		case 'remove':
			server.remove(object);
			return;
		case 'close':
			return server.endWatches('cleanly');
		case 'reset':
			return server.endWatches('abruptly');
		case 'tear':
			return server.endWatches('mid-line');
		case 'compact':
			return server.compact();
		case 'bookmark':
			return server.bookmark();
		case 'gone event':
			return server.error('services', 410);
		case 'error event':
			return server.error('services', 500);
		case 'garbage':
			return server.line('services', '{"type":');
		case 'long line':
			return server.line('services', 'x'.repeat(20_000));
		case 'stale event':
			// Told once more, later, when other things have happened.
			if (early !== undefined) setTimeout(() => server.line('services', { type: 'MODIFIED', object: early }), number);
			return;
		case 'refuse list':
			return server.refuse(500, { verb: 'list' });
		case 'refuse watch':
			return server.refuse(number % 2 === 0 ? 500 : 410, { verb: 'watch' });
		case 'throttle':
			return server.refuse(429, { retryAfter: 1 });
		case 'go down':
			server.behave({ down: true });
			await pause(number);
			return server.behave({ down: false });
		case 'freeze':
			server.behave({ frozen: true });
			await pause(number * 10);
			return server.behave({ frozen: false });
		case 'gone as event':
			return server.behave({ goneAs: 'event' });
		case 'tiny chunks':
			return server.behave({ chunkBytes: number + 1 });
		case 'older deletes':
			return server.behave({ olderDeletes: true });
		case 'shuffled lists':
			return server.behave({ shuffled: true });
		case 'wait':
			return pause(number);
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

function sameAsServer({ store }: Watched, server: StandIn): void {
	const project = projectTo('v1', 'Service');
	const there = new Map(server.objects('services').map((object) => [keyOf(object), project(object)]));
	expect(Object.fromEntries(store)).toEqual(Object.fromEntries(there));
}

describe('random changes and faults', () => {
	it('end with the store of the consumer equal to that of the server', async () => {
		await fc.assert(
			fc.asyncProperty(steps, fc.integer({ min: 0, max: 2 ** 31 }), async (sequence, seed) => {
				const random = fc.sample(fc.double({ min: 0, max: 0.999, noNaN: true }), { seed, numRuns: 50 });
				const server = await startStandIn();
				const found = watched({
					access: plainAccess(server.url),
					clock: timeLapse(1000, () => random.pop() ?? 0.3),
					limits: { silenceMs: 40, answerMs: 40, lineBytes: 10_000 },
				});
				try {
					for (const step of sequence) await perform(server, step);
					await vi.waitFor(() => sameAsServer(found, server), { interval: 2, timeout: 3000 });
					await pause(10);
					sameAsServer(found, server);
					expect(found.watch.stats.held).toBe(found.store.size);
				} finally {
					await found.stop();
					await server.close();
				}
			}),
			{ numRuns: Number(process.env.WATCH_RUNS ?? 60) },
		);
	});
});
