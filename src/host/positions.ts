import { visit } from 'jsonc-parser';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { Origin, TextPlace } from '../model/problem.ts';

/** A place as editors count it, both from 1. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

type Place = Origin | TextPlace;

/**
 * Finds lines and columns of places in texts. Parsing for speed forgets them, so this parses again, once for each file
 * and only when there is something to say.
 * @param texts by file name; places in other files have no position
 */
export function findPositions(
	places: readonly Place[],
	texts: ReadonlyMap<string, string>,
): ReadonlyMap<Place, Position> {
	const found = new Map<Place, Position>();
	for (const [file, group] of groupByFile(places)) {
		const text = texts.get(file);
		if (text === undefined) continue;
		const offsets = offsetsIn(text, group);
		const lines = lineCounter(text);
		for (const [place, offset] of offsets) {
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

function offsetsIn(text: string, places: readonly Place[]): ReadonlyMap<Place, number> {
	const offsets = new Map<Place, number>();
	const paths: Origin[] = [];
	for (const place of places) {
		if ('offset' in place) offsets.set(place, place.offset);
		else paths.push(place);
	}
	if (paths.length === 0) return offsets;
	const locate = /^\s*[[{]/.test(text) ? jsonOffsets(text, paths) : yamlOffsets(text);
	for (const origin of paths) offsets.set(origin, locate(origin));
	return offsets;
}

/** One pass over the text notes where each wanted value, or the nearest one around it, begins. */
function jsonOffsets(text: string, origins: readonly Origin[]): (origin: Origin) => number {
	const wanted = new Set(origins.flatMap((origin) => prefixes(origin.path)));
	const offsets = new Map<string, number>();
	const note = (offset: number, path: () => (string | number)[]): void => {
		const key = pathKey(path());
		if (wanted.has(key) && !offsets.has(key)) offsets.set(key, offset);
	};
	visit(text, {
		onObjectBegin: (offset, _length, _line, _column, path) => note(offset, path),
		onArrayBegin: (offset, _length, _line, _column, path) => note(offset, path),
		onLiteralValue: (_value, offset, _length, _line, _column, path) => note(offset, path),
	});
	return (origin) => {
		const known = prefixes(origin.path).findLast((key) => offsets.has(key));
		return known === undefined ? 0 : (offsets.get(known) ?? 0);
	};
}

function prefixes(path: Origin['path']): string[] {
	return Array.from({ length: path.length + 1 }, (_, length) => pathKey(path.slice(0, length)));
}

function pathKey(path: readonly (string | number)[]): string {
	return JSON.stringify(path);
}

function yamlOffsets(text: string): (origin: Origin) => number {
	const documents = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false });
	return ({ document: index, path }) => {
		const document = documents[index];
		if (document === undefined || !('getIn' in document)) return 0;
		for (let length = path.length; length > 0; length--) {
			const node: unknown = document.getIn(path.slice(0, length), true);
			if (hasRange(node)) return node.range[0];
		}
		return document.contents?.range?.[0] ?? 0;
	};
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
	return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
