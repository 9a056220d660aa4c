import type { Transform } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Sends everything through a transformation, piece by piece, no faster than it is taken. Of an error of whoever takes it Node's
 * pipeline tells only that the rest was aborted.
 * @throws the first error of any of them; an AbortError after the signal
 */
export async function through(
	source: Iterable<string> | AsyncIterable<Buffer>,
	transform: Transform,
	take: (piece: Buffer) => void | Promise<void>,
	signal: AbortSignal | null = null,
): Promise<void> {
	let own: unknown = null;
	const sink = async (pieces: AsyncIterable<Buffer>) => {
		for await (const piece of pieces) {
			try {
				await take(piece);
			} catch (error) {
				own = error;
				throw error;
			}
		}
	};
	try {
		await pipeline(Readable.from(source), transform, sink, signal === null ? {} : { signal });
	} catch (error) {
		throw own ?? error;
	}
}
