import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohorts } from '../../src/diff/cohorts.ts';
import type { Comparison } from '../../src/diff/comparison.ts';
import { ruleCount } from '../../src/diff/rule-count.ts';
import type { RuleCount } from '../../src/model/change-set.ts';
import type { PortProgram } from '../../src/model/program.ts';
import { compared } from '../support/comparisons.ts';
import { expandedRanges } from '../support/expanded-ranges.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { programs } from '../support/programs.ts';
import { type TwoStates, twoStates } from '../support/two-states.ts';

type Fields = Readonly<Record<string, unknown>>;

const NODES = [node(1, 'a'), node(2, 'a'), node(3, 'b'), node(4, 'b')];
const LABELLED = ['edge', 'edge', 'core', 'core'].map((pool, index) => ({
	name: `n${index + 1}`,
	labels: new Map([['pool', pool]]),
}));
const web = (spec: Fields = {}) => service('web', ['10.96.0.20'], { spec });
const local = { internalTrafficPolicy: 'Local' };

/** An endpoint on each of these nodes. */
function endpointsOn(...numbers: readonly number[]): Fields {
	return slice(
		'web',
		numbers.map((number) => endpoint({ address: `10.244.${number}.5`, node: `n${number}` })),
	);
}

function comparedOnNodes(before: readonly unknown[], after: readonly unknown[]): Comparison {
	return compared([...NODES, ...before], [...NODES, ...after]);
}

/** Nothing but nodes. */
function unchanged(both: readonly string[]): Comparison {
	const services = { services: [], unchangedServices: 0 };
	const nodes = { both, joined: [], left: [] };
	return { ...services, nodes, flows: [], count: { total: 0, changed: 0 }, programs: [], frames: [] };
}

describe('cohorts', () => {
	it('are one where nothing changes', () => {
		const [cohort, ...others] = cohorts(unchanged(['n1', 'n2', 'n3', 'n4']), [], LABELLED);
		expect(others).toEqual([]);
		expect(cohort).toEqual({
			id: 'A',
			nodes: ['n1', 'n2', 'n3', 'n4'],
			ranges: 'n[1-4]',
			selector: null,
			representative: 'n1',
			fingerprints: [],
			rules: { added: 0, removed: 0 },
		});
	});

	it('divide nodes by findings, and are named by labels; findings of other nodes and of no node divide nobody', () => {
		const findings = [
			{ fingerprint: 'bbbbbbbbbbbb', nodes: ['n1', 'n2', 'n3'] },
			{ fingerprint: 'aaaaaaaaaaaa', nodes: ['n1', 'n2'] },
			{ fingerprint: 'cccccccccccc', nodes: ['elsewhere'] },
			{ fingerprint: 'dddddddddddd', nodes: [] },
		];
		const found = cohorts(unchanged(['n1', 'n2', 'n3', 'n4']), findings, LABELLED);
		expect(found.map(({ id, ranges, selector, fingerprints }) => [id, ranges, selector, fingerprints])).toEqual([
			['A', 'n[1-2]', 'pool=edge', ['aaaaaaaaaaaa', 'bbbbbbbbbbbb']],
			['B', 'n3', null, ['bbbbbbbbbbbb']],
			['C', 'n4', null, []],
		]);
	});

	it('divide nodes by how many rules come and leave', () => {
		// A new endpoint is one more rule everywhere; on its own node also what lets it reach itself.
		const found = cohorts(comparedOnNodes([web(), endpointsOn(1)], [web(), endpointsOn(1, 3)]), [], LABELLED);
		expect(found.map(({ ranges, rules }) => [ranges, rules])).toEqual([
			['n[1-2,4]', { added: 1, removed: 0 }],
			['n3', { added: 2, removed: 0 }],
		]);
	});

	it('divide nodes by the service ports whose rules change, though as many do', () => {
		const api = (...on: readonly number[]) => [
			service('api', ['10.96.0.30'], { spec: local }),
			{ ...endpointsOn(...on), metadata: slice('api', []).metadata },
		];
		const before = [web(local), endpointsOn(1), ...api(1)];
		const found = cohorts(comparedOnNodes(before, [web(local), endpointsOn(1, 2), ...api(1, 3)]), [], LABELLED);
		expect(found.map(({ ranges }) => ranges)).toEqual(['n[1,4]', 'n2', 'n3']);
	});

	it('keep nodes together on which the same becomes of their own endpoints', () => {
		const found = cohorts(
			comparedOnNodes([web(), endpointsOn(1, 2, 3)], [web(local), endpointsOn(1, 2, 3)]),
			[],
			LABELLED,
		);
		expect(found.map(({ ranges }) => ranges)).toEqual(['n[1-3]', 'n4']);
	});

	it('divide nodes whose rules only say something else from those where nothing changes', () => {
		const change = comparedOnNodes([web(), endpointsOn(1)], [web(), endpointsOn(1, 2)]).programs[0];
		if (change === undefined) throw new Error('nothing changes');
		const named = (note: string) => ({
			...change.before,
			chains: change.before?.chains.map((chain) => ({ ...chain, comment: note })) ?? [],
		});
		const cosmetic = { ...change, nodes: ['n2'], before: named('a') as PortProgram, after: named('b') as PortProgram };
		const found = cohorts({ ...unchanged(['n1', 'n2', 'n3']), programs: [cosmetic] }, [], LABELLED);
		expect(found.map(({ ranges, rules }) => [ranges, rules])).toEqual([
			['n[1,3]', { added: 0, removed: 0 }],
			['n2', { added: 0, removed: 0 }],
		]);
	});

	it('are called by letters, from A to Z, then by two', () => {
		const nodes = Array.from({ length: 30 }, (_, index) => `n${index + 10}`);
		const findings = nodes.map((name) => ({ fingerprint: `of ${name}`, nodes: [name] }));
		const ids = cohorts(unchanged(nodes), findings, []).map(({ id }) => id);
		expect([ids[0], ids[25], ids[26], ids[27], ids[29]]).toEqual(['A', 'Z', 'AA', 'AB', 'AD']);
	});

	it('are of nodes that joined and left too', () => {
		const comparison = { ...unchanged(['n2']), nodes: { both: ['n2'], joined: ['n3'], left: ['n1'] } };
		const findings = [{ fingerprint: 'joined', nodes: ['n3'] }];
		expect(cohorts(comparison, findings, []).map(({ nodes }) => nodes)).toEqual([['n1', 'n2'], ['n3']]);
	});

	it('expand to the findings and counts of each node alone (G6)', () => {
		const findings = fc.array(
			fc.record({ fingerprint: fc.stringMatching(/^[0-9a-f]{12}$/), nodes: fc.subarray(['n1', 'n2', 'n3', 'n4']) }),
			{ maxLength: 4 },
		);
		fc.assert(
			fc.property(twoStates, findings, (states, each) => {
				const comparison = compared(states.before, states.after);
				const found = cohorts(comparison, each, LABELLED);
				const nodes = found.flatMap((cohort) => expandedRanges(cohort.ranges).map((name) => ({ name, cohort })));
				expect(nodes.map(({ name }) => name).sort()).toEqual(
					[...comparison.nodes.both, ...comparison.nodes.joined].sort(),
				);
				for (const { name, cohort } of nodes) {
					const own = each.filter((finding) => finding.nodes.includes(name)).map(({ fingerprint }) => fingerprint);
					expect(cohort.fingerprints).toEqual([...new Set(own)].sort());
					if (comparison.nodes.both.includes(name)) expect(cohort.rules).toEqual(countOn(name, states));
				}
			}),
			{ numRuns: 30 },
		);
	});
});

/** The rules that come and leave on a node, from its whole tables. */
function countOn(name: string, { before, after }: TwoStates): RuleCount {
	const theirs = programs(after, { node: name });
	const counts = programs(before, { node: name }).flatMap((ours, index) => {
		const other = theirs[index];
		if (other === undefined) throw new Error('no table of this family');
		const key = ({ owner }: PortProgram) => JSON.stringify(owner);
		const pairs = new Map(ours.ports.map((port) => [key(port), { before: port, after: null as PortProgram | null }]));
		const sides = other.ports.map((port) => ({ before: pairs.get(key(port))?.before ?? null, after: port }));
		const left = ours.ports.filter((port) => !other.ports.some((each) => key(each) === key(port)));
		return [
			{ before: ours.frame, after: other.frame },
			...sides,
			...left.map((port) => ({ before: port, after: null })),
		];
	});
	return counts
		.map(ruleCount)
		.reduce((sum, { added, removed }) => ({ added: sum.added + added, removed: sum.removed + removed }), {
			added: 0,
			removed: 0,
		});
}
