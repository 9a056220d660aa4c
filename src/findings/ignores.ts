import { LineCounter, parseDocument } from 'yaml';
// All of it as `z`, and not the `z` it exports, as src/intake/shapes.ts says.
import * as z from 'zod';
import type { Finding } from '../model/change-set.ts';
import { shown } from '../model/names.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/problem.ts';
import { FINDING_IDS, isFindingId } from './catalogue.ts';
import { objectText } from './draft.ts';

/** A finding that is known and accepted, until a day. */
export interface Ignore {
	/** what it is about: a fingerprint, or an id at an object such as `shop/web` or `shop/web:http` */
	readonly subject:
		| { readonly kind: 'fingerprint'; readonly fingerprint: string }
		| { readonly kind: 'object'; readonly id: string; readonly object: string };
	readonly reason: string;
	/** the last day it holds, `2026-12-31` */
	readonly until: string;
	/** where it stands, `ignore.yaml:3`, for messages */
	readonly place: string;
}

/** The entries of a file, with what is wrong with others. */
export interface Ignores {
	readonly entries: readonly Ignore[];
	readonly problems: readonly Problem[];
}

const HEX = '12 hexadecimal digits in quotes';
const OBJECT = 'NAMESPACE/NAME or NAMESPACE/NAME:PORT';
const REASON = 'a text that says why it is accepted';
const DAY = 'a day such as 2026-12-31';

const entryShape = z
	.strictObject(
		{
			fingerprint: z
				.string(HEX)
				.regex(/^[0-9a-f]{12}$/, HEX)
				.optional(),
			id: z.string('a text').optional(),
			object: z
				.string(OBJECT)
				.regex(/^[a-z0-9-]+\/[a-z0-9-]+(?::[a-z0-9-]+)?$/, OBJECT)
				.optional(),
			reason: z.string(REASON).trim().min(1, REASON),
			until: z.string(DAY).refine(isDay, DAY),
		},
		'an entry with a reason and a day until',
	)
	.refine(
		({ fingerprint, id, object }) => (fingerprint === undefined) === (id !== undefined && object !== undefined),
		'about either a fingerprint, or an id and an object',
	);

function isDay(text: string): boolean {
	const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Reads a list of entries, as YAML or JSON. An entry that is wrong is a problem and does not count, the others do. */
export function readIgnores(text: string, file: string): Ignores {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, schema: 'core' });
	const [broken] = document.errors;
	if (broken !== undefined) {
		const what = broken.message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? 'it cannot be parsed';
		return { entries: [], problems: [problemIn(`${file}:${lines.linePos(broken.pos[0]).line}`, what)] };
	}
	const value = plainValue(document);
	if (value === null) return { entries: [], problems: [] };
	if (!Array.isArray(value))
		return { entries: [], problems: [problemIn(file, 'it has to be a list of entries, without aliases')] };
	const read = value.map((entry: unknown, index) => readIgnore(entry, `${file}:${lineOf(document, index, lines)}`));
	return { entries: read.flatMap((each) => each.entries), problems: read.flatMap((each) => each.problems) };
}

/** Aliases are refused: a few lines of them make a value without end. */
function plainValue(document: ReturnType<typeof parseDocument>): unknown {
	try {
		return document.toJS({ maxAliasCount: 0 });
	} catch (error) {
		if (error instanceof ReferenceError) return undefined;
		throw error;
	}
}

function lineOf(document: ReturnType<typeof parseDocument>, index: number, lines: LineCounter): number {
	const node: unknown = document.getIn([index], true);
	const hasRange = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
	return hasRange ? lines.linePos(Number((node.range as readonly unknown[])[0])).line : 1;
}

/**
 * Reads one entry.
 * @param place where it stands, `ignore.yaml:3`
 */
export function readIgnore(value: unknown, place: string): Ignores {
	const parsed = entryShape.safeParse(value);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const path = issue?.path.join('.') ?? '';
		const what =
			issue?.code === 'unrecognized_keys'
				? `it has ${issue.keys.map(shown).join(', ')}, which says nothing`
				: `${path === '' ? 'it' : path} has to be ${issue?.message}`;
		return { entries: [], problems: [problemIn(place, `${what}; the entry does not count`)] };
	}
	const { fingerprint, id = '', object = '', reason, until } = parsed.data;
	if (fingerprint === undefined && !isFindingId(id)) {
		const hint = `did you mean ${nearest(id, FINDING_IDS)[0]}?`;
		return {
			entries: [],
			problems: [problemIn(place, `there is no finding ${shown(id)}; the entry does not count`, hint)],
		};
	}
	const subject =
		fingerprint === undefined ? { kind: 'object' as const, id, object } : { kind: 'fingerprint' as const, fingerprint };
	return { entries: [{ subject, reason, until, place }], problems: [] };
}

/**
 * Waives the findings that entries are about. An entry that has run out does not count and is a problem; one that is about
 * nothing is said, so that it can go.
 * @param today `2026-11-21`
 */
export function waived(
	findings: readonly Finding[],
	entries: readonly Ignore[],
	today: string,
): { readonly findings: readonly Finding[]; readonly problems: readonly Problem[] } {
	const valid = entries.filter(({ until }) => until >= today);
	const used = new Set<Ignore>();
	const waive = (finding: Finding): Finding => {
		const found = valid.filter((entry) => isAbout(entry, finding));
		for (const entry of found) used.add(entry);
		const [first] = found;
		return first === undefined ? finding : { ...finding, waiver: { reason: first.reason, until: first.until } };
	};
	const results = findings.map(waive);
	const problems = entries.flatMap((entry) => {
		if (entry.until < today) return ranOut(entry, findings);
		return used.has(entry) ? [] : [problemIn(entry.place, `${subjectText(entry)} is not found; the entry can go`)];
	});
	return { findings: results, problems };
}

function ranOut(entry: Ignore, findings: readonly Finding[]): readonly Problem[] {
	const still = findings.some((finding) => isAbout(entry, finding));
	const hint = still ? 'the finding counts again: mend it, or accept it until another day' : 'take the entry out';
	return [
		problemIn(
			entry.place,
			`${subjectText(entry)} was accepted until ${entry.until} only; the entry does not count`,
			hint,
		),
	];
}

function isAbout({ subject }: Ignore, finding: Finding): boolean {
	if (subject.kind === 'fingerprint') return subject.fingerprint === finding.fingerprint;
	if (subject.id !== finding.id) return false;
	// Without a port, all ports of the Service are meant.
	return [objectText(finding.object), objectText({ ...finding.object, port: null })].includes(subject.object);
}

function subjectText({ subject }: Ignore): string {
	return subject.kind === 'fingerprint' ? `finding ${subject.fingerprint}` : `${subject.id} ${subject.object}`;
}

function problemIn(place: string, sentence: string, hint: string | null = null): Problem {
	return {
		code: 'bad-ignore',
		severity: 'warning',
		origin: null,
		object: null,
		sentence: `${place}: ${sentence}`,
		hint,
	};
}
