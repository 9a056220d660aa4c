import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { tableOf, wantedContent } from '../../src/agent/table-state.ts';
import { listTable } from '../../src/host/nft/nft.ts';
import { differences } from '../../src/readback/differences.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come } from '../support/changes.ts';
import { type AgentTables, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';

/** More objects than are taken in at once. */
const SERVICES = 1500;

describeKernel('many Services that come at once', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables();
	});
	afterAll(() => agent.space.close());
	beforeEach(() => agent.clear());

	const ip = (number: number, first: string) => `${first}.${number >> 8}.${number % 256}`;
	const some = (from: number, count: number) =>
		Array.from({ length: count }, (_, index) => from + index).flatMap((number) =>
			web(`s${number}`, ip(number, '10.96'), ip(number, '10.244')).map(come),
		);
	const cluster = [...nodes().map(come), ...some(0, SERVICES)];

	const isWay = (text: string) => text.includes('add element ip nft-gen services');
	const hasChains = (text: string) => text.includes('chain cluster/');

	/** What of the kernel is not as it should be, but for the fence. */
	async function wrong(): Promise<readonly unknown[]> {
		const [state] = agent.tables().states();
		if (state === undefined) throw new Error('there is no table');
		const listing = await listTable('ip', 'nft-gen', agent.space.options);
		if (listing.kind !== 'listed') return [listing.kind];
		const table = readTable(listing.json);
		if ('unreadable' in table) throw new Error(table.unreadable);
		const sets = table.sets.map((set) => (set.name === 'generation' ? { ...set, elements: [] } : set));
		return [...differences({ ...table, sets }, tableOf(wantedContent(state)))];
	}

	/** Whether what leads to chains came after all chains. */
	function expectWaysLast(): void {
		const kinds = agent
			.texts()
			.flatMap((text) => [...(hasChains(text) ? ['chains'] : []), ...(isWay(text) ? ['ways'] : [])]);
		expect(kinds.lastIndexOf('chains')).toBeLessThan(kinds.indexOf('ways'));
	}

	it('at the start have their chains made while others are compiled, and what leads to them when all is known', async () => {
		const { change, tables, texts } = agent;
		await tables().follow(cluster);
		expect(texts().filter(hasChains).length).toBeGreaterThan(0);
		expect(texts().some(isWay)).toBe(false);
		expect(await change()).toBe('created');
		expectWaysLast();
		expect(await wrong()).toEqual([]);
		expect(await change()).toBe('synced');
	});

	it('have memory given back half way and when all is compiled; a few at once do not', async () => {
		const { change, tables, tidied } = agent;
		await tables().follow(cluster);
		expect(tidied()).toBe(2);
		await change(...some(SERVICES, 1));
		expect(tidied()).toBe(2);
	});

	it('later have all their chains made first, where one transaction is too small for them', async () => {
		const { change, tables } = agent;
		await change(...nodes().map(come), ...some(0, 1));
		const [state] = tables().states();
		if (state !== undefined) state.heaviest = 500;
		const before = agent.texts().length;
		expect(await change(...some(1, 900))).toBe('synced');
		const later = agent.texts().slice(before);
		expect(later.findLastIndex(hasChains)).toBeLessThan(later.findIndex(isWay));
		expect(await wrong()).toEqual([]);
	});

	it('have a table that somebody left taken over as a whole, in which nothing is made ahead', async () => {
		const { change, tables, texts, restart } = agent;
		await change(...cluster);
		restart();
		await tables().follow(cluster);
		expect(texts()).toEqual([]);
		expect(await change()).toBe('adopted');
		expect(texts()).toEqual([]);
	});

	it('fault 76: are programmed but for the one whose chain the kernel refuses', async () => {
		const { change, tables, poison } = agent;
		poison('dnat to 10.244.1.7:8080', 'dnat to 10.244.1.7:8080 comment "x" counter');
		expect(await change(...cluster)).toBe('created');
		expect([...(tables().states()[0]?.quarantined.keys() ?? [])]).toEqual(['shop/s263:http']);
		expect(await wrong()).toEqual([]);
	});

	it('fault 76: are programmed but for the one to which the kernel lets nothing lead', async () => {
		const { change, tables, poison } = agent;
		poison('10.96.1.7 . tcp . 80 : goto', '10.96.1.7 . tcp . 80 : jump nowhere/');
		expect(await change(...cluster)).toBe('created');
		expect([...(tables().states()[0]?.quarantined.keys() ?? [])]).toEqual(['shop/s263:http']);
	});

	it.each(['killed-before', 'killed-after'] as const)(
		'are all programmed though an nft that makes chains is %s',
		async (fate) => {
			const { change, decide, texts } = agent;
			decide((text) => (text !== null && hasChains(text) && texts().filter(hasChains).length === 1 ? fate : 'done'));
			const attempts = [await change(...cluster)];
			while (attempts.at(-1)?.startsWith('failed') && attempts.length < 5) attempts.push(await change());
			expect(attempts.at(-1)).toMatch(/^(?:created|repaired|synced)$/);
			expect(await wrong()).toEqual([]);
		},
	);
});
