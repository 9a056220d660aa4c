/** How much a problem matters: an `error` left something out, a `warning` did not. */
export type Severity = 'error' | 'warning';

/** Where an object stands in the input: the file as the user named it, the document in it, the path to the value. */
export interface Origin {
	readonly file: string;
	readonly document: number;
	readonly path: readonly (string | number)[];
}

/** A place in a text that could not be parsed. */
export interface TextPlace {
	readonly file: string;
	/** in UTF-16 code units from the start */
	readonly offset: number;
}

/** Expected trouble, as data: collected by every stage, reported together at the end. */
export interface Problem {
	/** A stable id in kebab-case, for programs and for searching the documentation. */
	readonly code: string;
	readonly severity: Severity;
	readonly origin: Origin | TextPlace | null;
	/** The object as people name it, such as `Service shop/web`; null when the trouble is not about an object. */
	readonly object: string | null;
	/** What is wrong and what was done about it, in one sentence. */
	readonly sentence: string;
	/** What the reader can do; null where the sentence says it already. */
	readonly hint: string | null;
}

/** What tells problems apart wherever their objects stand, as text. */
export function problemKey({ code, object, sentence }: Problem): string {
	return JSON.stringify([code, object, sentence]);
}

/** The origin of a value inside an object. */
export function inside(origin: Origin, ...path: readonly (string | number)[]): Origin {
	return { ...origin, path: [...origin.path, ...path] };
}
