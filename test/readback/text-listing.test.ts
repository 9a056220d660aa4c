import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/compile/assemble.ts';
import type { Chain, Table } from '../../src/model/ruleset.ts';
import { isListingOf, isListingOfChains, isListingWithoutRules } from '../../src/readback/text/expected-listing.ts';
import { listedRule } from '../../src/readback/text/listed-rule.ts';
import { type ListedText, newPartsReader, newTextReader } from '../../src/readback/text/text-listing.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { programs } from '../support/programs.ts';
import { LISTED_RULES } from './listed-rules.ts';
import { textListing, wanted } from './listings.ts';

function read(text: string | Buffer, size = 1000): ListedText | null {
	const reader = newTextReader('ip', 'generation');
	const bytes = Buffer.from(text);
	for (let start = 0; start < bytes.length; start += size) reader.add(bytes.subarray(start, start + size));
	return reader.end();
}

/** What counts of a listing; null where it is none. */
function sum(text: string | Buffer): string | null {
	const listed = read(text);
	return listed === null ? null : `${listed.table} ${listed.sum}`;
}

function isOf(text: string, table: Table): boolean {
	const listed = read(text);
	return listed !== null && isListingOf(listed, table, [], []);
}

const set = { kind: 'set', name: 's', comment: null, fields: ['saddr'], interval: false, timeout: null } as const;
const map = { kind: 'map', name: 'm', comment: 'places', fields: ['protocol', 'dport'] } as const;
const owner = { namespace: 'shop', service: 'web', port: 'http', protocol: 'tcp' } as const;
const element = (port: number, note: string | null) =>
	({ key: ['tcp', String(port)], verdict: { kind: 'goto', chain: 'c' }, owner, note }) as const;
const networks = (...keys: readonly string[]): Table =>
	wanted({ sets: [{ ...set, interval: true, elements: keys.map((key) => ({ key: [key] })) }] });

describe('how nft lists', () => {
	it.each(LISTED_RULES.map((each) => [each.text, each] as const))('a rule: %s', (text, { rule, family }) => {
		expect(listedRule(rule, rule.note, family)).toBe(text);
	});
});

describe('a listing as text', () => {
	const table = wanted({
		sets: [
			{ ...set, elements: [{ key: ['10.0.0.1'] }, { key: ['10.0.0.2'] }, { key: ['10.0.0.3'] }] },
			{ ...set, name: 'clients', timeout: 60, elements: [] },
		],
		maps: [{ ...map, elements: [element(80, 'a, b } : drop'), element(81, 'é'), element(82, null)] }],
		chains: [
			{
				kind: 'chain',
				name: 'c',
				comment: 'for all',
				hook: null,
				owner: null,
				rules: LISTED_RULES.slice(0, 3).map((each) => each.rule),
			},
			{ kind: 'chain', name: 'd', comment: 'nobody prints it', hook: null, owner: null, rules: [] },
			{
				kind: 'chain',
				name: 'e',
				comment: null,
				hook: { type: 'nat', hook: 'input', priority: -110 },
				owner: null,
				rules: [],
			},
		],
	});
	const text = textListing(table);

	it('is that of its table, in pieces of any size', () => {
		expect(isOf(text, table)).toBe(true);
		expect(read(text)).toMatchObject({ emptyChains: ['d'], aside: [] });
		for (const size of [1, 2, 3, 7, 64, 10_000]) expect(read(text, size)).toEqual(read(text));
	});

	it('is that of its table with as many elements on a line as there are', () => {
		for (const onALine of [1, 2, 3]) expect(isOf(textListing(table, onALine), table)).toBe(true);
	});

	it('is that of its table without the table’s comment, which agents do not write, but with no other', () => {
		const comment = '\tcomment "of n1"\n';
		expect(isOf(text.replace(comment, ''), table)).toBe(true);
		expect(isOf(text.replace(comment, '\tcomment "of n2"\n'), table)).toBe(false);
		expect(isOf(text.replace(comment, `${comment}${comment}`), table)).toBe(false);
	});

	it('is that of its table with chains left empty, when these are known', () => {
		const listed = read(text.replace('\tchain c {', '\tchain x {\n\t}\n\n\tchain c {'));
		if (listed === null) throw new Error('it is not read');
		expect(listed.emptyChains).toEqual(['x', 'd']);
		const isKnown = (...empty: readonly string[]) => isListingOf(listed, table, [], empty);
		expect([isKnown('x'), isKnown(), isKnown('x', 'd'), isKnown('y')]).toEqual([true, false, false, false]);
	});

	it('is the same for the same table, however it is put together and in any order', () => {
		fc.assert(
			fc.property(arbitraryCluster, (cluster) => {
				for (const { frame, ports } of programs(cluster.flat())) {
					const whole = assemble({ frame, ports });
					const { sets, maps, chains } = whole;
					const mixed = { ...whole, sets: sets.toReversed(), maps: maps.toReversed(), chains: chains.toReversed() };
					const reader = newTextReader(whole.family, 'generation');
					reader.add(Buffer.from(textListing(mixed)));
					const listed = reader.end();
					if (listed === null) throw new Error('it is not read');
					expect(isListingOf(listed, whole, [], [])).toBe(true);
					expect(isListingOf(listed, frame, ports.toReversed(), [])).toBe(true);
					expect(isListingOf(listed, frame, ports.slice(1), [])).toBe(ports.length === 0);
				}
			}),
			{ numRuns: 25 },
		);
	});

	it('is another, or none, once any of its lines is gone, there twice, or another', () => {
		const lines = text.split('\n');
		const same: string[] = [];
		for (const [index, line] of lines.slice(0, -1).entries()) {
			// Blank lines between objects say nothing, nor does white space around elements.
			if (line === '') continue;
			const isElements = /^\t+(?:elements| {5})/.test(line);
			const spaced = isElements ? [] : [[`${line} `], [` ${line}`], [`\t${line}`], [line.slice(1)]];
			for (const change of [[], [line, line], [`${line}#`], [line.replace(/\w/, 'Q')], ...spaced]) {
				const changed = lines.toSpliced(index, 1, ...change).join('\n');
				if (changed !== text && sum(changed) === sum(text)) same.push(change.join('|'));
			}
		}
		expect(same).toEqual([]);
	});

	it('is another once any byte of it is another', () => {
		const bytes = Buffer.from(text);
		fc.assert(
			fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, by) => {
				const changed = Buffer.from(bytes);
				changed[place] = (changed[place] ?? 0) ^ by;
				const isSpace = (byte: number | undefined) => byte === 9 || byte === 10 || byte === 32;
				fc.pre(!(isSpace(bytes[place]) && isSpace(changed[place])));
				expect(sum(changed)).not.toBe(sum(text));
			}),
			{ numRuns: 2000 },
		);
	});

	it.each([
		['nothing', ''],
		['half of it', text.slice(0, text.length / 2)],
		['all but its end', text.slice(0, -2)],
		['no last line feed', text.slice(0, -1)],
		['two tables', `${text}${text}`],
		['a warning before it', `warning: old\n${text}`],
		['a quote that nothing closes', text.replace('10.0.0.1', '10.0.0.1 comment "')],
		['braces within braces', text.replace('10.0.0.1,', '{ 10.0.0.1 },')],
		['something behind the elements', text.replace('10.0.0.3 }', '10.0.0.3 } # count 3')],
	])('is none where there is %s', (_what, odd) => {
		expect(read(odd)).toBeNull();
	});

	it.each([
		['a flag of the table', 'of n1"\n', 'of n1"\n\tflags dormant\n'],
		['a counter beside it', '\tchain c {', '\tcounter n {\n\t\tpackets 0 bytes 0\n\t}\n\n\tchain c {'],
		['a flow table', '\tchain c {', '\tflowtable c {\n\t\thook ingress priority 0\n\t}\n\n\tchain c {'],
		['another policy', 'policy accept', 'policy drop'],
		['a size', '\t\ttypeof ip saddr\n', '\t\ttypeof ip saddr\n\t\tsize 3\n'],
		['a flag of a set', '\t\ttypeof ip saddr\n', '\t\ttypeof ip saddr\n\t\tflags constant\n'],
		['types by name', 'typeof ip saddr\n', 'type ipv4_addr\n'],
		['a counter on an element', '10.0.0.1', '10.0.0.1 counter packets 0 bytes 0'],
		['a timeout on an element', '10.0.0.1', '10.0.0.1 timeout 10s'],
		['a set that forgets', '\t\telements = { 10', '\t\ttimeout 10s\n\t\telements = { 10'],
		['elements as rules', '\tset s {', '\tchain s {'],
		[
			'two elements in one comment',
			'comment "a, b } : drop" : goto c',
			'comment "a, b } : drop : goto c,\n6 . 83" : goto c',
		],
		['a line in a comment', 'comment "for all"', 'comment "for\n all"'],
		['a brace in a comment', 'comment "for all"', 'comment "for\n\t}\n all"'],
		['a chain in a comment', 'comment "for all"', 'comment "for all\n\t}\n\n\tchain f {\n\t\tdrop"'],
		['a byte that is no text', '10.0.0.1', '10.0.0.1\u00a0'],
	])('is another with %s', (_what, from, to) => {
		const changed = text.replace(from, to);
		expect(changed).not.toBe(text);
		expect(sum(changed)).not.toBe(sum(text));
	});

	it('does not take one set’s elements for another’s', () => {
		const [s, clients] = table.sets;
		if (s === undefined || clients === undefined) throw new Error('there are no sets');
		const other = { ...set, name: 't' };
		const filled = wanted({ sets: [s, { ...other, elements: [] }] });
		const moved = wanted({
			sets: [
				{ ...s, elements: [] },
				{ ...other, elements: s.elements },
			],
		});
		expect(sum(textListing(filled))).not.toBe(sum(textListing(moved)));
	});

	it('does not count what packets have filled in', () => {
		const filled = text.replace(
			'timeout 60s\n',
			'timeout 60s\n\t\telements = { 10.1.1.1 expires 7s, 10.1.1.2 expires 59s }\n',
		);
		expect(filled).not.toBe(text);
		expect(read(filled)).toEqual(read(text));
		const counted = filled.replace('size 65535\n', 'size 65535\t# count 2\n');
		expect(counted).not.toBe(filled);
		expect(read(counted)).toEqual(read(text));
	});

	it('is the same where nft lists the highest bit as a prefix', () => {
		const marked = LISTED_RULES.flatMap(({ rule, text }) => (text.includes('& 0x80000000 !=') ? [rule] : []));
		const chain = { kind: 'chain', name: 'c', comment: null, hook: null, owner: null, rules: marked } as const;
		const other = wanted({ chains: [chain] });
		const prefix = textListing(other).replace('mark & 0x80000000 != 0x00000000', 'mark != 0x00000000/1');
		expect(prefix).toContain('/1 drop');
		expect(isOf(prefix, other)).toBe(true);
		expect(isOf(prefix.replace('/1', '/2'), other)).toBe(false);
	});

	it('does not count how networks are joined', () => {
		const table = networks('10.0.0.0/25', '10.0.0.128/25', '10.0.1.1');
		const isSame = (...keys: readonly string[]) => isOf(textListing(networks(...keys)), table);
		expect(isSame('10.0.0.0/24', '10.0.1.1')).toBe(true);
		expect(isSame('10.0.0.0-10.0.0.255', '10.0.1.1')).toBe(true);
		expect(isSame('10.0.0.0-10.0.0.254', '10.0.1.1')).toBe(false);
		expect(isSame('10.0.0.0/24 timeout 1s', '10.0.1.1')).toBe(false);
		expect(isSame('10.0.0.0/24-9', '10.0.1.1')).toBe(false);
	});

	it('tells the elements of the set that is set aside, and counts the set without them', () => {
		const fence = { ...set, name: 'generation', fields: ['dport', 'dport'] } as const;
		const fenced = (...keys: readonly string[]) =>
			wanted({ sets: [{ ...fence, elements: keys.map((key) => ({ key: [key] })) }] });
		for (const keys of [[], ['1 . 2'], ['1 . 2', '3 . 4']]) {
			const filled = textListing(fenced(...keys));
			expect(isOf(filled, fenced())).toBe(true);
			expect(read(filled)?.aside).toEqual(keys);
		}
		const many = ['1 . 2', '3 . 4', '5 . 6', '7 . 8', '9 . 10'];
		expect(read(textListing(fenced(...many)))?.aside).toEqual(many.slice(0, 4));
	});
});

describe('parts of a listing, one after another', () => {
	const chain = (name: string, rules: number): Chain => ({
		kind: 'chain',
		name,
		comment: null,
		hook: null,
		owner: null,
		rules: LISTED_RULES.slice(0, rules).map((each) => each.rule),
	});
	const fence = { ...set, name: 'generation', elements: [] } as const;
	const [a, b, left] = [chain('a', 1), chain('b', 2), chain('left', 0)];
	const frame = wanted({ sets: [fence], maps: [{ ...map, elements: [element(80, null)] }], chains: [a, b] });
	const readParts = (...parts: readonly Table[]) => {
		const reader = newPartsReader('ip', 't', 'generation');
		// Parts of a table say nothing of the table.
		for (const part of parts) reader.add(Buffer.from(textListing(part).replace(/\tcomment "of n1"\n/, '')));
		return reader.end();
	};
	const fenced = wanted({ sets: [{ ...fence, elements: [{ key: ['10.0.0.1'] }] }] });
	const only = (...chains: readonly Chain[]) => wanted({ chains });
	const bare = (each: Chain): Chain => ({ ...each, rules: [] });
	const other = { ...only(a), name: 'other' };

	it('are chains, whatever other tables there are, between as many looks at a set as one wants', () => {
		const isFrame = (...parts: readonly Table[]) => {
			const listed = readParts(...parts);
			return listed !== null && isListingOfChains(listed, frame, fence, 'of the frame');
		};
		expect(isFrame(fenced, only(a), only(b), fenced)).toBe(true);
		expect(isFrame(fenced, other, only(b), only(a))).toBe(true);
		expect(isFrame(fenced, only(a), fenced)).toBe(false);
		expect(isFrame(fenced, only(a), only(b), only(b), fenced)).toBe(false);
		expect(isFrame(fenced, only(a), only({ ...b, name: 'c' }), fenced)).toBe(false);
		expect(isFrame(only(a), only(b))).toBe(false);
		expect(readParts(fenced, only(a), fenced)?.aside).toEqual(['10.0.0.1', '10.0.0.1']);
	});

	it('are all but the rules, with chains that were left empty', () => {
		const isFrame = (empty: readonly string[], ...parts: readonly Table[]) => {
			const listed = readParts(fenced, ...parts);
			return listed !== null && isListingWithoutRules(listed, frame, [], empty);
		};
		const maps = wanted({ maps: frame.maps });
		expect(isFrame([], only(bare(a), bare(b)), maps)).toBe(true);
		expect(isFrame([], maps, only(bare(b), bare(a)), other)).toBe(true);
		expect(isFrame(['left'], only(bare(a), bare(b), left), maps)).toBe(true);
		expect(isFrame([], only(bare(a), bare(b), left), maps)).toBe(false);
		expect(isFrame([], only(bare(a)), maps)).toBe(false);
		expect(isFrame([], only(bare(a), bare(b)), maps, maps)).toBe(false);
		expect(isFrame([], only(a, b), maps)).toBe(false);
		expect(isFrame([], only(bare(a), bare(b)), wanted({ maps: [{ ...map, elements: [] }] }))).toBe(false);
	});

	it('are none where one is not whole, or somebody else speaks', () => {
		const text = textListing(only(a)).replace(/\tcomment "of n1"\n/, '');
		const end = (...texts: readonly string[]) => {
			const reader = newPartsReader('ip', 't', 'generation');
			for (const each of texts) reader.add(Buffer.from(each));
			return reader.end();
		};
		expect(end(text, text)).not.toBeNull();
		for (const odd of [[], ['nft> ', text], [text, 'a warning\n'], [text.slice(0, -2)], [text, text.slice(3)]]) {
			expect(end(...odd)).toBeNull();
		}
	});

	it('do not hide what is said of the table', () => {
		const reader = newPartsReader('ip', 't', 'generation');
		reader.add(Buffer.from(textListing(fenced)));
		const listed = reader.end();
		expect(listed !== null && isListingOfChains(listed, wanted(), fence, 'of the frame')).toBe(false);
	});
});
