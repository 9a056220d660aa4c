import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { tableOf } from '../../src/agent/table-state.ts';
import { listTable } from '../../src/host/nft/nft.ts';
import type { Json } from '../../src/model/json.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { endpoint, service, slice } from '../support/objects.ts';
import { type AgentTables, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';
import { arbitraryChange, changeOf } from './table-changes.ts';

describeKernel('an agent takes over what is in the kernel', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables();
	});
	afterAll(() => agent.space.close());
	beforeEach(() => agent.clear());

	const STICKY = { sessionAffinity: 'ClientIP' };
	const AFFINITY = 'affinity/shop/sticky/http/10.244.1.6.8080';
	const others = [
		...nodes(),
		...web('a', '10.96.0.1', '10.244.1.5'),
		...web('sticky', '10.96.0.2', '10.244.1.6', STICKY),
	];
	const bad = web('bad', '10.96.0.66', '10.244.1.66');
	const worse = web('bad', '10.96.0.66', '10.244.1.77');
	const quarantined = () => [...(agent.tables().states()[0]?.quarantined.keys() ?? [])];
	const inKernel = () => agent.space.nft('list table ip nft-gen');
	const remember = () => agent.foreign(`add element ip nft-gen ${AFFINITY} { 10.244.1.9 }`);
	/** Everything but the fence and the time, in whatever order chains and elements came. */
	const withoutFence = (text: string) =>
		text
			.split('\n')
			.filter((line) => !/^\t\telements = \{ \d+ \. \d+ \}$/.test(line))
			.map((line) => line.replace(/ expires \w+/, ''))
			.sort();

	beforeEach(() => agent.poison('dnat to 10.244.1.77:8080', 'dnat to nowhere'));

	it('fault 76: with a Service that the kernel refuses, all others stay as they are', async () => {
		const { change, restart, texts } = agent;
		const all = [...others, ...worse].map(come);
		await change(...all);
		await remember();
		expect(quarantined()).toEqual(['shop/bad:http']);
		const before = withoutFence(await inKernel());
		restart();
		expect(await change(...all)).toBe('repaired');
		expect(quarantined()).toEqual(['shop/bad:http']);
		expect(texts().join()).not.toMatch(/delete table|shop\/a|affinity/);
		expect(withoutFence(await inKernel())).toEqual(before);
		expect(await inKernel()).toContain('10.244.1.9');
	});

	it('fault 76: what is wrong in others is repaired all the same, and what is nobody’s', async () => {
		const { change, restart, foreign, tables } = agent;
		const all = [...others, ...worse].map(come);
		await change(...all);
		await remember();
		const before = withoutFence(await inKernel());
		await foreign(
			[
				'flush chain ip nft-gen cluster/shop/a/http',
				'delete element ip nft-gen services { 10.96.0.2 . tcp . 80 }',
				'add element ip nft-gen services { 10.96.0.99 . tcp . 80 : drop }',
				'add rule ip nft-gen dispatch counter',
				'add chain ip nft-gen theirs',
				'add rule ip nft-gen theirs drop',
				'add set ip nft-gen theirs { type mark; }',
			].join('\n'),
		);
		restart();
		expect(await change(...all)).toBe('repaired');
		expect(quarantined()).toEqual(['shop/bad:http']);
		// What strangers made goes when it is known that no service port needs it: at the next look.
		expect((await tables().look())()).toBe('wrong');
		expect(await change()).toBe('repaired');
		agent.pass(1000);
		expect(await tables().cleanUp()).toBe(true);
		expect(withoutFence(await inKernel())).toEqual(before);
		expect(await inKernel()).toContain('10.244.1.9');
		expect((await tables().look())()).toBe('right');
	});

	it('a service port in quarantine keeps what it had, through restarts and repairs, until it changes', async () => {
		const { change, restart, foreign, tables } = agent;
		await change(...[...others, ...bad].map(come));
		await change(...worse.map(come));
		expect(quarantined()).toEqual(['shop/bad:http']);
		const old = 'dnat to 10.244.1.66:8080';
		expect(await inKernel()).toContain(old);
		await foreign('flush set ip nft-gen generation');
		expect(await tables().isFenced()).toBe(false);
		expect(await change()).toBe('repaired');
		expect(await inKernel()).toContain(old);
		restart();
		expect(await change(...[...others, ...worse].map(come))).toBe('repaired');
		expect(quarantined()).toEqual(['shop/bad:http']);
		expect(await inKernel()).toContain(old);
		expect((await tables().look())()).toBe('right');
		await change(...web('bad', '10.96.0.66', '10.244.1.67').map(come));
		expect(quarantined()).toEqual([]);
		expect(await inKernel()).not.toContain(old);
		expect(await inKernel()).toContain('dnat to 10.244.1.67:8080');
		expect((await tables().look())()).toBe('right');
	});

	it('of a service port in quarantine that left, nothing stays', async () => {
		const { change, restart, tables } = agent;
		await change(...[...others, ...bad].map(come));
		restart();
		await change(...[...others, ...worse].map(come));
		await change(...worse.map(leave));
		agent.pass(1000);
		expect(await tables().cleanUp()).toBe(true);
		expect(await inKernel()).not.toMatch(/shop\/bad|10\.96\.0\.66/);
		expect((await tables().look())()).toBe('right');
	});

	it('Services that came, left and changed while there was no agent are repaired in one transaction', async () => {
		const { change, restart, texts, tables } = agent;
		await change(...[...others, ...bad].map(come));
		await remember();
		restart();
		const now = [...others, ...web('a', '10.96.0.1', '10.244.1.8'), ...web('new', '10.96.0.7', '10.244.1.7')];
		expect(await change(...now.map(come))).toBe('repaired');
		expect(texts()).toHaveLength(1);
		agent.pass(1000);
		expect(await tables().cleanUp()).toBe(true);
		expect((await tables().look())()).toBe('right');
		expect(await inKernel()).toContain('10.244.1.9');
		expect(await inKernel()).not.toContain('shop/bad');
	});

	it.each(['at work', 'restarted'])('the time of session affinity changes, with an agent that is %s', async (how) => {
		const { change, restart, tables, texts } = agent;
		await change(...others.map(come));
		const config = { sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } };
		const changed = web('sticky', '10.96.0.2', '10.244.1.6', { ...STICKY, ...config });
		if (how === 'restarted') restart();
		await change(...[...others, ...changed].map(come));
		expect(quarantined()).toEqual([]);
		expect(texts().slice(1).join()).not.toContain('delete table');
		expect(await inKernel()).toContain('timeout 10m');
		expect((await tables().look())()).toBe('right');
	});

	it.each([
		['map', 'services', 'delete map ip nft-gen services\nadd map ip nft-gen services { type mark : verdict; }'],
		['map that is gone', 'services', 'delete map ip nft-gen services'],
		['set', 'cluster-ips', 'delete set ip nft-gen cluster-ips\nadd set ip nft-gen cluster-ips { type mark; }'],
		['map of strangers', 'services', 'add map ip nft-gen theirs { type mark : verdict; }'],
	])(
		'fault 45: a %s of another make is made anew where it is, and remembered clients stay',
		async (_what, name, text) => {
			const { change, restart, foreign, texts, tables } = agent;
			await change(...others.map(come));
			await remember();
			const chains = (await inKernel()).split('\n\tchain ').slice(1);
			const looking = chains.filter((chain) => chain.includes(`@${name}`)).map((chain) => chain.split(' ')[0]);
			expect(looking).not.toEqual([]);
			await foreign([...looking.map((chain) => `flush chain ip nft-gen ${chain}`), text].join('\n'));
			restart();
			expect(await change(...others.map(come))).toBe('repaired');
			expect(texts()).toHaveLength(1);
			expect(texts().join()).not.toContain('delete table');
			expect(await inKernel()).toContain('10.244.1.9');
			expect((await tables().look())()).toBe('right');
		},
	);

	it.each(['', '{"add":{"rule":{"family":"ip","table":"nft-gen","chain":"NAME","expr":[{"drop":null}]}}},'])(
		'a name that nft would take for a command is never said to it: the table is made anew',
		async (rule) => {
			const { change, restart, foreign, space, texts } = agent;
			await change(...others.map(come));
			await foreign('add table ip bystander');
			const name = 'cluster/a;flush ruleset;/b/c';
			const chain = '{"add":{"chain":{"family":"ip","table":"nft-gen","name":"NAME"}}},';
			const json = `{"nftables":[${(chain + rule).replaceAll('NAME', name).slice(0, -1)}]}`;
			const [program = '', ...args] = space.options.command;
			await execa(program, [...args, '-j', json]);
			restart();
			expect(await change(...others.map(come))).toBe('replaced');
			expect(texts().join()).not.toContain('ruleset;');
			expect(await space.nft('list tables')).toContain('bystander');
			await foreign('delete table ip bystander');
		},
	);

	it('whatever somebody changed, it is repaired beside a Service that the kernel refuses, and that one keeps what it had', async () => {
		const { change, restart, foreign, tables, space, clear, poison, texts } = agent;
		await fc.assert(
			fc.asyncProperty(arbitraryChange, async (drawn) => {
				await clear();
				poison('dnat to 10.244.1.77:8080', 'dnat to nowhere');
				await change(...[...others, ...bad].map(come));
				await remember();
				const { applied } = tables().states()[0] ?? {};
				if (applied == null) throw new Error('there is a table');
				const listing = await listTable('ip', 'nft-gen', space.options);
				if (listing.kind !== 'listed') throw new Error('it can be listed');
				const without = new Map([...applied.ports].filter(([name]) => name !== 'shop/bad:http'));
				const table = tableOf({ frame: applied.frame, ports: without });
				await foreign(changeOf(table, listing.json as Json, drawn).commands.join('\n'));
				restart();
				const contacts = [await change(...[...others, ...worse].map(come))];
				while ((await tables().look())() === 'wrong' && contacts.length < 4) contacts.push(await change());
				expect((await tables().look())()).toBe('right');
				expect(contacts).toEqual(contacts.map(() => expect.stringMatching(/repaired|replaced/)));
				expect(quarantined()).toEqual(['shop/bad:http']);
				if (texts().join().includes('delete table')) return;
				expect(await inKernel()).toContain('dnat to 10.244.1.66:8080');
				expect(await inKernel()).toContain('10.244.1.9');
			}),
			{ numRuns: 15 },
		);
	});

	it('an unnamed port is known by its chain', async () => {
		const { change, restart, tables, texts } = agent;
		const ports = [{ protocol: 'TCP', port: 80, targetPort: 8080 }];
		const unnamed = (pod: string) => [
			service('plain', ['10.96.0.9'], { spec: { ports } }),
			slice('plain', [endpoint({ address: pod, node: 'n1' })], { ports: [{ protocol: 'TCP', port: 8080 }] }),
		];
		await change(...[...others, ...unnamed('10.244.1.12')].map(come));
		expect(await inKernel()).toContain('cluster/shop/plain/tcp.80');
		restart();
		expect(await change(...[...others, ...unnamed('10.244.1.13')].map(come))).toBe('repaired');
		expect(texts()).toHaveLength(1);
		expect((await tables().look())()).toBe('right');
	});
});
