/** A group of something: one at least. */
export type Group<T> = readonly [T, ...T[]];

/** Items by a key, in the order in which the keys come; in a group in their own order. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, Group<T>> {
	const groups = new Map<string, [T, ...T[]]>();
	for (const item of items) {
		const key = keyOf(item);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [item]);
		else group.push(item);
	}
	return groups;
}
