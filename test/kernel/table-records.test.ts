import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { type AgentTables, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';

describeKernel('an agent that has a record of what the one before it knew', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables();
	});
	afterAll(() => agent.space.close());
	beforeEach(() => agent.clear());

	const a = web('a', '10.96.0.1', '10.244.1.5');
	const b = web('b', '10.96.0.2', '10.244.1.6');
	const everything = [...nodes(), ...a, ...b].map(come);
	const inKernel = () => agent.space.nft('list table ip nft-gen');

	it('fault 79: takes the table over without reading it, when nothing changed', async () => {
		const { change, records, restart, texts, reads } = agent;
		await change(...everything);
		restart(records());
		expect(await change(...everything)).toBe('adopted');
		expect([texts(), reads()]).toEqual([[], 0]);
		await change(...b.map(leave));
		expect(await inKernel()).not.toContain('dnat to 10.244.1.6:8080');
	});

	it('takes it over also when Services came in another order, or in several steps', async () => {
		const { change, records, restart, reads } = agent;
		for (const each of everything) await change(each);
		restart(records());
		expect(await change(...everything.toReversed())).toBe('adopted');
		expect(reads()).toBe(0);
	});

	it('removes chains that were left over', async () => {
		const { change, records, restart, reads, pass, tables } = agent;
		await change(...everything);
		await change(...b.map(leave));
		restart(records());
		expect(await change(...[...nodes(), ...a].map(come))).toBe('adopted');
		expect(reads()).toBe(0);
		pass(999);
		await tables().cleanUp();
		expect(await inKernel()).toContain('shop/b');
		pass(1);
		expect(await tables().cleanUp()).toBe(true);
		expect(await inKernel()).not.toContain('shop/b');
	});

	it('reads the table back when the cluster changed meanwhile', async () => {
		const { change, records, restart, reads } = agent;
		await change(...everything);
		restart(records());
		expect(await change(...[...nodes(), ...a].map(come))).toBe('repaired');
		expect(reads()).toBe(1);
	});

	it('fault 32: reads the table back after a kill between a transaction and its record', async () => {
		const { change, records, restart, reads } = agent;
		await change(...[...nodes(), ...a].map(come));
		const stale = records();
		await change(...b.map(come));
		restart(stale);
		expect(await change(...everything)).toBe('adopted');
		expect(reads()).toBe(1);
		restart(stale);
		expect(await change(...[...nodes(), ...a].map(come))).toBe('repaired');
		expect(reads()).toBe(1);
	});

	it.each([
		['the table was flushed', 'delete table ip nft-gen', 'created'],
		[
			'another writer was there',
			'flush set ip nft-gen generation\nadd element ip nft-gen generation { 1 . 2 }',
			'adopted',
		],
		['the fence is gone', 'flush set ip nft-gen generation', 'repaired'],
	])('reads the table back when %s', async (_what, text, contact) => {
		const { change, records, restart, foreign, reads } = agent;
		await change(...everything);
		await foreign(text);
		restart(records());
		expect(await change(...everything)).toBe(contact);
		expect(reads()).toBe(1);
	});

	it('fault 42: finds what a stranger changed behind the fence by the next look', async () => {
		const { change, records, restart, foreign, tables } = agent;
		await change(...everything);
		await foreign('flush chain ip nft-gen cluster/shop/a/http');
		restart(records());
		expect(await change(...everything)).toBe('adopted');
		expect((await tables().look())()).toBe('wrong');
		expect(await change()).toBe('repaired');
		expect(await inKernel()).toContain('dnat to 10.244.1.5:8080');
	});

	it('does not take what is in quarantine for programmed', async () => {
		const { change, records, restart, poison, tables } = agent;
		poison('dnat to 10.244.1.6:8080', 'dnat to nowhere');
		await change(...everything);
		restart(records());
		expect(await change(...everything)).toBe('repaired');
		expect([...(tables().states()[0]?.quarantined.keys() ?? [])]).toEqual(['shop/b:http']);
		// Without the Service nobody wants anything that is not there.
		restart(records());
		expect(await change(...[...nodes(), ...a].map(come))).toBe('adopted');
	});

	it('uses the record at its start only', async () => {
		const { change, records, restart, foreign, reads, tables } = agent;
		await change(...everything);
		restart(records());
		await change(...everything);
		await foreign('flush chain ip nft-gen cluster/shop/a/http');
		expect((await tables().look())()).toBe('wrong');
		const before = reads();
		expect(await change()).toBe('repaired');
		expect(reads()).toBe(before);
	});
});
