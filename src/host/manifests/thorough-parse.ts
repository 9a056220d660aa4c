import { visit } from 'jsonc-parser';
import { Composer, type CST, type Document, isMap, isNode, isSeq, Parser } from 'yaml';
import type { DocumentStretch, Parsed, ParseError, Stretch } from './parsed.ts';

/** How the parsers of this program read YAML: merge keys as kubectl does. */
export const YAML_OPTIONS = { merge: true, prettyErrors: false, logLevel: 'silent' } as const;

/**
 * Parses what the quick way leaves: says of everything wrong what it is and where, and reads the rest of the text.
 * @param onlyJson is not tried as YAML: the file's name says what its writer meant
 */
export function parseThoroughly(text: string, onlyJson: boolean): Parsed {
	if (!onlyJson) return parseYaml(text);
	const source = { text, documents: null };
	try {
		return { values: [JSON.parse(text)], errors: [], source };
	} catch (error) {
		return { values: [], errors: [jsonError(text, error)], source };
	}
}

/** The engine says what is wrong but seldom where, and shows some of the text; the tolerant parser says where. */
function jsonError(text: string, error: unknown): ParseError {
	if (text.trim() === '') return { offset: 0, why: 'it is empty' };
	let offset = text.length;
	const note = (_code: number, at: number) => {
		offset = Math.min(offset, at);
	};
	try {
		visit(text, { onError: note }, { disallowComments: true, allowTrailingComma: false });
	} catch (cause) {
		if (!(cause instanceof RangeError)) throw cause;
	}
	const said = error instanceof Error ? error.message : String(error);
	// What it shows of the text may have line breaks.
	const why = said.replace(/,? (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$|(?: in JSON)? at position \d+.*$/s, '');
	return { offset, why: inWords(why) };
}

function parseYaml(text: string): Parsed {
	const values: unknown[] = [];
	const errors: ParseError[] = [];
	const documents: DocumentStretch[] = [];
	const tooDeep = new Set<number>();
	// One document after the other: all at once would take a hundred times the text's memory.
	for (const document of new Composer(YAML_OPTIONS).compose(shallowTokens(text, tooDeep))) {
		const deep = tooDeep.has(document.range[0]);
		const read = deep ? { offset: document.range[0], why: 'it is nested too deep' } : documentValue(document);
		values.push('value' in read ? read.value : null);
		if (!('value' in read)) errors.push(read);
		documents.push(stretchOf(document));
	}
	return { values, errors, source: { text, documents } };
}

/** No object comes near it, and the composer, which calls itself for each level, stays far from the end of the stack. */
const MOST_LEVELS = 200;

/**
 * The tokens of a text; documents that are nested too deep come empty.
 * @param tooDeep takes the offsets of those
 */
function* shallowTokens(text: string, tooDeep: Set<number>): Generator<CST.Token> {
	for (const token of new Parser().parse(text)) {
		if (token.type === 'document' && isDeeperThan(token, MOST_LEVELS)) {
			tooDeep.add(token.offset);
			const { value: _deep, ...empty } = token;
			yield empty;
		} else yield token;
	}
}

function isDeeperThan(document: CST.Document, levels: number): boolean {
	let layer: CST.Token[] = document.value === undefined ? [] : [document.value];
	for (let level = 0; layer.length > 0; level++) {
		if (level > levels) return true;
		layer = layer.flatMap((token) => ('items' in token ? token.items.flatMap(tokensOf) : []));
	}
	return false;
}

function tokensOf({ key, value }: CST.CollectionItem): CST.Token[] {
	return [key, value].filter((token) => token !== undefined && token !== null);
}

function documentValue(document: Document.Parsed): ParseError | { readonly value: unknown } {
	const [error] = document.errors;
	if (error !== undefined) return { offset: error.pos[0], why: inWords(error) };
	try {
		let anchors = 0;
		const value: unknown = document.toJS({ maxAliasCount: 100, onAnchor: () => anchors++ });
		const why = 'an alias in it stands for something that holds the alias';
		return anchors > 0 && holdsItself(value) ? { offset: document.range[0], why } : { value };
	} catch (cause) {
		return { offset: document.range[0], why: inWords(cause) };
	}
}

/** Only an anchor can close a circle, and JSON has no way to write one. */
function holdsItself(value: unknown): boolean {
	try {
		JSON.stringify(value);
		return false;
	} catch {
		return true;
	}
}

function stretchOf({ contents, range }: Document.Parsed): DocumentStretch {
	const items = isMap(contents) ? contents.get('items', true) : null;
	return { start: range[0], end: range[2], items: isSeq(items) ? items.items.map(nodeStretch) : [] };
}

function nodeStretch(node: unknown): Stretch {
	const range = isNode(node) ? node.range : null;
	return { start: range?.[0] ?? 0, end: range?.[2] ?? 0 };
}

function inWords(cause: unknown): string {
	const said = cause instanceof Error ? cause.message : String(cause);
	return lowerFirst(said.split('\n')[0] ?? '');
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
