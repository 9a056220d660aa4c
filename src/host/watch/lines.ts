/** A line longer than we are willing to hold. */
export class LineTooLong extends Error {
	override readonly name = 'LineTooLong';
}

/** A buffer that grew beyond it for one line is not kept for the next. */
const KEPT_BYTES = 1 << 20;

/**
 * The lines of a stream of bytes. Cut at the bytes of newlines and decoded whole, so that no character is torn, wherever
 * the chunks end. What follows the last newline is no line: the stream broke off in it.
 * @throws LineTooLong as soon as a line has more bytes than the limit; no more than twice as many are ever held
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string> {
	let held = Buffer.alloc(0);
	let size = 0;
	for await (const chunk of chunks) {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		let start = 0;
		for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
			checkLength(size + end - start, limit);
			if (size === 0) yield bytes.toString('utf8', start, end);
			else {
				held = append(held, size, bytes.subarray(start, end));
				yield held.toString('utf8', 0, size + end - start);
				if (held.length > KEPT_BYTES) held = Buffer.alloc(0);
				size = 0;
			}
			start = end + 1;
		}
		checkLength(size + bytes.length - start, limit);
		held = append(held, size, bytes.subarray(start));
		size += bytes.length - start;
	}
}

function checkLength(size: number, limit: number): void {
	if (size > limit) throw new LineTooLong(`a line of more than ${limit} bytes`);
}

/** Adds bytes after the first `size` ones, into a buffer of twice the length when there is no room. */
function append(held: Buffer<ArrayBuffer>, size: number, bytes: Uint8Array): Buffer<ArrayBuffer> {
	const needed = size + bytes.length;
	const room = needed <= held.length ? held : Buffer.alloc(Math.max(needed, 2 * held.length));
	if (room !== held) held.copy(room, 0, 0, size);
	room.set(bytes, size);
	return room;
}
