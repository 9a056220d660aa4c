import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TableProgram } from '../../src/model/program.ts';
import { chunks } from '../../src/plan/chunks.ts';
import { cleanUp } from '../../src/plan/plan.ts';
import { isEmpty, merged } from '../../src/plan/transaction.ts';
import { type AppliedTable, apply, contents, emptyTable } from '../support/applied.ts';
import { arbitraryCluster, arbitraryService, nodes } from '../support/arbitrary-cluster.ts';
import { node } from '../support/objects.ts';
import { programs } from '../support/programs.ts';
import { wholePlan } from '../support/whole-plan.ts';

const NEW_NODE = node(4, 'b');

/** Two states of one cluster: some Services differ, one may be gone, one new, and a node may have come. */
const twoStates = fc
	.record({
		services: fc.tuple(...[1, 2, 3].map((number) => arbitraryService(number))),
		later: fc.tuple(...[1, 2, 3].map((number) => arbitraryService(number))),
		changed: fc.subarray([0, 1, 2]),
		gone: fc.subarray([0, 1, 2], { maxLength: 1 }),
		grown: fc.boolean(),
		node: fc.constantFrom('n1', 'n3'),
	})
	.map(({ services, later, changed, gone, grown, node: name }) => {
		const after = services
			.map((each, index) => (changed.includes(index) ? (later[index] ?? each) : each))
			.filter((_each, index) => !gone.includes(index));
		return {
			before: programs([...nodes(), ...services.flat()], { node: name }),
			after: programs([...nodes(), ...(grown ? [NEW_NODE] : []), ...after.flat()], { node: name }),
		};
	});

function build(program: TableProgram): AppliedTable {
	const table = emptyTable();
	execute(table, null, program, Number.POSITIVE_INFINITY);
	return table;
}

/** Carries out a plan in chunks, and removes what it left. */
function execute(table: AppliedTable, before: TableProgram | null, after: TableProgram, most: number): void {
	const found = wholePlan(before, after);
	const name = { family: after.frame.family, table: after.frame.name };
	const groups = [...chunks(found.units, () => most)].map((units) => units.map(({ change }) => change));
	const transactions = [found.frame, ...groups.map((changes) => merged(name, changes))];
	for (const each of transactions) apply(table, each);
	apply(table, cleanUp(name, found.left));
}

describe('a plan', () => {
	it('from one state to another, carried out, gives the other, whole or in chunks', () => {
		fc.assert(
			fc.property(twoStates, fc.constantFrom(1, 5, 20, 1000), ({ before, after }, most) => {
				for (const [index, program] of after.entries()) {
					const old = before[index];
					if (old === undefined) throw new Error('no table of this family');
					const table = build(old);
					execute(table, old, program, most);
					expect(contents(table)).toEqual(contents(build(program)));
				}
			}),
			{ numRuns: 200 },
		);
	}, 60_000);

	it('to the same state does nothing', () => {
		fc.assert(
			fc.property(arbitraryCluster, (cluster) => {
				const [first, again] = [programs(cluster.flat()), programs(cluster.flat())];
				for (const [index, program] of first.entries()) {
					const { frame, units, left } = wholePlan(program, again[index] ?? program);
					expect([isEmpty(frame), units, left]).toEqual([true, [], []]);
				}
			}),
			{ numRuns: 30 },
		);
	});

	it('touches nothing of a Service that did not change', () => {
		fc.assert(
			fc.property(arbitraryCluster, arbitraryService(9), (cluster, more) => {
				const before = programs(cluster.flat());
				const after = programs([...cluster, more].flat());
				for (const [index, program] of after.entries()) {
					const { frame, units } = wholePlan(before[index] ?? null, program);
					expect(isEmpty(frame)).toBe(true);
					expect(new Set(units.map(({ owner }) => owner.service)).size).toBeLessThanOrEqual(1);
				}
			}),
			{ numRuns: 50 },
		);
	});
});
