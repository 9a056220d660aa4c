/** Orders two strings bytewise. What we sort is ASCII, so code units and bytes give the same order. */
export function compareBytes(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** A sorted copy of `items`, ordered bytewise by the text `key` gives for each. */
export function sortedBy<T>(items: Iterable<T>, key: (item: T) => string): T[] {
	return [...items].sort((a, b) => compareBytes(key(a), key(b)));
}
