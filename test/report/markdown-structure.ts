/** Where the links of a report may lead. */
export const LINK_BASE = 'https://github.com/shop/deploy/blob/8d02e1a/';

/** What Markdown comes to as GitHub reads it, as far as our own reports go. */
export interface Structure {
	/** how many blocks of code there are; null where one does not end */
	readonly fences: number | null;
	/** how many folded parts there are; null where tags are not balanced */
	readonly details: number | null;
	/** all that is neither code, a link of ours nor a hidden comment */
	readonly open: string;
	/** of rows of tables, how many cells they have */
	readonly cells: ReadonlySet<number>;
}

/** Reads blocks of code first, then code spans, as CommonMark has it; what is left could be markup. */
export function structureOf(markdown: string): Structure {
	const { outside, fences } = withoutFences(markdown.split('\n'));
	const rows = outside.filter((line) => line.startsWith('|'));
	const open = outside
		.map((line) => withoutCode(line.startsWith('|') ? line.replaceAll('\\|', '¦') : line))
		.join('\n')
		.replace(/<!-- nft-gen:[^>]* -->/g, '')
		.replace(/<code>[^<]*<\/code>/g, '')
		.replaceAll(new RegExp(`\\]\\(${LINK_BASE.replaceAll('.', '\\.')}[\\w%./-]*(?:#L\\d+)?\\)`, 'g'), ']');
	return { fences, details: detailsIn(open), open, cells: new Set(rows.map(cellCount)) };
}

function withoutFences(lines: readonly string[]) {
	const outside: string[] = [];
	let fence: string | null = null;
	let fences = 0;
	for (const line of lines) {
		const [, ticks = '', rest = ''] = /^(`{3,})(.*)$/.exec(line) ?? [];
		if (fence === null && ticks !== '' && !rest.includes('`')) {
			fence = ticks;
			fences += 1;
		} else if (fence === null) outside.push(line);
		else if (ticks.length >= fence.length && rest.trim() === '') fence = null;
	}
	return { outside, fences: fence === null ? fences : null };
}

/** A code span ends at the next run of as many backticks. */
function withoutCode(line: string): string {
	const [, before, ticks, after] = /^([^`]*)(`+)(.*)$/.exec(line) ?? [];
	if (before === undefined || ticks === undefined || after === undefined) return line;
	const end = [...after.matchAll(/`+/g)].find(([run]) => run.length === ticks.length);
	return end === undefined
		? `${before}${ticks}${withoutCode(after)}`
		: before + withoutCode(after.slice(end.index + ticks.length));
}

function detailsIn(open: string): number | null {
	let depth = 0;
	const tags = [...open.matchAll(/<(\/?)details>/g)];
	for (const [, slash] of tags) {
		depth += slash === '/' ? -1 : 1;
		if (depth < 0 || depth > 1) return null;
	}
	return depth === 0 ? tags.length / 2 : null;
}

function cellCount(row: string): number {
	return row.replace(/\\[\\|]/g, '').split('|').length - 2;
}
