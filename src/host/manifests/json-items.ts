/** A part of a text. */
interface Stretch {
	readonly start: number;
	readonly end: number;
}

/**
 * Finds where items of a list stand in its text, `{ …, "items": [ … ] }`, without reading what is in them: lists are as large as a
 * cluster, and what is asked of them is a few objects.
 * @param text JSON that was parsed without an error
 * @param wanted indexes of items
 */
export function jsonItems(text: string, wanted: ReadonlySet<number>): ReadonlyMap<number, Stretch> {
	const found = new Map<number, Stretch>();
	let at = itemsBegin(text);
	if (at === null) return found;
	for (let index = 0; found.size < wanted.size; index++) {
		const start = at + (/\S/.exec(text.slice(at, at + 10_000))?.index ?? 0);
		const end = valueEnd(text, start);
		if (end === start) return found;
		if (wanted.has(index)) found.set(index, { start, end });
		const comma = text.indexOf(',', end);
		if (comma < 0 || text.slice(end, comma).trim() !== '') return found;
		at = comma + 1;
	}
	return found;
}

/** After the bracket that opens the list; null where there is none. Of a text that is cut off, none counts that is cut off too. */
export function itemsBegin(text: string): number | null {
	let at = text.indexOf('{') + 1;
	while (at > 0 && at < text.length) {
		const key = text.indexOf('"', at);
		if (key < 0) return null;
		const keyEnd = stringEnd(text, key);
		const value = valueStart(text, keyEnd);
		if (text.slice(key, keyEnd) === '"items"') return text[value] === '[' ? value + 1 : null;
		at = valueEnd(text, value);
	}
	return null;
}

/** Where the value of a key begins, whose string ends here. */
function valueStart(text: string, keyEnd: number): number {
	let at = text.indexOf(':', keyEnd) + 1;
	while (/\s/.test(text[at] ?? '')) at++;
	return at;
}

/** Where a value ends that begins here: before the comma or bracket that follows it; the text's length where none does. */
export function valueEnd(text: string, start: number): number {
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		switch (text.charCodeAt(at)) {
			case 0x22:
				at = stringEnd(text, at) - 1;
				break;
			case 0x7b:
			case 0x5b:
				depth++;
				break;
			case 0x7d:
			case 0x5d:
				if (depth === 0) return at;
				depth--;
				break;
			case 0x2c:
				if (depth === 0) return at;
				break;
		}
	}
	return text.length;
}

/** After the closing quote of a string. */
function stringEnd(text: string, start: number): number {
	let at = start;
	do {
		at = text.indexOf('"', at + 1);
	} while (at > 0 && isEscaped(text, at));
	return at < 0 ? text.length : at + 1;
}

function isEscaped(text: string, quote: number): boolean {
	let backslashes = 0;
	while (text[quote - 1 - backslashes] === '\\') backslashes++;
	return backslashes % 2 === 1;
}
