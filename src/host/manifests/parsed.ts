/** Where something stands in a text, in UTF-16 code units. */
export interface Stretch {
	readonly start: number;
	readonly end: number;
}

/** A YAML document, and each item of it where it is a list. */
export interface DocumentStretch extends Stretch {
	readonly items: readonly Stretch[];
}

/** A text of the input and as much of its structure as it takes to find a value in it again. */
export interface SourceText {
	readonly text: string;
	/** null for JSON */
	readonly documents: readonly DocumentStretch[] | null;
}

/** Why a part of a text could not be parsed. */
export interface ParseError {
	readonly offset: number;
	readonly why: string;
}

/** The values in a text, in their order; null stands for one that could not be parsed. */
export interface Parsed {
	readonly values: readonly unknown[];
	readonly errors: readonly ParseError[];
	readonly source: SourceText;
}
