/** Where something stands in a text, in UTF-16 code units. */
export interface Stretch {
	readonly start: number;
	readonly end: number;
}

/** A YAML document, and each item of it where it is a list. */
export interface DocumentStretch extends Stretch {
	readonly items: readonly Stretch[];
}

/** A place as editors count it, both from 1. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** A text of the input and as much of its structure as it takes to find a value in it again. */
export interface WholeText {
	readonly text: string;
	/** null for JSON */
	readonly documents: readonly DocumentStretch[] | null;
}

/** Where an item stands in a file: its first and last bytes, and how editors count the first one. */
export interface ItemPlace extends Position {
	readonly start: number;
	readonly end: number;
}

/** A JSON list too long to be held as a text, and where its items are, to find a value in them again. */
export interface ListText {
	/** the file to read them from; null for what comes only once, such as standard input */
	readonly path: string | null;
	readonly begin: Position;
	readonly items: readonly ItemPlace[];
	/** where it is no JSON; null where all of it is */
	readonly broken: Position | null;
	/** of its bytes */
	readonly sha256: string;
}

/** What is known of a text of the input when something in it is to be found again. */
export type SourceText = WholeText | ListText;

/** From where on files are read in another way, in bytes. */
export interface ReadLimits {
	/** the longest file that is parsed at once, whatever is in it; a longer JSON list is parsed item by item */
	readonly atOnce: number;
	/** the longest file that can be parsed at once: what else than a list is longer cannot be read */
	readonly text: number;
	/** the longest item of a list */
	readonly item: number;
	/** of a list, what is looked at together */
	readonly window: number;
}

/** A file of the input before anything is made of it. */
export interface FileBytes {
	/** as messages name it */
	readonly file: string;
	readonly bytes: Buffer;
}

/** A file of the input that was parsed as it was read, because it is large. */
export interface FileList {
	readonly file: string;
	/** the list, its items without what nobody reads; null where it cannot be parsed */
	readonly value: unknown;
	readonly error: ParseError | null;
	readonly source: ListText;
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
	readonly source: WholeText;
}
