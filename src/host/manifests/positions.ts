import { visit } from 'jsonc-parser';
import { LineCounter, parseDocument } from 'yaml';
import type { Origin, TextPlace } from '../../model/problem.ts';
import type { SourceText, Stretch } from './parsed.ts';
import { YAML_OPTIONS } from './thorough-parse.ts';

/** A place as editors count it, both from 1. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

type Place = Origin | TextPlace;
type Path = Origin['path'];

/**
 * Finds lines and columns of places in texts. Parsing for speed forgets them, so what is asked for is parsed again:
 * of YAML the one object, of JSON the text once.
 * @param texts by file name; places in other files have no position
 */
export function findPositions(
	places: readonly Place[],
	texts: ReadonlyMap<string, SourceText>,
): ReadonlyMap<Place, Position> {
	const found = new Map<Place, Position>();
	for (const [file, group] of groupByFile(places)) {
		const source = texts.get(file);
		if (source === undefined) continue;
		const lines = lineCounter(source.text);
		for (const [place, offset] of offsetsIn(source, group)) {
			const { line, col } = lines.linePos(offset);
			found.set(place, { line, column: col });
		}
	}
	return found;
}

function groupByFile(places: readonly Place[]): ReadonlyMap<string, readonly Place[]> {
	const groups = new Map<string, Place[]>();
	for (const place of places) {
		const group = groups.get(place.file);
		if (group === undefined) groups.set(place.file, [place]);
		else group.push(place);
	}
	return groups;
}

function lineCounter(text: string): LineCounter {
	const lines = new LineCounter();
	lines.addNewLine(0);
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
	return lines;
}

function offsetsIn(source: SourceText, places: readonly Place[]): ReadonlyMap<Place, number> {
	const offsets = new Map<Place, number>();
	const origins = places.filter((place): place is Origin => !('offset' in place));
	for (const place of places) if ('offset' in place) offsets.set(place, place.offset);
	if (origins.length === 0) return offsets;
	const locate = source.documents === null ? jsonOffsets(source.text, origins) : yamlOffsets(source);
	for (const origin of origins) offsets.set(origin, locate(origin));
	return offsets;
}

/** One pass over the text notes where each wanted value, or the nearest one around it, begins. */
function jsonOffsets(text: string, origins: readonly Origin[]): (origin: Origin) => number {
	const wanted = new Set(origins.flatMap((origin) => prefixes(origin.path)));
	const offsets = new Map<string, number>();
	const note = (offset: number, path: () => (string | number)[]): boolean => {
		const key = pathKey(path());
		if (!wanted.has(key)) return false;
		if (!offsets.has(key)) offsets.set(key, offset);
		return true;
	};
	try {
		visit(text, {
			// What is not on the way to a wanted value is passed over; the parser counts where that ends only for who asks (3.3.1).
			onObjectEnd: () => {},
			onArrayEnd: () => {},
			onObjectBegin: (offset, _length, _line, _column, path) => note(offset, path),
			onArrayBegin: (offset, _length, _line, _column, path) => note(offset, path),
			onLiteralValue: (_value, offset, _length, _line, _column, path) => {
				note(offset, path);
			},
		});
	} catch (cause) {
		// Nested too deep for this parser: what it met before stands.
		if (!(cause instanceof RangeError)) throw cause;
	}
	return (origin) => {
		const known = prefixes(origin.path).findLast((key) => offsets.has(key));
		return known === undefined ? 0 : (offsets.get(known) ?? 0);
	};
}

function prefixes(path: Path): string[] {
	return Array.from({ length: path.length + 1 }, (_, length) => pathKey(path.slice(0, length)));
}

function pathKey(path: Path): string {
	return JSON.stringify(path);
}

function yamlOffsets({ text, documents }: SourceText): (origin: Origin) => number {
	let last: ParsedStretch | null = null;
	return ({ document: index, path }) => {
		const document = documents?.[index];
		if (document === undefined) return 0;
		const [first, second] = path;
		const item = first === 'items' && typeof second === 'number' ? document.items[second] : undefined;
		const stretch = item ?? document;
		if (last?.stretch !== stretch) last = parseStretch(text, stretch);
		return offsetInside(last, item === undefined ? path : path.slice(2));
	};
}

interface ParsedStretch {
	readonly stretch: Stretch;
	/** where its parsed text begins in the whole text */
	readonly base: number;
	readonly document: ReturnType<typeof parseDocument>;
}

/** Parses a stretch alone, moved in as far as it stands in the text. */
function parseStretch(text: string, stretch: Stretch): ParsedStretch {
	const { start, end } = stretch;
	const indent = start - (text.slice(0, start).lastIndexOf('\n') + 1);
	const document = parseDocument(' '.repeat(indent) + text.slice(start, end), YAML_OPTIONS);
	return { stretch, base: start - indent, document };
}

function offsetInside({ stretch, base, document }: ParsedStretch, path: Path): number {
	for (let length = path.length; length > 0; length--) {
		const node: unknown = document.getIn(path.slice(0, length), true);
		if (hasRange(node)) return base + node.range[0];
	}
	return hasRange(document.contents) ? base + document.contents.range[0] : stretch.start;
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
	return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
