import { valueEnd } from './json-items.ts';

/** Bytes of a JSON list, and each as a character, to look for those that JSON is made of. */
export interface Window {
	readonly bytes: Buffer;
	readonly characters: string;
	/** whether these are the text already */
	readonly isAscii: boolean;
}

/** An item with the blanks around it. */
export interface Taken {
	readonly text: string;
	/** undefined where the text is no value */
	readonly value: unknown;
	/** where the comma or bracket is that follows it */
	readonly end: number;
}

/**
 * Takes an item out of a list; null when it ends beyond the window.
 * @param lastLine with which the item before ended; null where it was no line of its own. kubectl prints all items alike, and to look
 * for that line is much faster than to look at every bracket. A text up to there that is one value is the item: no object or
 * list is the beginning of another.
 */
export function takeItem(window: Window, start: number, lastLine: string | null): Taken | null {
	const { characters } = window;
	const guess = lastLine === null ? -1 : lineEnd(characters, start, lastLine);
	if (guess >= 0) {
		const item = parsed(window, start, valueEnd(characters, guess));
		if (item.value !== undefined && item.end < characters.length) return item;
	}
	const end = valueEnd(characters, start);
	return end === characters.length ? null : parsed(window, start, end);
}

/** After the next such line; -1 for none. The bracket at its end is rarer than the blanks before it. */
function lineEnd(characters: string, start: number, line: string): number {
	const bracket = line.slice(-1);
	let at = start;
	do {
		at = characters.indexOf(bracket, at) + 1;
	} while (at > 0 && !characters.endsWith(line, at));
	return at > 0 ? at : -1;
}

function parsed({ bytes, characters, isAscii }: Window, start: number, end: number): Taken {
	const text = isAscii ? characters.slice(start, end) : bytes.toString('utf8', start, end);
	try {
		return { text, value: JSON.parse(text), end };
	} catch {
		return { text, value: undefined, end };
	}
}

/** The line break, blanks and bracket that an item ends with; null where something else stands in its last line. */
export function lastLineOf(text: string): string | null {
	return /\n[ \t]*[}\]](?=\s*$)/.exec(text.slice(-200))?.[0] ?? null;
}
