import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Chain, Match, Rule, Table } from '../../src/model/ruleset.ts';
import { arbitraryCluster, arbitraryService, nodes } from '../support/arbitrary-cluster.ts';
import { compiled } from '../support/compiled.ts';

const NODES = fc.constantFrom('n1', 'n2', 'n3');

/** The names of chains, sets and maps that a rule or an element mentions. */
function mentions(table: Table): ReadonlySet<string> {
	const ofAction = (action: Action): readonly string[] => {
		if (action.kind === 'goto' || action.kind === 'jump') return [action.chain];
		if (action.kind === 'dispatch') return [action.map];
		return action.kind === 'remember' ? [action.set] : [];
	};
	const ofMatch = (match: Match): readonly string[] => (match.kind === 'member' ? [match.set] : []);
	const ofRule = (rule: Rule) => [...rule.when.flatMap(ofMatch), ...rule.then.flatMap(ofAction)];
	const ofElements = table.maps.flatMap((map) => map.elements.flatMap((element) => ofAction(element.verdict)));
	return new Set([...table.chains.flatMap((chain) => chain.rules.flatMap(ofRule)), ...ofElements]);
}

function ends(rule: Rule): boolean {
	const last = rule.then.at(-1)?.kind ?? '';
	return rule.when.length === 0 && ['goto', 'return', 'drop', 'reject', 'dnat', 'spread', 'masquerade'].includes(last);
}

describe('every ruleset', () => {
	it('mentions only what it has, has no name twice, and none of its own chains and sets in vain', () => {
		fc.assert(
			fc.property(arbitraryCluster, NODES, (cluster, node) => {
				for (const table of compiled(cluster.flat(), { node }).ruleset.tables) {
					const names = [...table.sets, ...table.maps, ...table.chains].map((each) => each.name);
					expect(new Set(names).size).toBe(names.length);
					const mentioned = mentions(table);
					expect([...mentioned].filter((name) => !names.includes(name))).toEqual([]);
					const entered = (chain: Chain) => chain.owner === null || mentioned.has(chain.name);
					expect(table.chains.filter((chain) => !entered(chain)).map((chain) => chain.name)).toEqual([]);
					expect(table.sets.filter((set) => !mentioned.has(set.name)).map((set) => set.name)).toEqual([]);
				}
			}),
		);
	});

	it('has no rule after one that ends its chain, and no service chain that lets a packet fall through', () => {
		fc.assert(
			fc.property(arbitraryCluster, NODES, (cluster, node) => {
				for (const table of compiled(cluster.flat(), { node }).ruleset.tables) {
					for (const chain of table.chains) {
						const end = chain.rules.findIndex(ends);
						expect(end === -1 || end === chain.rules.length - 1, chain.name).toBe(true);
						if (/^(?:cluster|local|firewall)\//.test(chain.name)) expect(end, chain.name).not.toBe(-1);
					}
				}
			}),
		);
	});

	it('has as many sets and maps as any other, but for session affinity (trap T1)', () => {
		fc.assert(
			fc.property(arbitraryCluster, NODES, (cluster, node) => {
				for (const table of compiled(cluster.flat(), { node }).ruleset.tables) {
					expect(table.sets.filter((set) => set.timeout === null)).toHaveLength(4);
					expect(table.maps).toHaveLength(5);
					const anonymous = table.chains.flatMap((chain) =>
						chain.rules.filter((rule) => rule.when.some((match) => match.kind === 'among')),
					);
					expect(anonymous).toEqual([]);
				}
			}),
		);
	});

	it('gives every endpoint of a chain the same chance', () => {
		fc.assert(
			fc.property(arbitraryCluster, NODES, (cluster, node) => {
				for (const table of compiled(cluster.flat(), { node }).ruleset.tables) {
					for (const chain of table.chains) {
						const drawn = chain.rules.filter((rule) => !rule.when.some((match) => match.kind === 'member'));
						if (!/^(?:cluster|local)\//.test(chain.name)) continue;
						const chances = drawn.map(
							(rule) => rule.when.flatMap((match) => (match.kind === 'chance' ? [match.of] : []))[0] ?? 1,
						);
						expect(chances).toEqual(chances.map((_, index) => chances.length - index));
					}
				}
			}),
		);
	});
});

describe('locality', () => {
	it('a change of one Service leaves the chains, sets and elements of all others as they are', () => {
		fc.assert(
			fc.property(arbitraryCluster, arbitraryService(1), NODES, (cluster, changed, node) => {
				const [, , ...others] = cluster;
				const before = compiled(cluster.flat(), { node });
				const after = compiled([nodes(), changed, ...others].flat(), { node });
				const rest = (found: ReturnType<typeof compiled>) =>
					found.ruleset.tables.map((table) => ({
						chains: table.chains.filter((chain) => chain.owner?.service !== 'service-1'),
						sets: table.sets.filter((set) => set.name.startsWith('affinity/') && !set.name.includes('/service-1/')),
						elements: table.maps.map((map) => map.elements.filter((element) => element.owner.service !== 'service-1')),
					}));
				expect(rest(after)).toEqual(rest(before));
			}),
		);
	});
});
