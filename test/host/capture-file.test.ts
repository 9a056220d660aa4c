import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { captureBytes, isCapture, openCapture } from '../../src/host/capture-file.ts';
import { node, service } from '../support/objects.ts';

const OBJECTS = [node(1), service('web', ['10.96.0.20'])];

function why(text: string | Buffer): string {
	try {
		openCapture('x', typeof text === 'string' ? gzipSync(text) : text);
		return 'opened';
	} catch (error) {
		return String(error);
	}
}

describe('a capture as a file', () => {
	it('gives back its objects, each as a document', () => {
		expect(openCapture('c.json.gz', captureBytes(OBJECTS))).toEqual(
			OBJECTS.map((value, index) => ({ file: 'c.json.gz', index, value })),
		);
		expect(openCapture('c.json.gz', captureBytes([]))).toEqual([]);
	});

	it('says what it is and which version, an object on each line, and no time or system', () => {
		const bytes = captureBytes(OBJECTS);
		const lines = gunzipSync(bytes).toString().split('\n');
		expect(lines[0]).toBe('{"format":"nft-gen-capture","format_version":"1.0","objects":[');
		expect(lines).toHaveLength(OBJECTS.length + 3);
		expect(bytes.subarray(4, 10)).toEqual(Buffer.from([0, 0, 0, 0, 2, 255]));
	});

	it('is known by its first bytes, also after gunzip', () => {
		const bytes = captureBytes(OBJECTS);
		expect([bytes, gunzipSync(bytes)].map(isCapture)).toEqual([true, true]);
		expect([Buffer.from('{"kind":"List"}'), Buffer.from('a: 1'), Buffer.alloc(0)].map(isCapture)).toEqual([
			false,
			false,
			false,
		]);
		expect(openCapture('x', gunzipSync(bytes))).toEqual(openCapture('x', bytes));
	});

	it.each<[string, string | Buffer, string]>([
		[
			'another version',
			'{"format":"nft-gen-capture","format_version":"2.0","objects":[]}',
			'is a capture of format 2.0, and this nft-gen reads 1.x: use the one that made it',
		],
		[
			'no version',
			'{"format":"nft-gen-capture","objects":[]}',
			'is a capture of format unknown, and this nft-gen reads 1.x: use the one that made it',
		],
		[
			'a version with more in it',
			'{"format":"nft-gen-capture","format_version":"1.0\\n","objects":[]}',
			'is a capture of format unknown, and this nft-gen reads 1.x: use the one that made it',
		],
		['another format', '{"format":"other"}', 'is compressed, but not by "nft-gen capture"'],
		['no JSON', 'kind: Service', 'is compressed, but not by "nft-gen capture"'],
		['null', 'null', 'is compressed, but not by "nft-gen capture"'],
		['no objects', '{"format":"nft-gen-capture","format_version":"1.0"}', 'is a capture without objects'],
		['cut off', captureBytes(OBJECTS).subarray(0, -20), 'is a capture that was cut off'],
		['damaged', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 255, 255, 255, 255]), 'is damaged'],
	])('%s is refused with a sentence', (_, content, sentence) => {
		expect(why(content)).toBe(`CaptureError: ${sentence}`);
	});

	it('a later version of the same kind is read', () => {
		expect(why('{"format":"nft-gen-capture","format_version":"1.7","more":1,"objects":[]}')).toBe('opened');
	});
});
