import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { NamedSet, Table } from '../../src/model/ruleset.ts';
import { type Difference, differences, sameTable } from '../../src/readback/differences.ts';
import type { FoundTable } from '../../src/readback/found.ts';
import { found, HEADER, wanted } from './listings.ts';

const SET = { ...HEADER, name: 's', type: 'ipv4_addr' };
const MAP = { ...HEADER, name: 'm', type: ['inet_proto', 'inet_service'], map: 'verdict' };

function set(changes: Partial<NamedSet> = {}): Table {
	const plain = { kind: 'set', name: 's', comment: 'a', fields: ['daddr'], interval: false, timeout: null } as const;
	return wanted({ sets: [{ ...plain, elements: [], ...changes }] });
}

const remade: readonly Difference[] = [{ kind: 'remade', what: 'set', name: 's' }];

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
		['another field', { type: { typeof: { payload: { protocol: 'th', field: 'dport' } } } }, {}],
		['a field of the other family', { type: { typeof: { payload: { protocol: 'ip6', field: 'daddr' } } } }, {}],
		['a field that nobody knows', { type: { typeof: { payload: {} } } }, {}],
		['a type that is no name', { type: ['ipv4_addr', {}] }, {}],
	])('%s is another make', (_, is, should) => {
		expect(differences(found({ set: { ...SET, ...is } }), set(should))).toEqual(remade);
	});

	it.each<readonly [string, JsonObject, Partial<NamedSet>]>([
		['no comment printed', {}, {}],
		['a field in place of its type', { type: { typeof: { payload: { protocol: 'ip', field: 'daddr' } } } }, {}],
		['a timeout as 1.0.6 prints it', { flags: ['timeout'], timeout: 10, size: 65535 }, { timeout: 10 }],
		['a timeout as 1.1 prints it', { flags: ['dynamic', 'timeout'], timeout: 10, size: 65535 }, { timeout: 10 }],
		[
			'a timeout as 1.1.7 prints it, with the number of elements',
			{ flags: ['timeout', 'dynamic'], timeout: 10, size: 65535, count: 2 },
			{ timeout: 10 },
		],
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
	const is = (key: Json, verdict: Json, change: JsonObject = {}) =>
		found({ map: { ...MAP, ...change, elem: [[key, verdict]] } });
	const FIELDS = {
		typeof: { concat: [{ meta: { key: 'l4proto' } }, { payload: { protocol: 'th', field: 'dport' } }] },
	};
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
		['a key of fields in place of types', is(KEY, { drop: null }, { type: FIELDS }), map(null, null)],
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
		['of other fields', { type: { typeof: { concat: [{ meta: { key: 'l4proto' } }] } } }],
	])('a map %s is another make', (_, change) => {
		expect(differences(found({ map: { ...MAP, ...change } }), map(null, 'x'))).toEqual([
			{ kind: 'remade', what: 'map', name: 'm' },
		]);
	});
});
