/** A piece of HTML, in which all text is escaped. */
export interface Html {
	readonly html: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Text as HTML shows it. What could move a cursor or turn the direction of writing is shown as unprintable. */
function escaped(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

type Content = Html | string | number | readonly Html[];

/** A template for HTML: whatever is put in is escaped, unless it is HTML already. */
export function html(texts: TemplateStringsArray, ...contents: readonly Content[]): Html {
	const parts = texts.flatMap((text, index) => [text, index < contents.length ? spell(contents[index] ?? '') : '']);
	return { html: parts.join('') };
}

function spell(content: Content): string {
	if (typeof content === 'object') return 'html' in content ? content.html : content.map((each) => each.html).join('');
	return escaped(String(content));
}
