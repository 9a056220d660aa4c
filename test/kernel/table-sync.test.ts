import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Kernel, whyNot } from '../../src/agent/kernel.ts';
import { newSender, type Sender } from '../../src/agent/send.ts';
import { follow, newTableState, type TableState, tableOf, wantedContent } from '../../src/agent/table-state.ts';
import { removeLeft, syncTable } from '../../src/agent/table-sync.ts';
import { nftTables } from '../../src/host/nft/nft-tables.ts';
import { type Follower, newFollower } from '../../src/incremental/follower.ts';
import type { ObjectChange } from '../../src/incremental/objects.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import { differences } from '../../src/readback/differences.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { arbitraryService, nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { show } from '../support/compiled.ts';
import { endpoint, service, settings, slice } from '../support/objects.ts';
import { type OneNamespace, openNamespace } from './one-namespace.ts';
import { describeKernel } from './requirements.ts';

describeKernel('the agent brings the kernel’s tables to what they should be', () => {
	let space: OneNamespace;
	let kernel: Kernel;
	let follower: Follower;
	let states: Map<IpFamily, TableState>;
	let texts: string[];
	let sender: Sender;
	let now = 0;

	beforeAll(async () => {
		space = await openNamespace();
		const { options } = space;
		kernel = nftTables(options);
	});
	afterAll(() => space.close());

	beforeEach(async () => {
		await kernel.apply(
			'add table ip nft-gen\ndelete table ip nft-gen\nadd table ip6 nft-gen\ndelete table ip6 nft-gen\n',
		);
		restart();
	});

	/** As a new process: it knows nothing of what is in the kernel. */
	function restart(): void {
		follower = newFollower(settings({ hints: 'as-is' }));
		states = new Map();
		texts = [];
		sender = newSender(
			kernel,
			show,
			(_change, text) => texts.push(text),
			() => now,
		);
	}

	/** Takes changes in and brings both tables there. */
	async function change(...changes: readonly ObjectChange[]) {
		for (const update of follower.update(changes).tables) {
			const state = states.get(update.family);
			if (state === undefined) states.set(update.family, newTableState(update));
			else follow(state, update);
		}
		return Promise.all([...states.values()].map((state) => syncTable(state, sender)));
	}

	/** What of the kernel is not as it should be. */
	async function wrong(): Promise<readonly unknown[]> {
		const found = await Promise.all(
			[...states.values()].map(async (state): Promise<readonly unknown[]> => {
				const listing = await kernel.list(state.name);
				if (listing.kind !== 'listed') return [listing.kind];
				const table = readTable(listing.json);
				if ('unreadable' in table) throw new Error(table.unreadable);
				const left = new Set(state.left.keys());
				const chains = table.chains.filter(({ name, rules }) => !left.has(name) || rules.length > 0);
				const sets = table.sets.map((set) => (set.name === 'generation' ? { ...set, elements: [] } : set));
				return [...differences({ ...table, chains, sets }, tableOf(wantedContent(state)))];
			}),
		);
		return found.flat();
	}

	const cluster = () => [
		...nodes(),
		service('web', ['10.96.0.20', 'fd00:10:96::20']),
		slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' }), endpoint({ address: '10.244.2.5', node: 'n2' })]),
		service('sticky', ['10.96.0.30'], { spec: { sessionAffinity: 'ClientIP' } }),
		slice('sticky', [endpoint({ address: '10.244.1.6', node: 'n1' }), endpoint({ address: '10.244.2.6', node: 'n2' })]),
	];

	it('after every change of a random cluster', async () => {
		const step = fc
			.integer({ min: 1, max: 4 })
			.chain((number) => arbitraryService(number))
			.chain((objects) => fc.subarray([...objects], { minLength: 1 }))
			.chain((objects) => fc.constantFrom(objects.map(come), objects.map(come), objects.map(leave)));
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
				await change(...nodes().map(come));
				for (const each of steps) {
					await change(...each);
					expect(await wrong()).toEqual([]);
					now += 1000;
					for (const state of states.values()) expect(await removeLeft(state, sender)).toBe(true);
				}
			}),
			{ numRuns: 8 },
		);
	}, 120_000);

	it('fault 79: a restart with nothing changed writes nothing, and remembered clients stay', async () => {
		await change(...cluster().map(come));
		await kernel.apply('add element ip nft-gen affinity/shop/sticky/http/10.244.1.6.8080 { 10.244.1.9 }\n');
		restart();
		expect((await change(...cluster().map(come))).map(({ contact }) => contact)).toEqual(['adopted', 'adopted']);
		expect(texts).toEqual([]);
		const set = await kernel.listSet({ family: 'ip', table: 'nft-gen' }, 'affinity/shop/sticky/http/10.244.1.6.8080');
		expect(JSON.stringify(set)).toContain('10.244.1.9');
	});

	it.each([
		['a chain was flushed', 'flush chain ip nft-gen cluster/shop/web/http'],
		['an element was deleted', 'delete element ip nft-gen services { 10.96.0.20 . tcp . 80 }'],
		[
			'an element leads elsewhere',
			'delete element ip nft-gen services { 10.96.0.20 . tcp . 80 }\nadd element ip nft-gen services { 10.96.0.20 . tcp . 80 : drop }',
		],
		['a rule was added', 'add rule ip nft-gen dispatch drop'],
		['a chain of somebody else is in the table', 'add chain ip nft-gen theirs\nadd rule ip nft-gen theirs drop'],
		['the whole table was deleted', 'delete table ip nft-gen'],
		['the fence is gone', 'delete set ip nft-gen generation'],
		[
			'an older table is there, with a map of another type',
			'delete table ip nft-gen\nadd table ip nft-gen\nadd map ip nft-gen services { type ipv4_addr : verdict; }',
		],
	])('faults 41, 42, 45: repairs it when %s', async (_what, text) => {
		await change(...cluster().map(come));
		expect(whyNot(await kernel.apply(`${text}\n`))).toBeNull();
		expect(await wrong()).not.toEqual([]);
		for (const state of states.values()) state.applied = null;
		await change();
		now += 1000;
		for (const state of states.values()) await removeLeft(state, sender);
		expect(await wrong()).toEqual([]);
	});

	it('fault 44: tables of others are neither read nor touched, whatever is in them', async () => {
		await kernel.apply('add table inet theirs\nadd chain inet theirs c { type filter hook input priority 0; }\n');
		const listed = () => space.nft('list table inet theirs');
		const before = await listed();
		await change(...cluster().map(come));
		expect(texts.join('')).not.toMatch(/theirs|flush ruleset/);
		expect(await listed()).toBe(before);
		await space.nft('delete table inet theirs');
	});

	it('fault 46: a table that the kernel does not let us change is said, and tried again', async () => {
		const owned = { outcome: 'refused', milliseconds: 1, messages: [] } as const;
		const message = { severity: 'error', line: 1, column: 1, text: 'add table ip nft-gen', reason: 'EPERM' } as const;
		const refusing: Kernel = {
			...kernel,
			apply: async () => ({ ...owned, messages: [{ ...message, message: 'Operation not permitted' }] }),
		};
		sender = newSender(refusing, show, () => {});
		await expect(change(...cluster().map(come))).rejects.toThrow(/Operation not permitted/);
		sender = newSender(kernel, show, () => {});
		await change();
		expect(await wrong()).toEqual([]);
	});

	it('fault 35: a table that cannot be read back for want of memory is made anew, piece by piece', async () => {
		await change(...cluster().map(come));
		restart();
		const killed = { kind: 'failed', run: { outcome: 'killed', signal: 'SIGKILL', milliseconds: 1 } } as const;
		sender = newSender({ ...kernel, list: async () => killed }, show, () => {});
		const attempts = [];
		for (let attempt = 0; attempt < 6; attempt++) {
			attempts.push(
				await change(...cluster().map(come)).then(
					(all) => all[0]?.contact,
					() => 'failed',
				),
			);
		}
		expect(attempts).toEqual([...Array<string>(5).fill('failed'), 'replaced']);
		expect(await wrong()).toEqual([]);
	});

	it('fault 25: ten thousand endpoints of one Service', async () => {
		const many = Array.from({ length: 10_000 }, (_, index) =>
			endpoint({ address: `10.244.${index >> 8}.${index & 255}`, node: 'n2' }),
		);
		await change(...nodes().map(come), come(service('huge', ['10.96.0.50'])), come(slice('huge', many)));
		expect(await wrong()).toEqual([]);
	}, 60_000);

	it('faults 30, 43: a second writer makes the next transaction fail as a whole; then everything is repaired', async () => {
		await change(...cluster().map(come));
		await kernel.apply('flush set ip nft-gen generation\nadd element ip nft-gen generation { 1 . 2 }\n');
		const more = [service('more', ['10.96.0.40']), slice('more', [endpoint({ address: '10.244.1.7', node: 'n1' })])];
		await expect(change(...more.map(come))).rejects.toThrow(/somebody else changed the table/);
		await change();
		expect(await wrong()).toEqual([]);
	});

	it('fault 19: two Services that swap their ClusterIPs do so in one transaction', async () => {
		const web = (name: string, ip: string, pod: string) => [
			service(name, [ip]),
			slice(name, [endpoint({ address: pod, node: 'n1' })]),
		];
		const before = [...nodes(), ...web('a', '10.96.0.1', '10.244.1.5'), ...web('b', '10.96.0.2', '10.244.1.6')];
		await change(...before.map(come));
		texts.length = 0;
		await change(...[...web('a', '10.96.0.2', '10.244.1.5'), ...web('b', '10.96.0.1', '10.244.1.6')].map(come));
		expect(texts.filter((text) => text.includes(' ip nft-gen'))).toHaveLength(1);
		expect(await wrong()).toEqual([]);
	});

	it('fault 76: a service port that the kernel refuses is put in quarantine, all others are programmed', async () => {
		const poisoned = newSender(
			{ ...kernel, apply: (text) => kernel.apply(text.replace('dnat to 10.244.1.66:8080', 'dnat to nowhere')) },
			show,
			(_change, text) => texts.push(text),
		);
		sender = poisoned;
		const bad = [service('bad', ['10.96.0.66']), slice('bad', [endpoint({ address: '10.244.1.66', node: 'n1' })])];
		const many = Array.from({ length: 20 }, (_, number) => [
			service(`good-${number}`, [`10.96.1.${number}`]),
			slice(`good-${number}`, [endpoint({ address: `10.244.2.${number + 2}`, node: 'n2' })]),
		]).flat();
		await change(...[...cluster(), ...many, ...bad].map(come));
		expect([...(states.get('ip')?.quarantined.keys() ?? [])]).toEqual(['shop/bad:http']);
		expect(states.get('ip')?.quarantined.get('shop/bad:http')?.reason).toMatch(/nowhere/);
		expect(await wrong()).toEqual([]);
		texts.length = 0;
		await change();
		expect(texts).toEqual([]);
		await change(come(slice('bad', [endpoint({ address: '10.244.1.67', node: 'n1' })])));
		expect(states.get('ip')?.quarantined.size).toBe(0);
		expect(await wrong()).toEqual([]);
	});
});
