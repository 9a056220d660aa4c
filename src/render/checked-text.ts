import { TemplateError } from './template-error.ts';

/**
 * What nft must never read: it stops at a NUL without a word, and others hide text from people (traps T23, T24). These are
 * Unicode's control characters (Cc) but for tab and newline, said in a way that takes two thirds of the time of `\p{Cc}`.
 */
const CONTROL_CHARACTERS = /[^\t\n\u0020-\u007e\u00a0-\uffff]/;

/** A text as it is. @throws TemplateError when there is a control character in it */
export function checkedText(text: string): string {
	if (CONTROL_CHARACTERS.test(text)) throw new TemplateError('a template wrote a control character');
	return text;
}
