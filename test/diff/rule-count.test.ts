import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRules, ruleCount } from '../../src/diff/rule-count.ts';
import type { PortProgram, TableProgram } from '../../src/model/program.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { programs } from '../support/programs.ts';
import { twoStates } from '../support/two-states.ts';

type Fields = Readonly<Record<string, unknown>>;

const NODES = [node(1, 'a'), node(2, 'b')];

/** Endpoints on n2. */
function endpointsOf(...hosts: readonly number[]): Fields {
	return slice(
		'web',
		hosts.map((host) => endpoint({ address: `10.244.2.${host}`, node: 'n2' })),
	);
}

function upTo(count: number): readonly number[] {
	return Array.from({ length: count }, (_, index) => index + 1);
}

/** The program of the only service port, on n1; null without a Service. */
function program(...objects: readonly unknown[]): PortProgram | null {
	return programs([...NODES, ...objects])[0]?.ports[0] ?? null;
}

const web = (spec: Fields = {}) => service('web', ['10.96.0.20'], { spec });
const withPort = (fields: Fields) => web({ ports: [{ name: 'http', protocol: 'TCP', port: 80, ...fields }] });
const withAffinity = (timeoutSeconds: number) =>
	web({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds } } });
const hinted = slice('web', [
	endpoint({ address: '10.244.2.1', node: 'n2', zones: ['a'] }),
	endpoint({ address: '10.244.2.2', node: 'n2', zones: ['b'] }),
]);

type Case = readonly [what: string, before: readonly unknown[], after: readonly unknown[], count: readonly number[]];

const CASES: readonly Case[] = [
	['is nothing for what stays', [web(), endpointsOf(1, 2)], [web(), endpointsOf(1, 2)], [0, 0, 0]],
	['is every rule and element of a Service that comes', [], [web(), endpointsOf(1, 2)], [4, 0, 0]],
	['is one for each endpoint that comes', [web(), endpointsOf(2, 3)], [web(), endpointsOf(1, 2, 3, 4)], [2, 0, 0]],
	['is one for each that is another', [web(), endpointsOf(1, 2, 3)], [web(), endpointsOf(1, 2, 4)], [1, 1, 0]],
	['is one where rules become a map', [web(), endpointsOf(...upTo(32))], [web(), endpointsOf(...upTo(33))], [1, 0, 0]],
	[
		'is one where a map of endpoints loses its first',
		[web(), endpointsOf(...upTo(40))],
		[web(), endpointsOf(...upTo(40).slice(1))],
		[0, 1, 0],
	],
	[
		'is a set and four rules for an endpoint with session affinity',
		[withAffinity(60), endpointsOf(1)],
		[withAffinity(60), endpointsOf(1, 2)],
		[5, 0, 0],
	],
	[
		'is the sets where session affinity takes longer',
		[withAffinity(60), endpointsOf(1, 2)],
		[withAffinity(90), endpointsOf(1, 2)],
		[2, 2, 0],
	],
	['is a refusal for the rule and element of the last endpoint', [web(), endpointsOf(1)], [web()], [1, 2, 0]],
	[
		'is one element for another',
		[withPort({ port: 80 }), endpointsOf(1)],
		[withPort({ port: 81 }), endpointsOf(1)],
		[1, 1, 0],
	],
	['is cosmetic where only the reason is another', [web(), hinted], [web(), endpointsOf(1)], [0, 0, 1]],
];

describe('the count of rules and elements', () => {
	it.each(CASES)('%s', (_what, before, after, [added, removed, cosmetic]) => {
		expect(ruleCount({ before: program(...before), after: program(...after) })).toEqual({ added, removed, cosmetic });
	});

	it('is cosmetic for a port under another name', () => {
		const renamed = slice('web', [endpoint({ address: '10.244.2.1', node: 'n2' })], {
			ports: [{ name: 'web', port: 8080 }],
		});
		const before = program(web(), endpointsOf(1));
		const after = program(withPort({ name: 'web' }), renamed);
		// The endpoint's rule and the element that leads to its chain; the address in the set has no name.
		expect(ruleCount({ before, after })).toEqual({ added: 0, removed: 0, cosmetic: 2 });
	});

	it('is the opposite in the opposite direction, and is what one table has more than the other', () => {
		fc.assert(
			fc.property(twoStates, fc.constantFrom('n1', 'n3'), (states, name) => {
				const [before, after] = [states.before, states.after].map((objects) => programs(objects, { node: name }));
				for (const [index, theirs] of (after ?? []).entries()) {
					const ours = before?.[index];
					if (ours === undefined) throw new Error('no table of this family');
					const there = changesBetween(ours, theirs).map(ruleCount);
					const back = changesBetween(theirs, ours).map(ruleCount);
					const turned = there.map(({ added, removed, cosmetic }) => ({ added: removed, removed: added, cosmetic }));
					expect(back).toEqual(turned);
					const more = there.reduce((sum, { added, removed }) => sum + added - removed, 0);
					expect(countRules(theirs) - countRules(ours)).toBe(more);
				}
			}),
			{ numRuns: 50 },
		);
	});
});

/** The frame, then every service port that a side has, by name. */
function changesBetween(before: TableProgram, after: TableProgram) {
	const name = ({ owner }: PortProgram) => JSON.stringify(owner);
	const names = [...new Set([...before.ports, ...after.ports].map(name))].sort();
	const find = (table: TableProgram, wanted: string) => table.ports.find((each) => name(each) === wanted) ?? null;
	return [
		{ before: before.frame, after: after.frame },
		...names.map((each) => ({ before: find(before, each), after: find(after, each) })),
	];
}
