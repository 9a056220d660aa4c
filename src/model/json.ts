/** A value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
	readonly [key: string]: Json | undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of an array; a lone value is an array of one, as some releases of nft print those. */
export function asList(value: Json | undefined): readonly Json[] {
	if (value === undefined || value === null) return [];
	return Array.isArray(value) ? value : [value as Json];
}

export function textOrNull(value: Json | undefined): string | null {
	return typeof value === 'string' ? value : null;
}

/** The one key of an object, which says what it is; null when there is not exactly one. */
export function onlyKey(value: JsonObject): string | null {
	let only: string | null = null;
	for (const key in value) {
		if (only !== null) return null;
		only = key;
	}
	return only;
}

/** What of an object is not among the keys that somebody understands, as JSON texts; newest nft may print more. */
export function unknownEntries(value: JsonObject, known: ReadonlySet<string>): readonly string[] {
	return Object.keys(value)
		.filter((key) => !known.has(key))
		.map((key) => `${key} ${JSON.stringify(value[key])}`);
}
