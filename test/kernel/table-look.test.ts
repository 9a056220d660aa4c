import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { type AgentTables, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';

describeKernel('a look at a whole table', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables();
	});
	afterAll(() => agent.space.close());
	beforeEach(() => agent.clear());

	const a = web('a', '10.96.0.1', '10.244.1.5');
	const b = web('b', '10.96.0.2', '10.244.1.6');
	const c = web('c', '10.96.0.3', '10.244.1.7');
	const start = () => agent.change(...[...nodes(), ...a, ...b].map(come));
	const nothing = async () => {};
	const flush = () => agent.foreign('flush chain ip nft-gen cluster/shop/a/http');
	let misread = 0;
	const verdict = async () => {
		for (const state of agent.tables().states()) state.textMisread = misread;
		return (await agent.tables().look())();
	};

	const BETWEEN: readonly (readonly [string, () => Promise<unknown>])[] = [
		['a Service came', () => agent.change(...c.map(come))],
		['a Service left', () => agent.change(...b.map(leave))],
		[
			'chains were removed',
			async () => {
				agent.pass(1000);
				expect(await agent.tables().cleanUp()).toBe(true);
			},
		],
	];

	it('is not what a table is repaired by that somebody changed again since', async () => {
		misread = 0;
		await start();
		await flush();
		expect(await verdict()).toBe('wrong');
		await agent.foreign('flush ruleset');
		const reads = agent.reads();
		expect(await agent.change()).toMatch('failed');
		expect(await agent.change()).toBe('created');
		expect(agent.reads()).toBe(reads + 1);
		expect(await verdict()).toBe('right');
	});

	describe.each([
		['as text first', 0],
		['as JSON alone', Number.POSITIVE_INFINITY],
	])('%s', (_how, number) => {
		beforeEach(() => {
			misread = number;
		});

		it.each(BETWEEN)('counts also when %s before the table was read', async (_what, work) => {
			await start();
			await agent.change(...a.map(leave));
			agent.whileReading(work, nothing);
			expect(await verdict()).toBe('right');
		});

		it.each(BETWEEN)('counts also when %s after the table was read', async (_what, work) => {
			await start();
			await agent.change(...a.map(leave));
			agent.whileReading(nothing, work);
			expect(await verdict()).toBe('right');
		});

		it('says that it was overtaken when transactions came before and after', async () => {
			await start();
			agent.whileReading(
				() => agent.change(...c.map(come)),
				() => agent.change(...c.map(leave)),
			);
			expect(await verdict()).toBe('overtaken');
			expect(await verdict()).toBe('right');
		});

		it.each([
			['before', () => agent.change(...c.map(come)), nothing],
			['after', nothing, () => agent.change(...c.map(come))],
			['neither before nor after', nothing, nothing],
		])('finds what a stranger changed, with a transaction of ours %s', async (_when, before, after) => {
			await start();
			await flush();
			agent.whileReading(before, after);
			expect(await verdict()).toBe('wrong');
			expect(await agent.change()).toBe('repaired');
			expect(await verdict()).toBe('right');
		});

		it('says that all is well when the table cannot be read: nobody knows better', async () => {
			await start();
			await flush();
			agent.decide((text) => (text === null ? 'killed-before' : 'done'));
			expect(await verdict()).toBe('right');
			agent.decide(() => 'done');
			expect(await verdict()).toBe('wrong');
		});
	});
});
