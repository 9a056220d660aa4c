import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tableOf } from '../../src/agent/table-state.ts';
import { listTable } from '../../src/host/nft/nft.ts';
import type { Json } from '../../src/model/json.ts';
import type { Table } from '../../src/model/ruleset.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { service } from '../support/objects.ts';
import { type AgentTables, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';
import { CHANGE_KINDS, changeOf } from './table-changes.ts';

const STICKY = { sessionAffinity: 'ClientIP' };
const AFFINITY = 'affinity/shop/sticky/http/10.244.1.6.8080';
const a = web('a', '10.96.0.1', '10.244.1.5');
const b = web('b', '10.96.0.2', '10.244.1.7');
const others = [
	...nodes(),
	...a,
	...web('sticky', '10.96.0.3', '10.244.1.6', STICKY),
	service('empty', ['10.96.0.4']),
	service('lonely', ['10.96.0.5'], { spec: { type: 'NodePort' } }),
];

/** What a round of looks came to, what it read as text, and how often it read a whole table as JSON. */
async function looked(agent: AgentTables): Promise<readonly [verdict: string, text: string, reads: number]> {
	const [texts, parts, reads] = [agent.textReads(), agent.partReads(), agent.reads()];
	let verdict = 'right';
	let looks = 0;
	do {
		verdict = (await agent.tables().look())();
		looks++;
	} while (verdict === 'right' && looks < agent.tables().looksInARound());
	const text = [...(agent.textReads() > texts ? ['whole'] : []), ...(agent.partReads() > parts ? ['parts'] : [])];
	return [verdict, text.join(' and ') || 'nothing', agent.reads() - reads];
}

describeKernel('a look at a table’s text', () =>
	describe.each([
		['as a whole', undefined, 'whole'],
		['in parts', { whole: 0, part: 3 }, 'parts'],
	])('%s', (_how, sizes, how) => {
		let agent: AgentTables;

		beforeAll(async () => {
			agent = await openAgentTables('nft', sizes);
		});
		afterAll(() => agent.space.close());
		beforeEach(async () => {
			await agent.clear();
			await agent.change(...others.map(come));
		});

		const BY_TEXT = ['right', how, 0];
		const BY_JSON = ['wrong', how, 1];

		it('is enough, whatever became of the table by our own transactions', async () => {
			expect(await looked(agent)).toEqual(BY_TEXT);
			await agent.change(...b.map(come));
			expect(await looked(agent)).toEqual(BY_TEXT);
			await agent.change(...b.map(leave));
			expect(await looked(agent)).toEqual(BY_TEXT);
			agent.pass(1000);
			await agent.tables().cleanUp();
			expect(await looked(agent)).toEqual(BY_TEXT);
			agent.restart();
			expect(await agent.change(...others.map(come))).toBe('adopted');
			expect(await looked(agent)).toEqual(BY_TEXT);
		});

		it('is enough while clients are remembered', async () => {
			await agent.foreign(`add element ip nft-gen ${AFFINITY} { 192.0.2.1, 192.0.2.2 timeout 10s }`);
			expect(await looked(agent)).toEqual(BY_TEXT);
		});

		it('is not enough to call a table wrong, and is asked for again after one that was', async () => {
			await agent.foreign('flush chain ip nft-gen cluster/shop/a/http');
			expect(await looked(agent)).toEqual(BY_JSON);
			const reads = agent.reads();
			expect(await agent.change()).toBe('repaired');
			expect(agent.reads()).toBe(reads);
			expect(await looked(agent)).toEqual(BY_TEXT);
		});

		async function asJson(): Promise<{ readonly table: Table; readonly json: Json }> {
			const [state] = agent.tables().states();
			const listing = await listTable('ip', 'nft-gen', agent.space.options);
			if (listing.kind !== 'listed' || state?.applied == null) throw new Error('there is no table');
			return { table: tableOf(state.applied), json: listing.json as Json };
		}

		it.each(CHANGE_KINDS.map((name, kind) => [name, kind] as const))('finds: %s', async (_, kind) => {
			const { table, json } = await asJson();
			for (const command of changeOf(table, json, { kind, draw: 5 }).commands) await agent.foreign(command);
			expect(await looked(agent)).toEqual(BY_JSON);
		});

		const CHAIN = 'ip nft-gen cluster/shop/a/http';
		const AGAIN = `flush chain ${CHAIN}\nadd rule ${CHAIN} meta l4proto tcp dnat`;
		it.each([
			['a table that sleeps', 'add table ip nft-gen { flags dormant; }'],
			['a chain of another name', `rename chain ${CHAIN} other`],
			['a chain that nobody left', 'add chain ip nft-gen cluster/shop/z/http'],
			['a map', 'add map ip nft-gen other { type mark : verdict; }'],
			['a quota', 'add quota ip nft-gen other { 1 mbytes }'],
			['a limit', 'add limit ip nft-gen other { rate 1/second }'],
			['another comment', `${AGAIN} to 10.244.1.5:8080 comment "mine"`],
			['a comment over two lines', `${AGAIN} to 10.244.1.5:8080 comment "mine\n\t\tdrop"`],
			[
				'a comment that looks like the end of its chain',
				`${AGAIN} to 10.244.1.5:8080 comment "mine\n\t}\n\n\tchain x {\n"`,
			],
			['another port', `${AGAIN} to 10.244.1.5:8081`],
			['a flag behind', `${AGAIN} to 10.244.1.5:8080 persistent`],
			['a counter before', `flush chain ${CHAIN}\nadd rule ${CHAIN} counter meta l4proto tcp dnat to 10.244.1.5:8080`],
			['a rule that is there twice', `add rule ${CHAIN} meta l4proto tcp dnat to 10.244.1.5:8080`],
			['an element with a comment', 'add element ip nft-gen cluster-ips { 192.0.2.9 comment "a, 192.0.2.8" }'],
			[
				'an element that is a line of another',
				'add element ip nft-gen nodeports { tcp . 9 comment ",\n6 . 8" : drop }',
			],
		])('finds: %s', async (_, text) => {
			await agent.foreign(text);
			expect(await looked(agent)).toEqual(BY_JSON);
		});

		it('asks for JSON at once while a Service is in quarantine, whose rules nobody knows', async () => {
			agent.poison('dnat to 10.244.1.7:8080', 'dnat to nowhere');
			await agent.change(...b.map(come));
			expect(await looked(agent)).toEqual(['right', 'nothing', 1]);
			await agent.change(...b.map(leave));
			expect(await looked(agent)).toEqual(BY_TEXT);
		});
	}),
);

describeKernel('a look at parts of a table', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables('nft', { whole: 0, part: 3 });
	});
	afterAll(() => agent.space.close());
	beforeEach(async () => {
		await agent.clear();
		await agent.change(...others.map(come));
	});

	const look = async () => (await agent.tables().look())();
	const nothing = async () => {};

	it('is overtaken by our own transaction that came before it was read, and sees the same part again', async () => {
		const reads = agent.reads();
		agent.whileReading(() => agent.change(...b.map(come)), nothing);
		expect(await look()).toBe('overtaken');
		const looks = agent.tables().looksInARound();
		for (let part = 0; part < looks; part++) expect(await look()).toBe('right');
		expect(agent.reads()).toBe(reads);
	});

	it('counts when our own transaction came after it was read', async () => {
		agent.whileReading(nothing, () => agent.change(...b.map(come)));
		expect(await look()).toBe('right');
		expect(await looked(agent)).toEqual(['right', 'parts', 0]);
	});

	it('does not see a Service that came since its round began, and does in the next round', async () => {
		await look();
		await agent.change(...b.map(come));
		await agent.foreign('flush chain ip nft-gen cluster/shop/b/http');
		for (let part = 1; part < agent.tables().looksInARound(); part++) expect(await look()).toBe('right');
		expect(await looked(agent)).toEqual(['wrong', 'parts', 1]);
	});

	it('is overtaken as JSON, too, which is read piece by piece', async () => {
		for (const state of agent.tables().states()) state.textMisread = Number.POSITIVE_INFINITY;
		agent.whileReading(() => agent.change(...b.map(come)), nothing);
		expect(await look()).toBe('overtaken');
		expect(await look()).toBe('right');
	});

	it('is one at the whole table after a text that was not as expected', async () => {
		for (const state of agent.tables().states()) state.textMisread = 1;
		expect(await looked(agent)).toEqual(['right', 'whole', 0]);
		expect(await looked(agent)).toEqual(['right', 'parts', 0]);
	});
});

describeKernel('a look with an nft whose text is another', () => {
	const folder = mkdtempSync(join(tmpdir(), 'nft-gen-text-'));
	const program = join(folder, 'nft');
	let agent: AgentTables;

	/** @param spoil what the shell does with the text of a whole table */
	const spoilText = (spoil: string) => {
		const isText = 'case "$*" in *--json*) false;; *"list table"*) true;; *) false;; esac';
		writeFileSync(program, `#!/bin/sh\nif ${isText}; then nft "$@" ${spoil}; else exec nft "$@"; fi\n`);
		chmodSync(program, 0o755);
	};

	beforeAll(async () => {
		agent = await openAgentTables(program);
	});
	afterAll(() => {
		agent.space.close();
		rmSync(folder, { recursive: true });
	});
	beforeEach(async () => {
		spoilText('');
		await agent.clear();
		await agent.change(...others.map(come));
	});

	describe.each([
		['spelled otherwise', '| sed "s/ip saddr/source/"'],
		['cut short', '| head -c 3000'],
		['nothing at all', '> /dev/null'],
		['with a warning', '2>&1; echo "# a warning"'],
	])('%s', (_what, spoil) => {
		it('verifies by JSON, and soon does not ask for the text any more', async () => {
			spoilText(spoil);
			expect([await looked(agent), await looked(agent), await looked(agent)]).toEqual([
				['right', 'whole', 1],
				['right', 'whole', 1],
				['right', 'nothing', 1],
			]);
			await agent.foreign('flush chain ip nft-gen cluster/shop/a/http');
			expect(await looked(agent)).toEqual(['wrong', 'nothing', 1]);
		});

		it('asks for it as before once the text is right', async () => {
			spoilText(spoil);
			expect(await looked(agent)).toEqual(['right', 'whole', 1]);
			spoilText('');
			expect(await looked(agent)).toEqual(['right', 'whole', 0]);
			spoilText(spoil);
			expect([await looked(agent), await looked(agent)]).toEqual([
				['right', 'whole', 1],
				['right', 'whole', 1],
			]);
		});
	});

	it('that fails on it says nothing: JSON is read, and text is asked for the next time', async () => {
		spoilText('> /dev/null; exit 1');
		const looks = [await looked(agent), await looked(agent), await looked(agent)];
		expect(looks).toEqual([1, 2, 3].map(() => ['right', 'whole', 1]));
	});
});
