import { sortedBy } from './order.ts';

/** The names most like a mistyped one, most alike first, three at the most. */
export function nearest(typed: string, names: readonly string[]): readonly string[] {
	const ranked = sortedBy(names, (name) => `${String(editDistance(typed, name)).padStart(4, '0')} ${name}`);
	return ranked.slice(0, 3);
}

/** How many letters have to be added, removed or replaced to make one text of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return row[b.length] ?? 0;
}
