import { CORE_SCHEMA, loadAll } from 'js-yaml';
import type { Parsed, Stretch } from './parsed.ts';

/** Anchors, aliases, tags and merge keys, for which the thorough parser has rules and limits. */
const UNUSUAL = /(?:^|[\s,[{])(?:[&*!]\S|<<\s*:)/m;

/** Spellings of numbers that the two parsers read differently, the whole of a plain value. */
const ODD_NUMBER = /(?:^|[\s,[{])[-+]?(?:0b[01]+|(?<=[-+])(?:0[xo][\da-f]+|\.\d+|0))[ \t\r]*(?:$|[,\]}#])/im;

/** Collections inside each other in one line, which could go deeper than any object does. */
const DEEP = /(?:[[{]\s*){20}|^ {200}/m;

/**
 * Reads JSON, and plain YAML as kubectl prints it ten times as fast as the parser that knows where everything stands.
 * Null for anything unusual or wrong: then that parser has to say what it is.
 * @param onlyJson is not tried as YAML: the file's name says what its writer meant
 */
export function parseQuickly(text: string, onlyJson: boolean): Parsed | null {
	return onlyJson || /^\s*[[{]/.test(text) ? (parseJson(text) ?? (onlyJson ? null : parseYaml(text))) : parseYaml(text);
}

function parseJson(text: string): Parsed | null {
	try {
		return { values: [JSON.parse(text)], errors: [], source: { text, documents: null } };
	} catch {
		return null;
	}
}

function parseYaml(text: string): Parsed | null {
	if ([UNUSUAL, ODD_NUMBER, DEEP].some((pattern) => pattern.test(text))) return null;
	try {
		const values = loadAll(text, undefined, { schema: CORE_SCHEMA });
		const stretches = documentStretches(text);
		if (stretches.length !== values.length) return null;
		const documents = stretches.map((each, index) => ({ ...each, items: itemsOf(text, each, values[index]) }));
		return { values, errors: [], source: { text, documents } };
	} catch {
		return null;
	}
}

/** Documents end where a line begins with three hyphens; before the first such line there may be none. */
function documentStretches(text: string): readonly Stretch[] {
	const starts = [...text.matchAll(/^---(?=\s|$)/gm)].map((match) => match.index + 3);
	const head = text.slice(0, (starts[0] ?? text.length + 3) - 3);
	if (/^(?![ \t]*(?:#|\r?$))/m.test(head)) starts.unshift(0);
	return starts.map((start, index) => ({ start, end: (starts[index + 1] ?? text.length + 3) - 3 }));
}

/** The items of a list as kubectl prints it; none where lines and values do not tell the same number. */
function itemsOf(text: string, { start, end }: Stretch, value: unknown): readonly Stretch[] {
	const items = typeof value === 'object' && value !== null && 'items' in value ? value.items : null;
	if (!Array.isArray(items)) return [];
	const body = text.slice(start, end);
	const indent = /^items:[ \t]*\n( *)- /m.exec(body)?.[1];
	if (indent === undefined) return [];
	const begins = [...body.matchAll(new RegExp(`^${indent}- (?= *\\S)`, 'gm'))].map(
		(match) => start + match.index + match[0].length,
	);
	if (begins.length !== items.length) return [];
	return begins.map((begin, index) => ({
		start: begin,
		end: (begins[index + 1] ?? end + indent.length + 2) - indent.length - 2,
	}));
}
