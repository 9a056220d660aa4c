import { type Document, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { CheckDraft } from '../../model/check-report.ts';
import { shown } from '../../model/names.ts';
import { nearest } from '../../model/nearest.ts';
import type { TextPlace } from '../../model/problem.ts';
import { bare } from '../result.ts';
import type { Assertion, EndReaders, Expectation } from './assertion.ts';
import { readNodeChoice } from './node-choice.ts';
import { type Conditions, conditionsShape, type Entry, entryShape, FIELDS, fateShape } from './shape.ts';

/** The assertions of a file, and what is wrong with the others. */
export interface Assertions {
	readonly assertions: readonly Assertion[];
	readonly wrong: readonly CheckDraft[];
}

/** Why an entry says nothing: what is wrong, where in the entry, and what could be meant. */
interface Wrong {
	readonly path: readonly PropertyKey[];
	readonly sentence: string;
	readonly hint: string | null;
}

/** Reads a list of assertions, as YAML or JSON. One that is wrong fails, the others count. */
export function readAssertions(text: string, file: string, ends: EndReaders): Assertions {
	const document = parseDocument(text, { schema: 'core', prettyErrors: false, logLevel: 'silent' });
	const [broken] = document.errors;
	if (broken !== undefined) {
		const what = `it cannot be parsed: ${broken.message.charAt(0).toLowerCase()}${broken.message.slice(1)}`;
		return { assertions: [], wrong: [wrongResult(null, what, { file, offset: broken.pos[0] })] };
	}
	const value = plainValue(document);
	if (value === null) return { assertions: [], wrong: [] };
	if (!Array.isArray(value)) {
		const what = 'the file has to be a list of assertions, without aliases';
		return { assertions: [], wrong: [wrongResult(null, what, { file, offset: 0 })] };
	}
	const read = value.map((entry: unknown, index) =>
		readEntry(entry, ends, (path) => ({ file, offset: offsetOf(document, [index, ...path]) })),
	);
	return {
		assertions: read.flatMap((each) => ('status' in each ? [] : each)),
		wrong: read.flatMap((each) => ('status' in each ? each : [])),
	};
}

/** Aliases are refused: a few lines of them make a value without end. */
function plainValue(document: Document): unknown {
	try {
		return document.toJS({ maxAliasCount: 0 });
	} catch (error) {
		if (error instanceof ReferenceError) return undefined;
		throw error;
	}
}

/** Where a value begins, or the nearest one around it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
	for (let length = path.length; length > 0; length--) {
		const node: unknown = document.getIn(path.slice(0, length), true);
		if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
			return Number((node.range as readonly unknown[])[0]);
		}
	}
	return 0;
}

type PlaceOf = (path: readonly PropertyKey[]) => TextPlace;

function readEntry(value: unknown, ends: EndReaders, placeOf: PlaceOf): Assertion | CheckDraft {
	const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : null;
	const fail = ({ path, sentence, hint }: Wrong) =>
		wrongResult(typeof name === 'string' ? name : null, sentence, placeOf(path), hint);
	if (typeof value === 'object' && value !== null && 'only_affects' in value) {
		const hint = 'pass --only-affects to nft-gen diff, which compares with what was there before';
		return fail({ path: ['only_affects'], sentence: 'only_affects is about a change, and check sees no change', hint });
	}
	const parsed = entryShape.safeParse(value);
	if (!parsed.success) return fail(wrongShape(parsed.error, []));
	const entry = parsed.data;
	const expect = readExpectation(entry);
	if ('sentence' in expect) return fail(expect);
	const from = entry.from === 'pod:any' ? ({ kind: 'any-pod' } as const) : ends.client(entry.from);
	if ('wants' in from) return fail(wants('from', entry.from, `pod:any, ${from.wants}`));
	const to = ends.destination(entry.to);
	if ('wants' in to) return fail(wants('to', entry.to, to.wants));
	const nodes = readNodeChoice(entry.nodes ?? 'all');
	if ('wants' in nodes) return fail(wants('nodes', String(entry.nodes), nodes.wants));
	const family = entry.family === undefined ? null : entry.family === 'ipv4' ? 'ip' : 'ip6';
	const said = { from: entry.from, to: entry.to, nodes: String(entry.nodes ?? 'all') };
	return { name: entry.name, place: placeOf([]), from, to, said, nodes, family, expect };
}

function readExpectation(entry: Entry): Expectation | Wrong {
	const { expect, min_endpoints, max_endpoints } = entry;
	const outside: Conditions = { min_endpoints, max_endpoints };
	if (typeof expect !== 'string') {
		const parsed = conditionsShape.safeParse(expect);
		if (!parsed.success) return wrongShape(parsed.error, ['expect']);
		return expectation('delivered', { ...outside, ...parsed.data });
	}
	const fate = fateShape.safeParse(expect);
	if (!fate.success) return wrongShape(fate.error, ['expect'], nearest(expect, fateShape.options)[0]);
	const counts = min_endpoints !== undefined || max_endpoints !== undefined;
	if (counts && fate.data !== 'delivered') {
		return {
			path: ['expect'],
			sentence: `a number of endpoints cannot be asked for where ${expect} is expected`,
			hint: null,
		};
	}
	return expectation(fate.data, outside);
}

function expectation(fate: Expectation['fate'], asked: Conditions): Expectation {
	return {
		fate,
		source: asked.source ?? null,
		minEndpoints: asked.min_endpoints ?? null,
		maxEndpoints: asked.max_endpoints ?? null,
		to: asked.to ?? null,
		sameZone: asked.same_zone ?? false,
		sameNode: asked.same_node ?? false,
	};
}

function wrongShape(error: z.ZodError, below: readonly string[], meant?: string): Wrong {
	const [issue] = error.issues;
	const path = [...below, ...(issue?.path ?? [])];
	if (issue?.code === 'unrecognized_keys') {
		const [key = ''] = issue.keys;
		const sentence = `it has ${issue.keys.map(shown).join(', ')}, which says nothing`;
		return { path: [...path, key], sentence, hint: `did you mean ${nearest(key, FIELDS)[0]}?` };
	}
	const what = path.length === 0 ? 'it' : path.map(String).join('.');
	const hint = meant === undefined ? null : `did you mean ${meant}?`;
	return { path, sentence: `${what} has to be ${issue?.message}`, hint };
}

function wants(field: string, found: string, wanted: string): Wrong {
	return { path: [field], sentence: `${field} is ${shown(found)}, and has to be ${wanted}`, hint: null };
}

function wrongResult(name: string | null, sentence: string, origin: TextPlace, hint: string | null = null): CheckDraft {
	const about = { object: name, origin, hint };
	return { ...bare('bad-assertion', 'assertion', 'error'), ...about, status: 'failed', sentence };
}
