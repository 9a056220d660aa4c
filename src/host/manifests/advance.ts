import type { Position } from './parsed.ts';

/** Where one is after a stretch of text that begins at a position. Columns are UTF-16 code units, as editors count them. */
export function advance(from: Position, text: string, start: number, end: number): Position {
	let { line, column } = from;
	let at = start;
	for (let next = text.indexOf('\n', at); next >= 0 && next < end; next = text.indexOf('\n', at)) {
		line++;
		column = 1;
		at = next + 1;
	}
	return { line, column: column + end - at };
}
