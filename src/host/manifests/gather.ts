/** Bytes as they come. */
export type Chunks = AsyncIterator<Uint8Array>;

/** The next chunks, with at least so many bytes; fewer, or none, when there are no more. */
export async function nextChunks(chunks: Chunks, least: number): Promise<Uint8Array[]> {
	const found: Uint8Array[] = [];
	for (let size = 0; size < least; ) {
		const next = await chunks.next();
		if (next.done === true) break;
		found.push(next.value);
		size += next.value.length;
	}
	return found;
}

/** These bytes and the next ones, at least so many more; fewer, or none, when there are no more. */
export async function gather(first: Uint8Array, chunks: Chunks, least: number): Promise<Buffer> {
	return Buffer.concat([first, ...(await nextChunks(chunks, least))]);
}

/** Chunks that were taken, and those that follow. Each is let go as soon as it is asked for. */
export async function* putBack(taken: Uint8Array[], chunks: Chunks): AsyncGenerator<Uint8Array> {
	for (let chunk = taken.shift(); chunk !== undefined; chunk = taken.shift()) yield chunk;
	for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}
