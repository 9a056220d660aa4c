/** A template that cannot be used, with its name in the message. */
export class TemplateError extends Error {
	override readonly name = 'TemplateError';
}

/** What Handlebars says: the place is on the first line, what is wrong there on the last. */
export function whatIsWrong(cause: unknown): string {
	const lines = String(cause instanceof Error ? cause.message : cause).split('\n');
	const last = lines.length > 1 ? ` ${lines.at(-1)}` : '';
	return `${lines[0]}${last}`
		.replace(' in [object Object]', '')
		.replace(/^Parse error on/, 'parse error on')
		.replace(/^You specified knownHelpersOnly, but used the unknown helper (\S+)/, 'there is no helper "$1"');
}
