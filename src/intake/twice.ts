import { isMap } from '../model/is-map.ts';
import { readPart } from '../model/read-part.ts';
import { fieldOf, problemAt, type Report } from './fields.ts';
import type { KubeObject } from './kube-object.ts';

/**
 * Adds an object to those found so far. Of two definitions the one with the higher resourceVersion stays, else the one
 * whose text sorts first: whatever the order of the input, the result is one. The same twice is no problem, nor is what differs
 * only in what nobody reads: large lists come without it.
 * @param found objects by title
 */
export function keepOne(found: Map<string, KubeObject>, object: KubeObject, report: Report): void {
	const other = found.get(object.title);
	if (other === undefined) {
		found.set(object.title, object);
		return;
	}
	const [text, otherText] = [canonicalText(object.value), canonicalText(other.value)];
	if (text === otherText) return;
	const wins =
		object.resourceVersion === other.resourceVersion
			? text < otherText
			: object.resourceVersion > other.resourceVersion;
	if (wins) found.set(object.title, object);
	const [kept, left] = wins ? [object, other] : [other, object];
	const where = kept.origin.file === left.origin.file ? 'the other one in this file' : `the one in ${kept.origin.file}`;
	report(
		problemAt(fieldOf(left), {
			code: 'defined-twice',
			severity: 'error',
			sentence: `it is defined twice with different content; this one is left out, ${where} is used`,
			hint: 'keep one of the two',
		}),
	);
}

/** What is read of the value as JSON with sorted keys, because the order of keys is no difference. */
function canonicalText(value: unknown): string {
	try {
		return JSON.stringify(readPart(value), (_key, part: unknown) => (isMap(part) ? withSortedKeys(part) : part));
	} catch (error) {
		// Nested too deep for the stack: no object that the API server took is.
		if (error instanceof RangeError) return '';
		throw error;
	}
}

function withSortedKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
