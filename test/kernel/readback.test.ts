import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyNft, checkNft, listSet, listTable, tableExists } from '../../src/host/nft/nft.ts';
import { runNft } from '../../src/host/nft/nft-process.ts';
import { listTableInParts } from '../../src/host/nft/table-parts.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import type { Json } from '../../src/model/json.ts';
import type { Table } from '../../src/model/ruleset.ts';
import { type Difference, differences, sameTable } from '../../src/readback/differences.ts';
import type { FoundTable } from '../../src/readback/found.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { readElements } from '../../src/readback/sets.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { compiled, type TestRuleset } from '../support/compiled.ts';
import { isLongTaken, LONG, USER_NAMESPACE } from './long-message.ts';
import { arbitrarySettings, oddities } from './odd-tables.ts';
import { type OneNamespace, openNamespace } from './one-namespace.ts';
import { describeKernel } from './requirements.ts';
import { arbitraryChange, CHANGE_KINDS, changeOf } from './table-changes.ts';
import { isListedAsExpected } from './table-text.ts';

describeKernel('reading our tables back from the kernel', () => {
	let namespace: OneNamespace;
	beforeAll(async () => {
		namespace = await openNamespace();
	});
	afterAll(() => {
		namespace.close();
	});

	async function listed(
		table: Table,
		list: typeof listTable = listTable,
	): Promise<{ readonly json: Json; readonly found: FoundTable }> {
		const listing = await list(table.family, table.name, namespace.options);
		if (listing.kind !== 'listed') throw new Error(`${table.name} is ${JSON.stringify(listing)}`);
		const found = readTable(listing.json);
		if ('unreadable' in found) throw new Error(found.unreadable);
		return { json: listing.json as Json, found };
	}

	/** What is found as JSON, at once or in parts. The text says whether it is something. */
	async function found(table: Table): Promise<readonly Difference[]> {
		const all = differences((await listed(table)).found, table);
		expect(differences((await listed(table, inParts)).found, table)).toEqual(all);
		expect(await isListedAsExpected(table, namespace.options)).toBe(all.length === 0);
		return all;
	}

	const inParts: typeof listTable = async (family, table, options) => {
		const listing = await listTableInParts(family, table, options, { whole: 0, chains: 5 });
		expect(listing).toMatchObject({ kind: 'listed', isOneMoment: false });
		return listing;
	};

	async function load({ text, ruleset }: TestRuleset): Promise<readonly Table[]> {
		expect(await applyNft(text, namespace.options)).toMatchObject({ outcome: 'done' });
		for (const table of ruleset.tables) expect(await found(table)).toEqual([]);
		return ruleset.tables;
	}

	it('whatever we load is read back as it was, and one change of it is found as that change', async () => {
		const drawn = fc.tuple(arbitraryCluster, arbitrarySettings, arbitraryChange, fc.boolean());
		await fc.assert(
			fc.asyncProperty(fc.noBias(drawn), async ([cluster, settings, draw, isSecond]) => {
				const tables = await load(compiled(cluster.flat(), settings));
				const table = tables[isSecond ? 1 : 0];
				if (table === undefined) return;
				const { commands, difference } = changeOf(table, (await listed(table)).json, draw);
				for (const command of commands) await namespace.nft(command);
				expect(await found(table), commands.join('; ')).toEqual([difference]);
			}),
			{ numRuns: 25 },
		);
	});

	it.each(CHANGE_KINDS.map((name, kind) => [name, kind] as const))('finds: %s', async (_, kind) => {
		const [table] = await load(compiled(oddities()));
		if (table === undefined) throw new Error('there is no table');
		const { commands, difference } = changeOf(table, (await listed(table)).json, { kind, draw: 3 });
		for (const command of commands) await namespace.nft(command);
		expect(await found(table)).toEqual([difference]);
	});

	it('clients that a set remembers are no difference', async () => {
		const [table] = await load(compiled(oddities()));
		const set = table?.sets.find((each) => each.timeout !== null);
		if (table === undefined || set === undefined) throw new Error('there is no such set');
		await namespace.nft(`add element ip nft-gen ${set.name} { 192.0.2.1, 192.0.2.2 timeout 10s }`);
		expect(await found(table)).toEqual([]);
	});

	it('a chain of a name that nft’s language does not have is listed at once, not asked for', async () => {
		const [table] = await load(compiled(oddities()));
		if (table === undefined) throw new Error('there is no table');
		const name = 'x\nflush ruleset';
		const command = { add: { chain: { family: 'ip', table: 'nft-gen', name } } };
		await runNft(['--json', JSON.stringify({ nftables: [command] })], namespace.options);
		const listing = await listTableInParts('ip', 'nft-gen', namespace.options, { whole: 0, chains: 5 });
		expect(listing).toMatchObject({ kind: 'listed', isOneMoment: true });
		expect(differences((await listed(table)).found, table)).toEqual([{ kind: 'extra', what: 'chain', name }]);
	});

	it('a set that the caller knows of is no difference, and its element can be read', async () => {
		const [table] = await load(compiled(oddities()));
		if (table === undefined) throw new Error('there is no table');
		await namespace.nft('add set ip nft-gen generation { type ifname; elements = { "abcdefghijklmno" }; }');
		const is = await listed(table);
		expect(sameTable(is.found, table)).toBe(false);
		expect(sameTable(is.found, table, { ignoredSets: new Set(['generation']) })).toBe(true);
		const listing = await listSet('ip', 'nft-gen', 'generation', namespace.options);
		expect(listing.kind === 'listed' && readElements(listing.json as Json)).toEqual([['abcdefghijklmno']]);
	});

	it('tells what is not there', async () => {
		await load(compiled(oddities()));
		const exists = async (family: IpFamily, name: string) =>
			(await tableExists(family, name, namespace.options)).exists;
		expect(await exists('ip', 'nft-gen')).toBe(true);
		expect(await exists('ip', 'nft-gem')).toBe(false);
		expect(await listTable('ip', 'nft-gem', namespace.options)).toEqual({ kind: 'absent' });
		expect(await listSet('ip', 'nft-gen', 'generation-x', namespace.options)).toEqual({ kind: 'absent' });
		expect(await listSet('ip', 'nft-gem', 'generation', namespace.options)).toEqual({ kind: 'absent' });
	});

	it('a block cut anywhere is refused, or is too short to have a rule (fault 47)', async () => {
		const block = 'table ip cut {\n\tchain c {\n\t\tip daddr 10.0.0.1 drop comment "a"\n\t\treject\n\t}\n}';
		const taken: string[] = [];
		for (let length = 0; length < block.length; length++) {
			const text = block.slice(0, length);
			if ((await checkNft(text, namespace.options)).outcome === 'done') taken.push(text.trim());
		}
		// What is taken makes an empty table at the most, `table i` too: a name in the family ip.
		expect(taken.filter((text) => !/^(?:table \w+(?: \w+)?)?$/.test(text))).toEqual([]);
		expect((await checkNft(block, namespace.options)).outcome).toBe('done');
		expect(await tableExists('ip', 'cut', namespace.options)).toMatchObject({ exists: false });
	});

	it.skipIf(isLongTaken())('a message that is too long for a user namespace is told (fault 49)', async () => {
		const run = await applyNft(LONG, { ...namespace.options, command: USER_NAMESPACE.command });
		expect(run).toMatchObject({ outcome: 'refused', messages: [{ line: null, reason: 'EMSGSIZE' }] });
	});

	it('what the kernel refuses has the place and the reason', async () => {
		await load(compiled(oddities()));
		const text = [
			'add element ip nft-gen services { 10.96.9.9 . tcp . 80 : goto nowhere }',
			'create chain ip nft-gen dispatch',
			'delete element ip nft-gen cluster-ips { 192.0.2.1 }',
			'delete chain ip nft-gen dispatch',
		].join('\n');
		const run = await applyNft(text, namespace.options);
		const messages = run.outcome === 'refused' ? run.messages : [];
		const seen = messages.map(
			({ line, reason, text: at }) => `${line} ${reason} ${at?.split(' ').slice(0, 2).join(' ')}`,
		);
		expect(seen).toEqual(
			expect.arrayContaining([
				'1 ENOENT add element',
				'2 EEXIST create chain',
				'3 ENOENT delete element',
				'4 EBUSY delete chain',
			]),
		);
	});
});
