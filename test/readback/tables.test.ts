import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamedSet, Table } from '../../src/model/ruleset.ts';
import { type Difference, differences, sameTable } from '../../src/readback/differences.ts';
import type { FoundTable } from '../../src/readback/found.ts';
import { readHook } from '../../src/readback/hooks.ts';
import type { Json, JsonObject } from '../../src/readback/json.ts';
import { fewestNetworks } from '../../src/readback/networks.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { addressText } from '../../src/readback/spelling.ts';

const HEADER = { family: 'ip', table: 't', handle: 1 };
const HOOK = { type: 'filter', hook: 'input', prio: 0, policy: 'accept' };
const SET = { ...HEADER, name: 's', type: 'ipv4_addr' };
const MAP = { ...HEADER, name: 'm', type: ['inet_proto', 'inet_service'], map: 'verdict' };

function listing(...objects: readonly Json[]): Json {
	return {
		nftables: [{ metainfo: { version: '1.0.6' } }, { table: { family: 'ip', name: 't', handle: 1 } }, ...objects],
	};
}

function found(...objects: readonly Json[]): FoundTable {
	const table = readTable(listing(...objects));
	if ('unreadable' in table) throw new Error(table.unreadable);
	return table;
}

function wanted(changes: Partial<Table> = {}): Table {
	return { kind: 'table', family: 'ip', name: 't', comment: 'of n1', sets: [], maps: [], chains: [], ...changes };
}

function set(changes: Partial<NamedSet> = {}): Table {
	const plain = { kind: 'set', name: 's', comment: 'a', fields: ['daddr'], interval: false, timeout: null } as const;
	return wanted({ sets: [{ ...plain, elements: [], ...changes }] });
}

const remade: readonly Difference[] = [{ kind: 'remade', what: 'set', name: 's' }];

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

describe('sets', () => {
	it('are equal in whatever order', () => {
		const table = found({ set: { ...SET, comment: 'a', elem: ['10.0.0.2', '10.0.0.1'] } });
		expect(differences(table, set({ elements: [{ key: ['10.0.0.1'] }, { key: ['10.0.0.2'] }] }))).toEqual([]);
	});

	it.each<readonly [string, JsonObject, Partial<NamedSet>]>([
		['another type', { type: 'ipv6_addr' }, {}],
		['more fields', { type: ['ipv4_addr', 'inet_service'] }, {}],
		['an interval', { flags: ['interval'] }, {}],
		['no interval', {}, { interval: true }],
		['another flag', { flags: ['constant'] }, {}],
		['a timeout', { flags: ['timeout'], timeout: 10 }, {}],
		['another timeout', { flags: ['timeout'], timeout: 10, size: 65535 }, { timeout: 20 }],
		['a size', { size: 7 }, {}],
		['another size', { flags: ['timeout'], timeout: 10, size: 7 }, { timeout: 10 }],
		['another comment', { comment: 'b' }, {}],
		['a comment too much', { comment: 'a' }, { comment: null }],
		['something new', { 'auto-merge': true }, {}],
		['a type in other words', { type: { typeof: { payload: {} } } }, {}],
	])('%s is another make', (_, is, should) => {
		expect(differences(found({ set: { ...SET, ...is } }), set(should))).toEqual(remade);
	});

	it.each<readonly [string, JsonObject, Partial<NamedSet>]>([
		['no comment printed', {}, {}],
		['a timeout as 1.0.6 prints it', { flags: ['timeout'], timeout: 10, size: 65535 }, { timeout: 10 }],
		['a timeout as 1.1 prints it', { flags: ['dynamic', 'timeout'], timeout: 10, size: 65535 }, { timeout: 10 }],
		['one flag as 1.1 prints it', { flags: 'interval' }, { interval: true }],
		[
			'remembered clients',
			{ flags: ['timeout'], timeout: 10, elem: [{ elem: { val: '10.0.0.1', expires: 9 } }] },
			{ timeout: 10 },
		],
	])('%s is no difference', (_, is, should) => {
		expect(differences(found({ set: { ...SET, ...is } }), set(should))).toEqual([]);
	});

	it('name the elements that differ', () => {
		const elem = [
			'10.0.0.1',
			{ elem: { val: '10.0.0.2', comment: 'x' } },
			{ elem: { val: '10.0.0.3', counter: {} } },
			'10.0.0.9',
		];
		const elements = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((text) => ({ key: [text] }));
		expect(differences(found({ set: { ...SET, elem } }), set({ elements }))).toEqual([
			{
				kind: 'elements',
				what: 'set',
				name: 's',
				missing: [['10.0.0.4']],
				changed: [['10.0.0.2'], ['10.0.0.3']],
				extra: [['10.0.0.9']],
			},
		]);
	});

	it('of networks are equal however the networks are joined', () => {
		const elem = [{ range: ['10.0.0.0', '10.0.2.255'] }, '192.168.0.1', { prefix: { addr: '172.16.0.0', len: 12 } }];
		const is = found({ set: { ...SET, flags: ['interval'], elem } });
		const texts = ['172.16.0.0/13', '172.24.0.0/13', '10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '192.168.0.1'];
		const should = (more: readonly string[]) =>
			set({ interval: true, elements: [...texts, ...more].map((text) => ({ key: [text] })) });
		expect(sameTable(is, should([]))).toBe(true);
		expect(sameTable(is, should(['10.0.3.0/24']))).toBe(false);
	});
});

describe('maps', () => {
	const map = (note: string | null, chain: string | null): Table => {
		const owner = { namespace: 'a', service: 'b', port: 'c' };
		const verdict = chain === null ? ({ kind: 'drop' } as const) : ({ kind: 'goto', chain } as const);
		const elements = [{ key: ['tcp', '80'], verdict, owner, note }];
		return wanted({ maps: [{ kind: 'map', name: 'm', comment: 'a', fields: ['protocol', 'dport'], elements }] });
	};
	const is = (key: Json, verdict: Json) => found({ map: { ...MAP, elem: [[key, verdict]] } });
	const KEY = { concat: ['tcp', 80] };
	const changed = [{ kind: 'elements', what: 'map', name: 'm', missing: [], extra: [], changed: [['tcp', '80']] }];

	it.each<readonly [string, FoundTable, Table]>([
		['a chain', is(KEY, { goto: { target: 'x' } }), map(null, 'x')],
		['drop', is(KEY, { drop: null }), map(null, null)],
		['a protocol by number', is({ concat: [6, 80] }, { drop: null }), map(null, null)],
		['a comment', is({ elem: { val: KEY, comment: 'n' } }, { drop: null }), map('n', null)],
		[
			'a comment that was cut',
			is({ elem: { val: KEY, comment: 'n'.repeat(128) } }, { drop: null }),
			map('n'.repeat(200), null),
		],
		['a comment without quotes', is({ elem: { val: KEY, comment: 'n' } }, { drop: null }), map('"n"', null)],
	])('%s is as it should be', (_, table, should) => {
		expect(differences(table, should)).toEqual([]);
	});

	it.each<readonly [string, FoundTable, Table]>([
		['another chain', is(KEY, { goto: { target: 'y' } }), map(null, 'x')],
		['jump', is(KEY, { jump: { target: 'x' } }), map(null, 'x')],
		['accept', is(KEY, { accept: null }), map(null, null)],
		['no comment', is(KEY, { drop: null }), map('n', null)],
		['a comment', is({ elem: { val: KEY, comment: 'n' } }, { drop: null }), map(null, null)],
		['a counter', is({ elem: { val: KEY, counter: {} } }, { drop: null }), map(null, null)],
	])('%s is another element', (_, table, should) => {
		expect(differences(table, should)).toEqual(changed);
	});

	it.each<readonly [string, JsonObject]>([
		['to addresses', { map: 'ipv4_addr' }],
		['with flags', { flags: ['interval'] }],
		['of another type', { type: 'inet_service' }],
	])('a map %s is another make', (_, change) => {
		expect(differences(found({ map: { ...MAP, ...change } }), map(null, 'x'))).toEqual([
			{ kind: 'remade', what: 'map', name: 'm' },
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

describe('networks', () => {
	it('become the fewest that hold the same addresses', () => {
		expect(fewestNetworks('ip', ['10.0.0.128/25', '10.0.0.0/25'])).toEqual(['10.0.0.0/24']);
		expect(fewestNetworks('ip', ['192.168.0.1-192.168.0.3'])).toEqual(['192.168.0.1', '192.168.0.2/31']);
		expect(fewestNetworks('ip', ['0.0.0.0/1', '128.0.0.0/1'])).toEqual(['0.0.0.0/0']);
		expect(fewestNetworks('ip', ['10.0.0.0/8', '10.1.0.0/16', '255.255.255.255'])).toEqual([
			'10.0.0.0/8',
			'255.255.255.255',
		]);
		expect(fewestNetworks('ip6', ['2001:db8::/33', '2001:db8:8000::/33', '::1'])).toEqual(['::1', '2001:db8::/32']);
		expect(fewestNetworks('ip6', ['::/0'])).toEqual(['::/0']);
		expect(fewestNetworks('ip', [])).toEqual([]);
	});

	it.each(['10.0.0.1/33', 'x', '::1', '10.0.0.1-', '10.0.0.1/x', ''])('%j is none', (text) => {
		expect(fewestNetworks('ip', [text])).toBe(null);
	});

	it('addresses are spelled as we do', () => {
		expect(addressText('::1.2.3.4')).toBe('::102:304');
		expect(addressText('64:ff9b::1.2.3.4')).toBe('64:ff9b::102:304');
		expect(addressText('::ffff:1.2.3.4')).toBe('::ffff:102:304');
		expect(addressText('2001:db8::1')).toBe('2001:db8::1');
		expect(addressText('10.0.0.1')).toBe('10.0.0.1');
	});
});
