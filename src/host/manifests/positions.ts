import { parseDocument } from 'yaml';
import { groupBy } from '../../model/group-by.ts';
import type { Origin, TextPlace } from '../../model/problem.ts';
import { advance } from './advance.ts';
import { jsonOffsets } from './json-offsets.ts';
import { listPositions } from './list-positions.ts';
import type { Position, SourceText, Stretch, WholeText } from './parsed.ts';
import { YAML_OPTIONS } from './thorough-parse.ts';

type Place = Origin | TextPlace;
type Path = Origin['path'];

/**
 * Finds lines and columns of places in texts. Parsing for speed forgets them, so what is asked for is parsed again:
 * of YAML and of JSON lists the one object, of other JSON the text once. Lists that are not held are read from their file again.
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
		const positions = 'text' in source ? textPositions(source, group) : listPositions(source, group);
		for (const [place, position] of positions) found.set(place, position);
	}
	return found;
}

/** Counts lines once, from the start to the last of the places. */
function textPositions(source: WholeText, places: readonly Place[]): readonly (readonly [Place, Position])[] {
	let last = 0;
	let position = { line: 1, column: 1 };
	return [...offsetsIn(source, places)]
		.sort(([, a], [, b]) => a - b)
		.map(([place, offset]) => {
			position = advance(position, source.text, last, offset);
			last = offset;
			return [place, position];
		});
}

function offsetsIn(source: WholeText, places: readonly Place[]): ReadonlyMap<Place, number> {
	const offsets = new Map<Place, number>();
	const origins = places.filter((place): place is Origin => !('offset' in place));
	for (const place of places) if ('offset' in place) offsets.set(place, place.offset);
	if (origins.length === 0) return offsets;
	const locate = source.documents === null ? jsonOffsets(source.text, origins) : yamlOffsets(source);
	for (const origin of origins) offsets.set(origin, locate(origin));
	return offsets;
}

function yamlOffsets({ text, documents }: WholeText): (origin: Origin) => number {
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
