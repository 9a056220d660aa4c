// Nearly every text of a report can come from somebody's manifest. Here is all that makes one harmless.

/** A text as part of a line: it cannot move the cursor, colour or reorder the line, or fake another one. */
export function plain(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** A text of several lines, whose own line ends and tabs stay. */
export function plainLines(text: string): string {
	return text.split('\n').map(plainLine).join('\n');
}

function plainLine(line: string): string {
	return line.split('\t').map(plain).join('\t');
}

/** A text of so many characters at the most; what is too much leaves from the middle. */
export function elided(text: string, most: number): string {
	if (text.length <= most) return text;
	const characters = [...text];
	if (characters.length <= most) return text;
	const head = Math.ceil((most - 1) / 2);
	return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}

/**
 * A text as a code span of Markdown. Nothing inside is markup, a link, a mention or an emoji to GitHub. Not for table
 * cells without `cell`.
 */
export function codeSpan(text: string): string {
	const content = plain(text) || ' ';
	const fence = '`'.repeat(longestRun(content) + 1);
	const padding = /^`|`$|^ .* $/.test(content) ? ' ' : '';
	return `${fence}${padding}${content}${padding}${fence}`;
}

/**
 * A sentence as Markdown. Words that could be more than words, such as `@team`, `#1`, links, markup and what looks like a
 * commit, become code spans; the others stay as they are. Not for the beginning of a line, where `1.` is a list.
 */
export function prose(sentence: string): string {
	return plain(sentence)
		.split(' ')
		.map((word) => (isHarmless(word) ? word : codeSpan(word)))
		.join(' ');
}

function isHarmless(word: string): boolean {
	if (!/^[\p{L}\p{N}.,;:()'"’?!%+=…→×−–‹›/-]*$/u.test(word)) return false;
	return !/:\/\/|www\.|gh-\d|:[\w+-]+:|^\W*[0-9a-f]{7,}\W*$/i.test(word);
}

/** Markdown as a cell of a table. A pipe would end the cell, in a code span too. */
export function cell(markdown: string): string {
	return markdown.replace(/(\\*)\|/g, '$1$1\\|');
}

/** Lines as a block of code, whose fence is longer than any inside. */
export function fenced(text: string, language: string): string {
	const content = plainLines(text).replace(/\n+$/, '');
	const fence = '`'.repeat(Math.max(3, longestRun(content) + 1));
	return `${fence}${language}\n${content}\n${fence}`;
}

function longestRun(text: string): number {
	return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as code of HTML, for where Markdown is not read: between the tags of a summary. */
export function htmlCode(text: string): string {
	return `<code>${plain(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')}</code>`;
}
