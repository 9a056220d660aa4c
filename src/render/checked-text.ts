import { TemplateError } from './template-error.ts';

/** What nft must never read: it stops at a NUL without a word, and others hide text from people (traps T23, T24). */
const CONTROL_CHARACTERS = /[^\P{Cc}\t\n]/u;

/** A text as it is. @throws TemplateError when there is a control character in it */
export function checkedText(text: string): string {
	if (CONTROL_CHARACTERS.test(text)) throw new TemplateError('a template wrote a control character');
	return text;
}
