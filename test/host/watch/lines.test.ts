import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineTooLong, linesOf } from '../../../src/host/watch/lines.ts';

async function* stream(chunks: readonly Uint8Array[]) {
	yield* chunks;
}

async function read(chunks: readonly Uint8Array[], limit = 1000): Promise<readonly string[]> {
	const lines: string[] = [];
	for await (const line of linesOf(stream(chunks), limit)) lines.push(line);
	return lines;
}

describe('lines of a stream', () => {
	it('fault 12: are the same wherever the chunks end, also inside a character', async () => {
		const text = fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ''));
		await fc.assert(
			fc.asyncProperty(fc.array(text), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), async (lines, sizes) => {
				const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
				const chunks: Uint8Array[] = [];
				for (let start = 0; start < bytes.length; ) {
					const { value: size } = sizes.next();
					chunks.push(bytes.subarray(start, start + size));
					start += size;
				}
				expect(await read(chunks)).toEqual(lines);
			}),
		);
	});

	it('fault 11: what follows the last newline is none', async () => {
		expect(await read([Buffer.from('whole\n'), Buffer.from('{"type":"ADD')])).toEqual(['whole']);
	});

	it('may be empty, and several in a chunk', async () => {
		expect(await read([Buffer.from('a\n\nb\nc'), Buffer.from('d\n')])).toEqual(['a', '', 'b', 'cd']);
	});

	it('may be as long as the limit and no longer', async () => {
		expect(await read([Buffer.from(`${'x'.repeat(600)}`), Buffer.from(`${'y'.repeat(400)}\nz\n`)])).toHaveLength(2);
		await expect(read([Buffer.from('x'.repeat(600)), Buffer.from(`${'y'.repeat(401)}\n`)])).rejects.toThrow(
			LineTooLong,
		);
		await expect(read([Buffer.from(`${'x'.repeat(1001)}\n`)])).rejects.toThrow(LineTooLong);
	});

	it('fault 13: a line of 64 MB takes no more than twice the limit, in chunks of any size', async () => {
		const limit = 1 << 20;
		let given = 0;
		async function* endless() {
			for (; given < 64 << 20; given += 7) yield Buffer.from('xxxxxxx');
		}
		const reading = (async () => {
			for await (const line of linesOf(endless(), limit)) void line;
		})();
		await expect(reading).rejects.toThrow(LineTooLong);
		expect(given).toBeLessThan(limit + 14);
	});
});
