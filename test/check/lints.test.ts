import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECK_IDS, checkOf } from '../../src/check/catalogue.ts';
import type { Linted } from '../../src/check/lints/lint.ts';
import { lintsOf } from '../../src/check/lints/lints.ts';
import { compile } from '../../src/compile/compile.ts';
import type { Action, Chain, Match, Rule, Table } from '../../src/model/ruleset.ts';
import { readCluster } from '../../src/pipeline.ts';
import { nodeView } from '../../src/view/node-view.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

const LINTS = new Set(CHECK_IDS.filter((id) => checkOf(id).level === 'ruleset'));

/** The tables of node n1, with what they were made of. */
function lintedOf(objects: readonly unknown[]): readonly Linted[] {
	const network = settings();
	const { view } = nodeView(readCluster(documents(...objects), network).state, network);
	if (view === null) throw new Error('no view');
	return compile(view).tables.map((table, index) => ({
		table,
		servicePorts: view.families[index]?.servicePorts ?? [],
	}));
}

/** Two endpoints on two nodes, behind a Service with every kind of address. */
const [WEB] = lintedOf([
	node(1, 'a'),
	node(2, 'b'),
	service('web', ['10.96.0.10'], {
		spec: {
			type: 'LoadBalancer',
			externalTrafficPolicy: 'Local',
			loadBalancerSourceRanges: ['203.0.113.0/24'],
			ports: [{ name: 'http', port: 80, nodePort: 30080 }],
		},
		status: { loadBalancer: { ingress: [{ ip: '198.51.100.1' }] } },
	}),
	slice('web', [endpoint({ address: '10.244.1.5', node: 'n1' }), endpoint({ address: '10.244.2.5', node: 'n2' })]),
]);

function found(table: Partial<Table>): readonly string[] {
	if (WEB === undefined) throw new Error('no table');
	const lints = lintsOf({ ...WEB, table: { ...WEB.table, ...table } }, LINTS);
	return lints.map(({ id, sentence }) => `${id}: ${sentence}`);
}

const TABLE = WEB?.table as Table;
const CHOICE = 'cluster/shop/web/http';

function rule(when: readonly Match[], ...then: readonly Action[]): Rule {
	return { kind: 'rule', when, then, note: null };
}

function chain(name: string, rules: readonly Rule[], change: Partial<Chain> = {}): Chain {
	return { kind: 'chain', name, comment: null, hook: null, owner: null, rules, ...change };
}

/** The table's chains with other rules in one of them. */
function withRules(name: string, edit: (rules: readonly Rule[]) => readonly Rule[]): Partial<Table> {
	return { chains: TABLE.chains.map((each) => (each.name === name ? { ...each, rules: edit(each.rules) } : each)) };
}

const dnat = (target: string): Action => ({ kind: 'dnat', protocol: 'tcp', target });
const chance = (of: number): Match => ({ kind: 'chance', of });
const drop: Action = { kind: 'drop' };

describe('lints of rules', () => {
	it('find nothing in what the compiler makes', () => expect(found({})).toEqual([]));

	it('find nothing in what the compiler makes, whatever the cluster', () => {
		fc.assert(
			fc.property(arbitraryCluster, (objects) => {
				const linted = lintedOf(objects.flat());
				expect(linted.flatMap((each) => each.servicePorts).length).toBeGreaterThan(0);
				expect(linted.flatMap((each) => lintsOf(each, LINTS))).toEqual([]);
			}),
			{ numRuns: 100 },
		);
	});

	it('find a rule behind one that always ends the chain', () => {
		expect(found(withRules('check-sources', (rules) => [rule([], drop), ...rules]))).toContain(
			'unreachable-rule: rule 1 of chain check-sources always ends it; no packet comes to rule 2',
		);
		expect(found(withRules('refuse', () => [rule([chance(1)], drop), rule([], drop)]))).toContain(
			'unreachable-rule: rule 1 of chain refuse always ends it; no packet comes to rule 2',
		);
		expect(found(withRules('refuse', () => [rule([chance(2)], drop), rule([], drop)]))).toEqual([]);
	});

	it('find an action behind one that ends the rule', () => {
		expect(found(withRules('refuse', () => [rule([], drop, { kind: 'return' })]))).toEqual([
			'unreachable-rule: rule 1 of chain refuse ends with drop, and has more actions behind it',
		]);
	});

	it('find a chain that no base chain leads to', () => {
		expect(found({ chains: [...TABLE.chains, chain('lost', [rule([], drop)])] })).toEqual([
			'orphan-chain: no base chain leads to chain lost',
		]);
	});

	it('find chains that lead to each other', () => {
		const loop = [
			chain('a', [rule([], { kind: 'jump', chain: 'b' })]),
			chain('b', [rule([], { kind: 'goto', chain: 'a' })]),
		];
		expect(found({ chains: [...TABLE.chains, ...loop] }).filter((text) => text.startsWith('jump-loop'))).toEqual([
			'jump-loop: chain a leads back to itself',
			'jump-loop: chain b leads back to itself',
		]);
	});

	it('find a loop through a map', () => {
		const edited = withRules(CHOICE, () => [rule([], { kind: 'jump', chain: 'dispatch' })]);
		expect(found(edited)).toContain(`jump-loop: chain ${CHOICE} leads back to itself`);
	});

	const [A, B, C] = ['10.244.1.5:8080', '10.244.2.5:8080', '10.244.3.5:8080'];
	const spreadOver = (...indexes: readonly number[]): Action => ({
		kind: 'spread',
		protocol: 'tcp',
		targets: indexes.map((index) => ({ index, address: `10.244.${index + 1}.5`, port: 8080 })),
	});

	it.each<[string, readonly Rule[], string | null]>([
		['even rules', [rule([chance(3)], dnat(A)), rule([chance(2)], dnat(B)), rule([], dnat(C))], null],
		['a single endpoint', [rule([], dnat(A))], null],
		['an even map', [rule([], spreadOver(0, 1, 2))], null],
		[
			'a wrong chance',
			[rule([chance(2)], dnat(A)), rule([chance(2)], dnat(B)), rule([], dnat(C))],
			`chain ${CHOICE} gives ${A} 1/2 of the connections, and ${B} 1/4`,
		],
		[
			'an endpoint that is there twice',
			[rule([chance(3)], dnat(A)), rule([chance(2)], dnat(B)), rule([], dnat(A))],
			`chain ${CHOICE} gives ${A} 2/3 of the connections, and ${B} 1/3`,
		],
		[
			'nothing for the rest',
			[rule([chance(3)], dnat(A)), rule([chance(2)], dnat(B))],
			`the choice of chain ${CHOICE} leaves 1/3 of the connections to nobody`,
		],
		[
			'a gap in a map',
			[rule([], spreadOver(0, 2))],
			`chain ${CHOICE} draws one of 2 numbers, and its map has nothing for 1`,
		],
	])('judge a choice with %s', (_what, rules, expected) => {
		const choices = found(withRules(CHOICE, () => rules)).filter((text) => text.startsWith('uneven-choice'));
		expect(choices).toEqual(expected === null ? [] : [`uneven-choice: ${expected}`]);
	});

	it('find an address in no map', () => {
		const maps = TABLE.maps.map((map) => ({ ...map, elements: [] }));
		expect(found({ maps }).filter((text) => text.startsWith('missing-dispatch'))).toEqual([
			'missing-dispatch: no map has an element for 10.96.0.10:80/tcp of shop/web:http',
			'missing-dispatch: no map has an element for 198.51.100.1:80/tcp of shop/web:http',
			'missing-dispatch: no map has an element for NodePort 30080/tcp of shop/web:http',
		]);
	});

	it('find names that nothing has', () => {
		const asks: Match = { kind: 'member', fields: ['saddr'], negate: false, set: 'friends' };
		const then: readonly Action[] = [
			{ kind: 'jump', chain: 'nowhere' },
			{ kind: 'dispatch', fields: ['daddr'], map: 'none' },
			{ kind: 'remember', set: 'clients' },
		];
		expect(found(withRules('refuse', () => [rule([asks], ...then)]))).toEqual(
			['chain nowhere', 'set friends', 'set clients', 'map none'].map(
				(what) => `missing-dispatch: chain refuse leads to ${what}, which the table does not have`,
			),
		);
		const lost = TABLE.chains.filter(({ name }) => name !== CHOICE);
		expect(found({ chains: lost })).toContain(
			`missing-dispatch: chain dispatch leads to chain ${CHOICE}, which the table does not have`,
		);
	});

	it('count bytes of names and comments, not characters', () => {
		const long = 'ü'.repeat(128);
		expect(found({ sets: [...TABLE.sets, { ...(TABLE.sets[0] as Table['sets'][number]), name: long }] })).toEqual([
			`name-too-long: the name of set ${long} has 256 bytes, of which nft takes 255`,
		]);
		const noted = (note: string) => withRules('refuse', (rules) => rules.map((each) => ({ ...each, note })));
		expect(found(noted('ü'.repeat(64)))).toEqual([]);
		expect(found(noted('ü'.repeat(65)))).toEqual([
			'comment-too-long: the comment of rule 1 of chain refuse has 130 bytes, of which nft takes 128',
		]);
	});
});
