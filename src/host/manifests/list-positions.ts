import { closeSync, openSync, readSync } from 'node:fs';
import { groupBy } from '../../model/group-by.ts';
import type { Origin, TextPlace } from '../../model/problem.ts';
import { advance } from './advance.ts';
import { itemIndex, jsonOffsets } from './json-offsets.ts';
import type { ItemPlace, ListText, Position } from './parsed.ts';

type Place = Origin | TextPlace;

/**
 * Finds places in a list whose text is not held: the items they are in are read from the file again, and nothing else of it.
 * What came only once, or is gone, has the place of the item.
 */
export function listPositions(list: ListText, places: readonly Place[]): readonly (readonly [Place, Position])[] {
	const file = opened(list.path);
	try {
		return [...groupBy(places, (place) => String(itemOf(place)))].flatMap(([index, group]) => {
			const item = list.items[Number(index)];
			return item === undefined
				? group.map((place) => [place, outside(list, place)] as const)
				: inItem(file, item, group);
		});
	} finally {
		if (file !== null) closeSync(file);
	}
}

/** Which item it is in; null for none. */
function itemOf(place: Place): number | null {
	return 'offset' in place ? null : itemIndex(place.path);
}

/** A list is left out for the first thing that is wrong with it, so a text has no other place. */
function outside({ broken, begin }: ListText, place: Place): Position {
	return 'offset' in place ? (broken ?? begin) : begin;
}

function inItem(
	file: number | null,
	item: ItemPlace,
	places: readonly Place[],
): readonly (readonly [Place, Position])[] {
	const text = file === null ? '' : textAt(file, item);
	const origins = places.flatMap((place) => ('offset' in place ? [] : [[place, insideItem(place)] as const]));
	const offsetOf = jsonOffsets(
		text,
		origins.map(([, inside]) => inside),
	);
	return origins.map(([place, inside]) => [place, advance(item, text, 0, offsetOf(inside))]);
}

function insideItem(origin: Origin): Origin {
	return { ...origin, path: origin.path.slice(2) };
}

function opened(path: string | null): number | null {
	try {
		return path === null ? null : openSync(path, 'r');
	} catch {
		return null;
	}
}

function textAt(file: number, { start, end }: ItemPlace): string {
	const bytes = Buffer.alloc(end - start);
	try {
		return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, start));
	} catch {
		return '';
	}
}
