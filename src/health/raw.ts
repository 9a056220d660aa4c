// Objects of the API as they come. The API server has validated them; whatever is odd all the same counts as absent.

/** A value inside an object; undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
	let found = value;
	for (const name of path) {
		if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
		found = Reflect.get(found, name);
	}
	return found;
}

/** A text inside an object; empty where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
	const found = at(value, ...path);
	return typeof found === 'string' ? found : '';
}

/** A list inside an object; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
	const found = at(value, ...path);
	return Array.isArray(found) ? found : [];
}

/** Whether a label is there, whatever its value. */
export function hasLabel(object: unknown, label: string): boolean {
	return at(object, 'metadata', 'labels', label) !== undefined;
}
