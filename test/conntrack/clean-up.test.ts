import { describe, expect, it } from 'vitest';
import { type CleanUpRequest, cleanUp, type FlowsRun, type FlowTable } from '../../src/conntrack/clean-up.ts';
import { newDuePorts } from '../../src/conntrack/due.ts';
import type { FlowPattern, UdpFlow } from '../../src/model/udp-flow.ts';
import { udpPort } from './ports.ts';

const DONE: FlowsRun = { outcome: 'done' };
const FAILED: FlowsRun = { outcome: 'failed', reason: 'the table is busy' };
const OFF: FlowsRun = { outcome: 'off', reason: 'there is no conntrack' };

const FLOWS: readonly UdpFlow[] = ['10.244.1.5', '10.244.1.6', '10.244.1.7', '10.244.1.7'].map((replyAddress) => ({
	address: '10.96.0.10',
	port: 53,
	replyAddress,
	replyPort: 5353,
}));

interface Fake extends FlowTable {
	readonly forgotten: FlowPattern[];
}

/** A table with some flows, whose answers are scripted; each deletion takes away one flow. */
function fake(listing: FlowsRun, deletions: readonly FlowsRun[] = [], wait = 0): Fake {
	const forgotten: FlowPattern[] = [];
	return {
		forgotten,
		list: async (_family, _filter, onFlow) => {
			if (listing.outcome !== 'off') FLOWS.forEach(onFlow);
			return listing;
		},
		forget: async (_family, pattern) => {
			await new Promise((resolve) => setTimeout(resolve, wait));
			const run = deletions[forgotten.length] ?? DONE;
			forgotten.push(pattern);
			return { ...run, deleted: run.outcome === 'done' ? 1 : 0 };
		},
	};
}

const REQUEST: CleanUpRequest = { family: 'ip', ports: [udpPort()], whenNoneServes: 'keep', timeLimit: 1000 };

describe('cleaning up', () => {
	it('deletes what is stale', async () => {
		const table = fake(DONE);
		const done = await cleanUp(table, REQUEST);
		expect(done).toMatchObject({ outcome: 'done', reason: null, listed: 4, deleted: 2 });
		expect(table.forgotten.map(({ reply }) => reply?.address)).toEqual(['10.244.1.7', '10.244.1.6']);
	});

	it('asks for nothing when no flow can be stale', async () => {
		const done = await cleanUp(fake(OFF), { ...REQUEST, ports: [udpPort({ serving: new Set() })] });
		expect(done).toMatchObject({ outcome: 'done', listed: 0, deleted: 0 });
	});

	it('is off where there is no conntrack, and says why (fault 51)', async () => {
		const table = fake(OFF);
		expect(await cleanUp(table, REQUEST)).toMatchObject({ outcome: 'off', reason: 'there is no conntrack' });
		expect(table.forgotten).toEqual([]);
		expect(await cleanUp(fake(DONE, [OFF]), REQUEST)).toMatchObject({ outcome: 'off', deleted: 0 });
	});

	it('uses what a listing found that broke off, and is not finished', async () => {
		const done = await cleanUp(fake(FAILED), REQUEST);
		expect(done).toMatchObject({ outcome: 'unfinished', reason: 'the table is busy', deleted: 2 });
	});

	it('goes on with the next when one cannot be deleted', async () => {
		const done = await cleanUp(fake(DONE, [FAILED]), REQUEST);
		expect(done).toMatchObject({ outcome: 'unfinished', reason: 'the table is busy', deleted: 1 });
	});

	it('leaves for another time what it has no time for (fault 52)', async () => {
		const done = await cleanUp(fake(DONE, [], 60), { ...REQUEST, timeLimit: 50 });
		const reason = 'there was no time for 1 of 2 kinds of stale flows';
		expect(done).toMatchObject({ outcome: 'unfinished', reason, deleted: 1 });
	});
});

describe('which service ports are due', () => {
	const names = (ports: ReadonlyMap<string, unknown>) => [...ports.keys()];

	it('those that changed since they were last taken', () => {
		const due = newDuePorts();
		due.fold(
			new Map([
				['a', udpPort()],
				['b', udpPort()],
			]),
		);
		expect(names(due.take('changed'))).toEqual(['a', 'b']);
		due.fold(
			new Map([
				['a', udpPort()],
				['b', udpPort({ serving: new Set() })],
			]),
		);
		expect(names(due.take('changed'))).toEqual(['b']);
		expect(names(due.take('changed'))).toEqual([]);
		expect(names(due.take('all'))).toEqual(['a', 'b']);
	});

	it('those of a clean-up that was not finished, as they are by then', () => {
		const due = newDuePorts();
		due.fold(
			new Map([
				['a', udpPort()],
				['b', udpPort()],
			]),
		);
		const taken = due.take('changed');
		due.fold(
			new Map([
				['a', null],
				['b', udpPort({ port: 54 })],
			]),
		);
		due.putBack(taken.keys());
		expect(due.take('changed')).toEqual(new Map([['b', udpPort({ port: 54 })]]));
	});

	it('not one that left: its flows are left alone, as kube-proxy does', () => {
		const due = newDuePorts();
		due.fold(new Map([['a', udpPort()]]));
		due.fold(new Map([['a', null]]));
		expect(names(due.take('all'))).toEqual([]);
		expect(names(due.take('changed'))).toEqual([]);
	});
});
