import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableOf } from '../../src/agent/table-state.ts';
import { listTable } from '../../src/host/nft/nft.ts';
import { servicePortName } from '../../src/model/cluster-state.ts';
import { type Difference, differences } from '../../src/readback/differences.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { nodes } from '../support/arbitrary-cluster.ts';
import { come, leave } from '../support/changes.ts';
import { programs } from '../support/programs.ts';
import { type AgentTables, type Fate, openAgentTables, web } from './agent-tables.ts';
import { describeKernel } from './requirements.ts';

/** What somebody else does, of which no packet through a steady Service takes notice. */
const FOREIGN = [
	'add chain ip nft-gen theirs\nadd rule ip nft-gen theirs drop',
	'add set ip nft-gen theirs { type mark; }',
	'add element ip nft-gen services { 10.96.0.20 . tcp . 99 : drop }',
	'flush set ip nft-gen generation',
	'flush set ip nft-gen generation\nadd element ip nft-gen generation { 1 . 2 }',
	'delete set ip nft-gen generation',
	'add rule ip nft-gen dispatch counter',
] as const;

type Step =
	| { readonly kind: 'foreign'; readonly text: string }
	| { readonly kind: 'change'; readonly number: number; readonly pod: number }
	| { readonly kind: 'leave'; readonly number: number }
	| { readonly kind: 'fate'; readonly fates: readonly Fate[] }
	| { readonly kind: 'look' | 'fence' | 'clean-up' | 'sync' | 'restart' | 'restart with records' };

const fate = fc.constantFrom<Fate>('done', 'killed-before', 'killed-after');
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant('foreign' as const), text: fc.constantFrom(...FOREIGN) }),
	fc.record({ kind: fc.constant('change' as const), number: fc.nat(3), pod: fc.integer({ min: 20, max: 25 }) }),
	fc.record({ kind: fc.constant('leave' as const), number: fc.nat(3) }),
	fc.record({ kind: fc.constant('fate' as const), fates: fc.array(fate, { maxLength: 4 }) }),
	fc.record({
		kind: fc.constantFrom('look', 'fence', 'clean-up', 'sync', 'sync', 'restart', 'restart with records'),
	}),
);

describeKernel('whatever is killed, and whatever others do', () => {
	let agent: AgentTables;

	beforeAll(async () => {
		agent = await openAgentTables();
	});
	afterAll(() => agent.space.close());

	const nodePort = { type: 'NodePort', ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: 31080 }] };
	const steady = [
		...nodes(),
		...web('steady', '10.96.0.1', '10.244.1.5', nodePort),
		...web('sticky', '10.96.0.2', '10.244.1.6', { sessionAffinity: 'ClientIP' }),
	];
	const other = (number: number, pod: number) => web(`other-${number}`, `10.96.1.${number}`, `10.244.1.${pod}`);

	/** What a packet through the steady Services would miss. */
	async function missing(): Promise<readonly Difference[]> {
		const [program] = programs(steady, { families: ['ip'] });
		if (program === undefined) throw new Error('there is a table');
		const { frame, ports } = program;
		const wanted = tableOf({ frame, ports: new Map(ports.map((port) => [servicePortName(port.owner), port])) });
		const listing = await listTable('ip', 'nft-gen', agent.space.options);
		const found = listing.kind === 'listed' ? readTable(listing.json) : null;
		if (found === null || !('chains' in found)) throw new Error('there is no table to be read');
		return differences(found, wanted).filter((each) => {
			if (each.kind === 'elements') return each.missing.length + each.changed.length > 0;
			return each.kind === 'rules' ? each.first < each.wanted : each.kind !== 'extra';
		});
	}

	async function take(each: Step, next: Set<number>): Promise<void> {
		const { tables, change, restart, records, decide, foreign, pass } = agent;
		const everything = () => [...steady, ...[...next].flatMap((number) => other(number, 20))].map(come);
		if (each.kind === 'foreign') await foreign(each.text).catch(() => {});
		else if (each.kind === 'change') {
			next.add(each.number);
			await change(...other(each.number, each.pod).map(come));
		} else if (each.kind === 'leave') {
			next.delete(each.number);
			await change(...other(each.number, 20).map(leave));
		} else if (each.kind === 'fate') {
			const fates = [...each.fates];
			decide(() => fates.shift() ?? 'done');
		} else if (each.kind === 'look') (await tables().look())();
		else if (each.kind === 'fence') await tables().isFenced();
		else if (each.kind === 'sync') await change();
		else if (each.kind === 'clean-up') {
			pass(1000);
			await tables().cleanUp();
		} else {
			restart(each.kind === 'restart' ? [] : records());
			await change(...everything());
		}
	}

	it('no transaction touches Services that do not change, and in the end all is right', async () => {
		const { clear, change, decide, foreign, onMade, tables, space } = agent;
		const sticky = 'affinity/shop/sticky/http/10.244.1.6.8080';
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
				await clear();
				await change(...steady.map(come));
				await foreign(`add element ip nft-gen ${sticky} { 10.244.1.9 }`);
				const made: (readonly [string, readonly Difference[]])[] = [];
				onMade(async (text) => {
					const found = await missing();
					if (found.length > 0) made.push([text, found]);
				});
				const next = new Set<number>();
				for (const each of steps) {
					await take(each, next);
					expect(made).toEqual([]);
				}
				decide(() => 'done');
				for (let round = 0; round < 4 && (await tables().look())() === 'wrong'; round++) await change();
				await change();
				expect((await tables().look())()).toBe('right');
				expect(made).toEqual([]);
				expect(await space.nft(`list set ip nft-gen ${sticky}`)).toContain('10.244.1.9');
			}),
			{ numRuns: Number(process.env.STEADINESS_RUNS ?? 12) },
		);
	}, 600_000);
});
