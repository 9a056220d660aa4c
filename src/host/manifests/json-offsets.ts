import { visit } from 'jsonc-parser';
import type { Origin } from '../../model/problem.ts';
import { jsonItems } from './json-items.ts';

type Path = Origin['path'];

/** Finds where values, or the nearest ones around them that exist, begin in a JSON text. */
export function jsonOffsets(text: string, origins: readonly Origin[]): (origin: Origin) => number {
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
export function itemIndex([first, second]: Path): number | null {
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
