import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { type AgentTables, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';

describeKernel('what goes wrong between the agent and the kernel', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables();
	});
	afterAll(() => agent.space.close());
	beforeEach(() => agent.clear());

	const left = () => [...(agent.tables().states()[0]?.left.keys() ?? [])];
	const inKernel = () => agent.space.nft('list table ip nft-gen');
	const a = web('a', '10.96.0.1', '10.244.1.5');
	const b = web('b', '10.96.0.2', '10.244.1.6');
	const everything = [...nodes(), ...a, ...b].map(come);

	it.each(['killed-before', 'killed-after'] as const)(
		'chains that are wanted again by a transaction that is %s do not keep others from being removed',
		async (fate) => {
			const { change, decide, tables, pass } = agent;
			await change(...everything);
			await change(...a.map(leave));
			expect(left()).toEqual(['cluster/shop/a/http']);
			decide(() => fate);
			await change(...a.map(come));
			decide(() => 'done');
			await change();
			await change(...b.map(leave));
			pass(1000);
			expect(await tables().cleanUp()).toBe(true);
			expect(await inKernel()).not.toContain('shop/b');
			expect(await inKernel()).toContain('dnat to 10.244.1.5:8080');
		},
	);

	it('chains of a table that was lost do not keep others from being removed', async () => {
		const { change, tables, foreign, pass } = agent;
		await change(...everything);
		await change(...a.map(leave));
		await foreign('delete table ip nft-gen');
		expect(await tables().isFenced()).toBe(false);
		expect(await change()).toBe('created');
		await change(...b.map(leave));
		pass(1000);
		expect(await tables().cleanUp()).toBe(true);
	});

	it('a chain that somebody else has removed does not keep others from being removed', async () => {
		const { change, tables, foreign, pass } = agent;
		await change(...everything);
		await change(...[...a, ...b].map(leave));
		await foreign('delete chain ip nft-gen cluster/shop/a/http');
		pass(1000);
		expect(await tables().cleanUp()).toBe(false);
		expect(await change()).toBe('adopted');
		pass(1000);
		expect(await tables().cleanUp()).toBe(true);
		expect(await inKernel()).not.toContain('shop/b');
	});

	it('T20: a chain is removed when nothing has led to it for a second, whenever others are', async () => {
		const { change, tables, texts, pass } = agent;
		await change(...everything);
		await change(...a.map(leave));
		pass(999);
		await change(...b.map(leave));
		const before = texts().length;
		expect(await tables().cleanUp()).toBe(true);
		expect(texts()).toHaveLength(before);
		pass(1);
		expect(await tables().cleanUp()).toBe(true);
		expect(left()).toEqual(['cluster/shop/b/http']);
		pass(999);
		expect(await tables().cleanUp()).toBe(true);
		expect(left()).toEqual([]);
	});

	it.each([
		['killed-before', /^failed: .*killed/, 'repaired'],
		['killed-after', /^repaired$/, 'synced'],
	] as const)(
		'a repair that is %s is found out by the fence; no new table is made, which would forget clients',
		async (fate, first, second) => {
			const { change, foreign, restart, decide, texts } = agent;
			await change(...everything);
			await foreign('flush chain ip nft-gen cluster/shop/a/http');
			restart();
			decide((text) => (text === null ? 'done' : fate));
			expect(await change(...everything)).toMatch(first);
			decide(() => 'done');
			expect(await change()).toBe(second);
			expect(texts().join()).not.toContain('delete table');
		},
	);

	it('a transaction of an agent at work that is killed is found out by the fence: nothing is read back for it', async () => {
		const { change, decide, reads, space } = agent;
		await change(...everything);
		const before = reads();
		for (const fate of ['killed-before', 'killed-after'] as const) {
			decide(() => fate);
			expect(await change(...a.map(leave))).toBe(
				fate === 'killed-after' ? 'synced' : 'failed: nft was killed by SIGKILL',
			);
			decide(() => 'done');
			expect(await change()).toBe('synced');
			await change(...a.map(come));
			expect(await space.nft('list table ip nft-gen')).toContain('dnat to 10.244.1.5:8080');
		}
		expect(reads()).toBe(before);
	});

	it('however often nft is killed over a repair, no new table is made', async () => {
		const { change, foreign, restart, decide, texts } = agent;
		await change(...everything);
		await foreign('flush chain ip nft-gen cluster/shop/a/http\nadd rule ip nft-gen dispatch counter');
		restart();
		decide((text) => (text === null ? 'done' : 'killed-before'));
		for (let attempt = 0; attempt < 20; attempt++) expect(await change(...everything)).toMatch(/killed/);
		decide(() => 'done');
		expect(await change()).toBe('repaired');
		expect(texts().join()).not.toContain('delete table');
	});

	it('however often somebody else is quicker, and nft is killed over reading now and then, no new table is made', async () => {
		const { change, foreign, restart, decide, texts, whileReading } = agent;
		await change(...everything);
		await foreign('flush chain ip nft-gen cluster/shop/a/http');
		restart();
		for (let attempt = 0; attempt < 20; attempt++) {
			decide((text) => (text === null && attempt % 3 === 0 ? 'killed-before' : 'done'));
			whileReading(
				async () => {},
				() => foreign(`flush set ip nft-gen generation\nadd element ip nft-gen generation { 1 . ${attempt + 1} }`),
			);
			expect(await change(...everything)).toMatch(/^failed/);
		}
		decide(() => 'done');
		whileReading(
			async () => {},
			async () => {},
		);
		expect(await change()).toBe('repaired');
		expect(texts().join()).not.toContain('delete table');
	});

	it('a new table that nft is killed over is tried again as a whole: the frame alone would cut everybody off', async () => {
		const { change, foreign, restart, decide, texts } = agent;
		await change(...everything);
		await foreign('add counter ip nft-gen theirs');
		restart();
		decide((text) => (text === null ? 'done' : 'killed-before'));
		expect(await change(...everything)).toMatch(/^failed: .*killed/);
		decide(() => 'done');
		expect(await change()).toBe('replaced');
		expect(texts()).toHaveLength(2);
	});

	it('fault 35: what nft is killed over again and again is made in several transactions', async () => {
		const { change, foreign, restart, decide } = agent;
		await change(...everything);
		await foreign('add counter ip nft-gen theirs');
		restart();
		decide((text) => (text?.includes('delete table') && text.includes('shop/a') ? 'killed-before' : 'done'));
		const found = [await change(...everything)];
		while (found.length < 10 && found.at(-1)?.startsWith('failed')) found.push(await change());
		expect(found.at(-1)).toBe('replaced');
		expect(await inKernel()).toContain('dnat to 10.244.1.6:8080');
	});

	it('a few nft that were killed by chance do not make all later transactions small', async () => {
		const { change, decide, texts } = agent;
		const many = Array.from({ length: 20 }, (_, number) => web(`s${number}`, `10.96.1.${number}`, '10.244.1.7')).flat();
		await change(...[...nodes(), ...many].map(come));
		for (let round = 0; round < 20; round++) {
			decide(() => 'killed-before');
			await change(...many.map((object) => (round % 2 === 0 ? leave : come)(object)));
			decide(() => 'done');
			await change();
		}
		const before = texts().length;
		await change(...many.map(leave));
		expect(texts()).toHaveLength(before + 1);
	});
});
