import { describe, expect, it } from 'vitest';
import { readIgnores, waived } from '../../src/findings/ignores.ts';
import type { Finding } from '../../src/model/change-set.ts';
import { found } from '../support/found.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const TODAY = '2026-11-21';

function lost(): readonly Finding[] {
	const of = (addresses: readonly string[]) => [
		node(1),
		service('web', ['10.96.0.20']),
		slice(
			'web',
			addresses.map((address) => endpoint({ address, node: 'n1' })),
		),
	];
	return found(of(['10.244.1.5']), of([]));
}

/** Entries that all have a reason and a day unless told otherwise. */
function entry(fields: string, rest = 'reason: known, until: 2026-12-31'): string {
	return `- { ${fields}, ${rest} }\n`;
}

function waivers(text: string): readonly (string | null)[] {
	return waived(lost(), readIgnores(text, 'ignore.yaml').entries, TODAY).findings.map(
		({ waiver }) => waiver?.reason ?? null,
	);
}

function sentences(text: string): readonly string[] {
	const { entries, problems } = readIgnores(text, 'ignore.yaml');
	return [...problems, ...waived(lost(), entries, TODAY).problems].map(({ sentence, hint }) =>
		hint === null ? sentence : `${sentence} (${hint})`,
	);
}

describe('an entry', () => {
	const fingerprint = lost()[0]?.fingerprint;

	it.each<[string, string]>([
		['a fingerprint', entry(`fingerprint: "${fingerprint}"`)],
		['an id and a service port', entry('id: service-blackholed, object: "shop/web:http"')],
		['an id and a Service', entry('id: service-blackholed, object: shop/web')],
		['JSON', JSON.stringify([{ fingerprint, reason: 'known', until: TODAY }])],
	])('waives a finding by %s', (_what, text) => {
		expect(waivers(text)).toEqual(['known']);
		expect(sentences(text)).toEqual([]);
	});

	it.each<[string, string]>([
		['another fingerprint', entry('fingerprint: "000000000000"')],
		['another Service', entry('id: service-blackholed, object: shop/we')],
		['another port', entry('id: service-blackholed, object: "shop/web:https"')],
		['another id', entry('id: service-removed, object: shop/web')],
	])('of %s waives nothing, and is said to be unused', (_what, text) => {
		expect(waivers(text)).toEqual([null]);
		expect(sentences(text)).toEqual([expect.stringMatching(/^ignore\.yaml:1: .* is not found; the entry can go$/)]);
	});

	it('holds on its last day and not after it', () => {
		const until = (day: string) => entry('id: service-blackholed, object: shop/web', `reason: known, until: ${day}`);
		expect(waivers(until(TODAY))).toEqual(['known']);
		expect(waivers(until('2026-11-20'))).toEqual([null]);
		expect(sentences(until('2026-11-20'))).toEqual([
			'ignore.yaml:1: service-blackholed shop/web was accepted until 2026-11-20 only; the entry does not count (the finding counts again: mend it, or accept it until another day)',
		]);
	});
});

describe('a file', () => {
	it.each<[string, string, string]>([
		[
			'an entry without a reason',
			entry('id: service-blackholed, object: shop/web', 'until: 2026-12-31'),
			'ignore.yaml:1: reason has to be a text that says why it is accepted; the entry does not count',
		],
		[
			'an empty reason',
			entry('id: service-blackholed, object: shop/web', 'reason: " ", until: 2026-12-31'),
			'ignore.yaml:1: reason has to be a text that says why it is accepted; the entry does not count',
		],
		[
			'an entry without a day',
			entry('id: service-blackholed, object: shop/web', 'reason: known'),
			'ignore.yaml:1: until has to be a day such as 2026-12-31; the entry does not count',
		],
		[
			'a day that there is not',
			entry('id: service-blackholed, object: shop/web', 'reason: known, until: 2026-02-30'),
			'ignore.yaml:1: until has to be a day such as 2026-12-31; the entry does not count',
		],
		[
			'an id that there is not',
			entry('id: service-blackhole, object: shop/web'),
			'ignore.yaml:1: there is no finding service-blackhole; the entry does not count (did you mean service-blackholed?)',
		],
		[
			'a fingerprint without quotes',
			entry('fingerprint: 123456789012'),
			'ignore.yaml:1: fingerprint has to be 12 hexadecimal digits in quotes; the entry does not count',
		],
		[
			'neither a fingerprint nor an object',
			entry('id: service-blackholed'),
			'ignore.yaml:1: it has to be about either a fingerprint, or an id and an object; the entry does not count',
		],
		[
			'a field that says nothing',
			entry('id: service-blackholed, object: shop/web, untill: x'),
			'ignore.yaml:1: it has untill, which says nothing; the entry does not count',
		],
		['no list', 'id: service-blackholed', 'ignore.yaml: it has to be a list of entries, without aliases'],
		['aliases', '- &a [x]\n- *a\n', 'ignore.yaml: it has to be a list of entries, without aliases'],
	])('with %s is told so', (_what, text, sentence) => {
		expect(sentences(text)).toContain(sentence);
	});

	it('is told where it cannot be parsed', () => {
		expect(sentences('- id: "x\n')).toEqual([expect.stringMatching(/^ignore\.yaml:\d+: /)]);
	});

	it('with a wrong entry still has the others', () => {
		const text = `# accepted\n${entry('id: nothing, object: shop/web')}${entry('id: service-blackholed, object: shop/web')}`;
		expect(waivers(text)).toEqual(['known']);
		expect(sentences(text)).toEqual([expect.stringMatching(/^ignore\.yaml:2: /)]);
	});

	it('may be empty', () => {
		expect(readIgnores('# nothing yet\n', 'ignore.yaml')).toEqual({ entries: [], problems: [] });
	});
});
