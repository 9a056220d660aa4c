import { visit } from 'jsonc-parser';
import { parseDocument } from 'yaml';
import { groupBy } from '../../model/group-by.ts';
import type { Origin, TextPlace } from '../../model/problem.ts';
import { jsonItems } from './json-items.ts';
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
 * of YAML and of JSON lists the one object, of other JSON the text once.
 * @param texts by file name; places in other files have no position
 */
export function findPositions(
	places: readonly Place[],
	texts: ReadonlyMap<string, SourceText>,
): ReadonlyMap<Place, Position> {
	const found = new Map<Place, Position>();
	for (const [file, group] of groupBy(places, ({ file }) => file)) {
		const source = texts.get(file);
		if (source === undefined) continue;
		const positions = linePositions(source.text, offsetsIn(source, group));
		for (const [place, position] of positions) found.set(place, position);
	}
	return found;
}

/** Counts lines once, from the start to the last of the offsets. */
function linePositions(text: string, offsets: ReadonlyMap<Place, number>): readonly (readonly [Place, Position])[] {
	let line = 1;
	let lineStart = 0;
	return [...offsets]
		.sort(([, a], [, b]) => a - b)
		.map(([place, offset]) => {
			for (let end = text.indexOf('\n', lineStart); end >= 0 && end < offset; end = text.indexOf('\n', lineStart)) {
				line++;
				lineStart = end + 1;
			}
			return [place, { line, column: offset - lineStart + 1 }];
		});
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

function jsonOffsets(text: string, origins: readonly Origin[]): (origin: Origin) => number {
	const offsets = new Map<string, number>();
	const indexes = new Set(origins.flatMap(({ path }) => itemIndex(path) ?? []));
	const items = indexes.size === 0 ? new Map() : jsonItems(text, indexes);
	const isInItem = ({ path }: Origin) => items.has(itemIndex(path) ?? -1);
	const others = origins.filter((origin) => !isInItem(origin));
	if (others.length > 0) noteOffsets(text, 0, [], others, offsets);
	for (const [index, { start, end }] of items) {
		const inside = origins.filter(({ path }) => itemIndex(path) === index);
		noteOffsets(text.slice(start, end), start, ['items', index], inside, offsets);
	}
	return (origin) => {
		const known = prefixes(origin.path).findLast((key) => offsets.has(key));
		return known === undefined ? 0 : (offsets.get(known) ?? 0);
	};
}

/** Which item of a list a place is in; null outside of items. */
function itemIndex([first, second]: Path): number | null {
	return first === 'items' && typeof second === 'number' ? second : null;
}

/** One pass over a stretch of text notes where each wanted value, or the nearest one around it, begins. */
function noteOffsets(
	stretch: string,
	start: number,
	above: Path,
	origins: readonly Origin[],
	offsets: Map<string, number>,
): void {
	const wanted = new Set(origins.flatMap((origin) => prefixes(origin.path)));
	const note = (offset: number, path: () => (string | number)[]): boolean => {
		const key = pathKey([...above, ...path()]);
		if (!wanted.has(key)) return false;
		if (!offsets.has(key)) offsets.set(key, start + offset);
		return true;
	};
	try {
		visit(stretch, {
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
