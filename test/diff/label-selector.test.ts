import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectorFinder } from '../../src/diff/label-selector.ts';
import type { LabelledNode } from '../../src/diff/label-terms.ts';

type Labels = Readonly<Record<string, string>>;

/** Nodes n1, n2, … with these labels. */
function labelled(...labels: readonly Labels[]): readonly LabelledNode[] {
	return labels.map((each, index) => ({ name: `n${index + 1}`, labels: new Map(Object.entries(each)) }));
}

/** The selector for nodes by their numbers. */
function selectorOf(nodes: readonly LabelledNode[], ...numbers: readonly number[]): string | null {
	return selectorFinder(nodes)(numbers.map((number) => `n${number}`));
}

/** The nodes a selector names, as kubectl reads it: `!=` holds without the label too. */
function selected(nodes: readonly LabelledNode[], selector: string): readonly string[] {
	const holds = ({ labels }: LabelledNode, term: string) => {
		const [, absent, key = '', operator, value] = /^(!?)([^!=]+)(=|!=)?(.*)$/.exec(term) ?? [];
		if (operator === undefined) return labels.has(key) === (absent === '');
		return (labels.get(key) === value) === (operator === '=');
	};
	return nodes.filter((node) => selector.split(',').every((term) => holds(node, term))).map(({ name }) => name);
}

const EDGE = { pool: 'edge', zone: 'a' };

describe('the label selector of a cohort', () => {
	it.each<[string, readonly Labels[], readonly number[], string | null]>([
		['a value', [EDGE, EDGE, { pool: 'core', zone: 'a' }], [1, 2], 'pool=edge'],
		['any other value', [EDGE, { pool: 'core', zone: 'a' }, { pool: 'gpu', zone: 'a' }], [2, 3], 'pool!=edge'],
		['a key that some have', [{ gpu: 'a100' }, { gpu: 'h100' }, {}], [1, 2], 'gpu'],
		['a key that others have', [{ gpu: 'a100' }, { gpu: 'h100' }, {}, {}], [3, 4], '!gpu'],
		[
			'a role, whose value is empty',
			[{ 'node-role.kubernetes.io/edge': '' }, {}, {}],
			[1],
			'node-role.kubernetes.io/edge',
		],
		['two values', [EDGE, EDGE, { pool: 'edge', zone: 'b' }, { pool: 'core', zone: 'a' }], [1, 2], 'pool=edge,zone=a'],
		[
			'two values that it is not',
			[
				{ pool: 'a', zone: 'x' },
				{ pool: 'b', zone: 'x' },
				{ pool: 'c', zone: 'y' },
				{ pool: 'd', zone: 'z' },
				{ pool: 'a', zone: 'y' },
			],
			[2, 4],
			'zone!=y,pool!=a',
		],
		['nothing, for all nodes', [EDGE, EDGE], [1, 2], null],
		['nothing, for nodes that have nothing in common', [EDGE, { pool: 'core', zone: 'b' }, EDGE], [1, 2], null],
		['nothing, for no node', [EDGE, EDGE], [], null],
		['nothing, for nodes of another cluster', [EDGE, {}], [1, 9], null],
		['nothing, for one node that two requirements would name', [EDGE, { pool: 'edge' }, { zone: 'a' }], [1], null],
	])('is %s', (_what, nodes, numbers, selector) => {
		expect(selectorOf(labelled(...nodes), ...numbers)).toBe(selector);
	});

	it('prefers keys by which people divide a cluster', () => {
		const edge = { arch: 'arm64', 'beta.example/tier': 'x', 'topology.kubernetes.io/zone': 'a' };
		const core = { arch: 'amd64', 'beta.example/tier': 'y', 'topology.kubernetes.io/zone': 'b' };
		expect(selectorOf(labelled(edge, edge, core, core), 1, 2)).toBe('topology.kubernetes.io/zone=a');
	});

	it('never names a node by a label that is its own', () => {
		const nodes = ['x', 'y', 'z'].map((value) => ({ 'kubernetes.io/hostname': value, serial: value }));
		expect(selectorOf(labelled(...nodes), 1)).toBe(null);
		expect(selectorOf(labelled(...nodes, {}), 1, 2, 3)).toBe('serial');
	});

	it('says nothing that Kubernetes does not allow in a label', () => {
		const hostile = { 'pool`@all': 'edge', pool: 'edge,zone=a', 'a/b/c': 'x', '': 'x', '-': 'x', '_x/pool': 'x' };
		expect(selectorOf(labelled(hostile, hostile, {}), 1, 2)).toBe(null);
	});

	it('names exactly the cohort, with one requirement where one does, and finds every one of two', () => {
		const labels = fc.record(
			{ pool: fc.constantFrom('a', 'b', 'c'), zone: fc.constantFrom('a', 'b'), gpu: fc.constantFrom('x', 'y') },
			{ requiredKeys: [] },
		);
		const values = [
			...['pool', 'gpu', 'zone'].flatMap((key) => ['a', 'b', 'c', 'x', 'y'].map((value) => `${key}=${value}`)),
		];
		const terms = [
			...values,
			...values.map((term) => term.replace('=', '!=')),
			...['pool', 'gpu', 'zone', '!pool', '!gpu', '!zone'],
		];
		const pairs = terms.flatMap((one, index) => terms.slice(index + 1).map((other) => `${one},${other}`));
		const cluster = fc.array(labels, { minLength: 3, maxLength: 40 }).map((each) => labelled(...each));
		const cohort = cluster.chain((nodes) => {
			const some = fc.oneof(
				fc.subarray(nodes.map(({ name }) => name)),
				fc.constantFrom(...pairs).map((pair) => selected(nodes, pair)),
			);
			return fc.tuple(fc.constant(nodes), some);
		});
		fc.assert(
			fc.property(cohort, ([nodes, names]) => {
				const found = selectorFinder(nodes)(names);
				const isIt = (selector: string) => selected(nodes, selector).join() === names.join();
				const isNamed = names.length > 0 && names.length < nodes.length;
				const possible = isNamed ? [terms.some(isIt), names.length > 1 && pairs.some(isIt)] : [false, false];
				expect(found === null).toBe(!possible.includes(true));
				if (found === null) return;
				expect(selected(nodes, found)).toEqual(names);
				expect(found.includes(',')).toBe(!possible[0]);
				expect(selectorFinder([...nodes].reverse())([...names].reverse())).toBe(found);
			}),
			{ numRuns: 500 },
		);
	});
});
