import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Kernel } from '../../src/agent/kernel.ts';
import { newSender } from '../../src/agent/send.ts';
import { newTables, type Tables } from '../../src/agent/tables.ts';
import { applyNft, listSet, listTable } from '../../src/host/nft.ts';
import { newFollower } from '../../src/incremental/follower.ts';
import type { ObjectChange } from '../../src/incremental/objects.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { show } from '../support/compiled.ts';
import { endpoint, service, settings, slice } from '../support/objects.ts';
import { type OneNamespace, openNamespace } from './one-namespace.ts';
import { describeKernel } from './requirements.ts';

/** What becomes of a transaction on its way to the kernel. */
type Fate = (text: string) => 'done' | 'killed-before' | 'killed-after';

describeKernel('what goes wrong between the agent and the kernel', () => {
	let space: OneNamespace;
	let kernel: Kernel;
	let tables: Tables;
	let texts: string[];
	let fate: Fate;

	beforeAll(async () => {
		space = await openNamespace();
		const { options } = space;
		kernel = {
			apply: async (text) => {
				const what = fate(text);
				const run = what === 'killed-before' ? null : await applyNft(text, options);
				return run !== null && what === 'done' ? run : { outcome: 'killed', signal: 'SIGKILL', milliseconds: 1 };
			},
			list: ({ family, table }) => listTable(family, table, options),
			listSet: ({ family, table }, set) => listSet(family, table, set, options),
		};
	});
	afterAll(() => space.close());

	beforeEach(async () => {
		fate = () => 'done';
		await kernel.apply(
			'add table ip nft-gen\ndelete table ip nft-gen\nadd table ip6 nft-gen\ndelete table ip6 nft-gen\n',
		);
		restart();
	});

	/** As a new process: it knows nothing of what is in the kernel. */
	function restart(): void {
		texts = [];
		const sender = newSender(kernel, show, (_change, text) => texts.push(text));
		tables = newTables(newFollower(settings({ families: ['ip'], hints: 'as-is' })), sender);
	}

	/** Takes changes in and synchronises; gives what became of it. */
	async function change(...changes: readonly ObjectChange[]) {
		tables.follow(changes);
		const [result] = await tables.sync();
		return result?.kind === 'synced' ? (result.synced.contact ?? 'synced') : `failed: ${result?.reason}`;
	}

	const left = () => [...(tables.states()[0]?.left ?? [])];
	const web = (name: string, ip: string, pod: string) => [
		service(name, [ip]),
		slice(name, [endpoint({ address: pod, node: 'n1' })]),
	];
	const a = web('a', '10.96.0.1', '10.244.1.5');
	const b = web('b', '10.96.0.2', '10.244.1.6');

	it('chains that are wanted again, after nft was killed, do not keep others from being removed', async () => {
		await change(...[...nodes(), ...a, ...b].map(come));
		await change(...a.map(leave));
		expect(left()).toEqual(['cluster/shop/a/http']);
		fate = () => 'killed-after';
		expect(await change(...a.map(come))).toMatch(/killed/);
		fate = () => 'done';
		await change();
		await change(...b.map(leave));
		expect(await tables.cleanUp()).toBe(true);
		expect(await space.nft('list table ip nft-gen')).not.toContain('shop/b');
	});

	it('chains of a table that was lost do not keep others from being removed', async () => {
		await change(...[...nodes(), ...a, ...b].map(come));
		await change(...a.map(leave));
		await space.nft('delete table ip nft-gen');
		expect(await tables.isFenced()).toBe(false);
		expect(await change()).toBe('created');
		await change(...b.map(leave));
		expect(await tables.cleanUp()).toBe(true);
	});

	it('a chain that somebody else has removed does not keep others from being removed', async () => {
		await change(...[...nodes(), ...a, ...b].map(come));
		await change(...[...a, ...b].map(leave));
		await space.nft('delete chain ip nft-gen cluster/shop/a/http');
		expect(await tables.cleanUp()).toBe(false);
		expect(await change()).toBe('repaired');
		expect(await tables.cleanUp()).toBe(true);
		expect(await space.nft('list table ip nft-gen')).not.toContain('shop/b');
	});

	it.each(['killed-before', 'killed-after'] as const)(
		'a repair that is %s is tried again; no new table is made, which would forget clients',
		async (what) => {
			await change(...[...nodes(), ...a, ...b].map(come));
			await space.nft('flush chain ip nft-gen cluster/shop/a/http');
			restart();
			fate = () => what;
			expect(await change(...[...nodes(), ...a, ...b].map(come))).toMatch(/^failed: .*killed/);
			fate = () => 'done';
			expect(await change()).toMatch(/repaired|adopted/);
			expect(texts.join()).not.toContain('delete table');
		},
	);

	it('a new table that nft is killed over is tried again as a whole: the frame alone would cut everybody off', async () => {
		await change(...[...nodes(), ...a, ...b].map(come));
		await space.nft('add counter ip nft-gen theirs');
		restart();
		fate = () => 'killed-before';
		expect(await change(...[...nodes(), ...a, ...b].map(come))).toMatch(/^failed: .*killed/);
		fate = () => 'done';
		expect(await change()).toBe('replaced');
		expect(texts).toHaveLength(2);
	});

	it('fault 35: what nft is killed over again and again is made in several transactions', async () => {
		await change(...[...nodes(), ...a, ...b].map(come));
		await space.nft('add counter ip nft-gen theirs');
		restart();
		fate = (text) => (text.includes('delete table') && text.includes('shop/a') ? 'killed-before' : 'done');
		const found = [await change(...[...nodes(), ...a, ...b].map(come))];
		while (found.length < 10 && found.at(-1)?.startsWith('failed')) found.push(await change());
		expect(found.at(-1)).toBe('replaced');
		expect(await space.nft('list table ip nft-gen')).toContain('dnat to 10.244.1.6:8080');
	});

	// Known bugs follow: each says what should be.

	it('a few nft that were killed by chance do not make all later transactions small', async () => {
		const many = Array.from({ length: 20 }, (_, number) => web(`s${number}`, `10.96.1.${number}`, '10.244.1.7')).flat();
		await change(...[...nodes(), ...many].map(come));
		for (let round = 0; round < 20; round++) {
			fate = () => 'killed-before';
			await change(...many.map((object) => (round % 2 === 0 ? leave : come)(object)));
			fate = () => 'done';
			await change();
		}
		texts = [];
		await change(...many.map(leave));
		expect(texts).toHaveLength(1);
	});

	it.fails('fault 76: a restart with a Service that the kernel refuses leaves all others as they are', async () => {
		const poisoned: Kernel = {
			...kernel,
			apply: (text) => kernel.apply(text.replace('dnat to 10.244.1.66:8080', 'dnat to nowhere')),
		};
		const begin = () => {
			texts = [];
			const sender = newSender(poisoned, show, (_change, text) => texts.push(text));
			tables = newTables(newFollower(settings({ families: ['ip'], hints: 'as-is' })), sender);
		};
		begin();
		const all = [...nodes(), ...a, ...b, ...web('bad', '10.96.0.66', '10.244.1.66')];
		await change(...all.map(come));
		expect([...(tables.states()[0]?.quarantined.keys() ?? [])]).toEqual(['shop/bad:http']);
		begin();
		await change(...all.map(come));
		expect([...(tables.states()[0]?.quarantined.keys() ?? [])]).toEqual(['shop/bad:http']);
		expect(texts.join()).not.toContain('delete table');
	});
});
