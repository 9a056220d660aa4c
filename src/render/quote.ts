import { commentText } from '../model/comment.ts';

/** A text as a quoted nft string: whatever text comes here, what nft reads ends where the quotes end. */
export function quoted(text: string): string {
	return `"${commentText(text)}"`;
}
