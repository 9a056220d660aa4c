import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { differences, sameTable } from '../../src/readback/differences.ts';
import { readHook } from '../../src/readback/hooks.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { found, HEADER, wanted } from './listings.ts';

const HOOK = { type: 'filter', hook: 'input', prio: 0, policy: 'accept' };

describe('a listing', () => {
	it.each<readonly [string, unknown]>([
		['nothing', undefined],
		['null', null],
		['a text', 'table'],
		['no objects', { nftables: [] }],
		['an older schema', { nftables: {} }],
		['a table of another family', { nftables: [{ table: { family: 'inet', name: 't' } }] }],
	])('%s is no table', (_, json) => {
		expect(readTable(json)).toHaveProperty('unreadable');
	});

	it('whatever it holds, it is read', () => {
		const json = fc.jsonValue().map((value) => value as Json);
		const word = fc.constantFrom(
			'set',
			'map',
			'chain',
			'rule',
			'elem',
			'match',
			'expr',
			'left',
			'payload',
			'concat',
			'flags',
		);
		const object = fc.dictionary(word, json);
		const rule = fc.array(fc.dictionary(word, object)).map((expr) => ({ rule: { chain: 'c', expr } }));
		fc.assert(
			fc.property(fc.array(fc.oneof(json, object, rule)), (objects) => {
				const table = found(...(objects as Json[]));
				expect(sameTable(table, wanted())).toBe(objects.length === 0);
			}),
		);
	});

	it('rules of a chain may come before it, after it, or after all chains', () => {
		const rule = (chain: string, target: string) => ({ rule: { ...HEADER, chain, expr: [{ goto: { target } }] } });
		const chain = (name: string) => ({ chain: { ...HEADER, name } });
		const table = found(rule('a', 'x'), chain('a'), chain('b'), rule('b', 'y'), rule('a', 'z'));
		expect(table.chains.map(({ name, rules }) => [name, rules.length])).toEqual([
			['a', 2],
			['b', 1],
		]);
	});
});

describe('chains and tables', () => {
	const hook = { type: 'filter', hook: 'input', priority: 0 } as const;
	const chains = [{ kind: 'chain', name: 'c', comment: 'why', hook, owner: null, rules: [] }] as const;
	const is = (changes: JsonObject) => found({ chain: { ...HEADER, name: 'c', ...HOOK, ...changes } });
	const then = [{ kind: 'drop' }] as const;
	const drop = (note: string | null) => ({ kind: 'rule', when: [], then, note }) as const;

	it.each<readonly [string, JsonObject]>([
		['another policy', { policy: 'drop' }],
		['another hook', { hook: 'output' }],
		['a hook none of ours', { hook: 'ingress' }],
		['another type', { type: 'route' }],
		['another priority', { prio: -1 }],
		['a device', { dev: 'eth0' }],
		['another comment', { comment: 'x' }],
	])('%s is another make', (_, changes) => {
		expect(differences(is(changes), wanted({ chains }))).toEqual([{ kind: 'remade', what: 'chain', name: 'c' }]);
	});

	it('the comment of a chain is that of its first rule, or its own', () => {
		const should = (rules: readonly ReturnType<typeof drop>[]) => wanted({ chains: [{ ...chains[0], rules }] });
		const rule = (comment: JsonObject) => ({ rule: { ...HEADER, chain: 'c', ...comment, expr: [{ drop: null }] } });
		const chain = { chain: { ...HEADER, name: 'c', ...HOOK } };
		expect(differences(found(chain, rule({ comment: 'why' })), should([drop(null)]))).toEqual([]);
		expect(differences(found(chain, rule({})), should([drop(null)]))).toEqual([
			{ kind: 'rules', chain: 'c', first: 0, found: 1, wanted: 1 },
		]);
		expect(differences(found(chain, rule({ comment: 'why' }), rule({})), should([drop(null), drop('n')]))).toEqual([
			{ kind: 'rules', chain: 'c', first: 1, found: 2, wanted: 2 },
		]);
		expect(differences(is({ comment: 'why' }), should([]))).toEqual([]);
	});

	it.each<readonly [Json, number | null]>([
		[-100, -100],
		['dstnat', -100],
		['dstnat - 10', -110],
		['srcnat + 5', 105],
		['filter', 0],
		['-42', -42],
		['raw-1', -301],
		['soon', null],
		[null, null],
	])('priority %j is %j', (prio, priority) => {
		expect(readHook({ ...HOOK, prio })?.priority ?? null).toBe(priority);
	});

	it.each<readonly [string, JsonObject]>([
		['flags', { flags: ['dormant'] }],
		['one flag', { flags: 'dormant' }],
		['another comment', { comment: 'of n2' }],
		['the other family', { family: 'ip6' }],
	])('a table with %s is another', (_, changes) => {
		const table = readTable({ nftables: [{ table: { family: 'ip', name: 't', handle: 1, ...changes } }] });
		const result = 'unreadable' in table ? [] : differences(table, wanted());
		expect(result).toEqual([{ kind: 'remade', what: 'table', name: 't' }]);
	});

	it('objects of other kinds are too much', () => {
		const table = found({ counter: { name: 'x' } }, { 'ct helper': { name: 'y' } }, { flowtable: { name: 'z' } });
		expect(differences(table, wanted()).map((each) => each.kind === 'extra' && each.name)).toEqual([
			'counter x',
			'ct helper y',
			'flowtable z',
		]);
	});
});
