/** The longest comment that nft and the kernel take, in bytes. */
const MOST_COMMENT_BYTES = 128;

/**
 * A text as nft keeps it in a comment: without quotes, backslashes and control characters, at most 128 bytes, cut between
 * characters.
 */
export function commentText(text: string): string {
	if (/^[\x20\x21\x23-\x5b\x5d-\x7e]{0,128}$/.test(text)) return text;
	return cutToBytes(text.replace(/["\\\p{C}\p{Zl}\p{Zp}]/gu, ''), MOST_COMMENT_BYTES);
}

function cutToBytes(text: string, most: number): string {
	let bytes = 0;
	let cut = '';
	for (const character of text) {
		bytes += Buffer.byteLength(character);
		if (bytes > most) break;
		cut += character;
	}
	return cut;
}
