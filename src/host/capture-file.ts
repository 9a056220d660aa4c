import { constants, gunzipSync, gzipSync } from 'node:zlib';
import type { Document } from '../model/document.ts';

/** Why a capture cannot be used, as the end of a sentence that begins with the file. */
export class CaptureError extends Error {
	override readonly name = 'CaptureError';
}

const FORMAT = 'nft-gen-capture';
/** The first number grows when older programs would misunderstand it. */
const VERSION = '1.0';
const HEAD = `{"format":"${FORMAT}",`;

/** Far more than a cluster of 5,000 nodes and 150,000 Pods takes. */
const MOST_BYTES = 1 << 30;

/** Where gzip says which system made it; 255 is "unknown", the same everywhere. */
const SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/** A capture as bytes: compressed JSON, an object on each line. The same objects give the same bytes, whenever and wherever. */
export function captureBytes(objects: readonly unknown[]): Buffer {
	const lines = objects.map((object) => JSON.stringify(object)).join(',\n');
	const text = `${HEAD}"format_version":"${VERSION}","objects":[\n${lines}\n]}\n`;
	const bytes = gzipSync(text, { level: constants.Z_BEST_COMPRESSION });
	bytes[SYSTEM_BYTE] = UNKNOWN_SYSTEM;
	return bytes;
}

/** Whether a file claims to be a capture, by its first bytes: it is compressed, as no manifest is, or was uncompressed by somebody. */
export function isCapture(bytes: Buffer): boolean {
	return isCompressed(bytes) || bytes.subarray(0, HEAD.length).toString() === HEAD;
}

function isCompressed(bytes: Buffer): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The objects of a capture, each a document of its own.
 * @throws CaptureError when it is damaged, no capture, or of a version that this program does not know
 */
export function openCapture(file: string, bytes: Buffer): readonly Document[] {
	const { format, format_version: version, objects } = parsed(uncompressed(bytes));
	if (format !== FORMAT) throw new CaptureError('is compressed, but not by "nft-gen capture"');
	if (typeof version !== 'string' || !/^1\.\d{1,6}$/.test(version)) {
		const found = typeof version === 'string' && /^[\d.]{1,20}$/.test(version) ? version : 'unknown';
		throw new CaptureError(`is a capture of format ${found}, and this nft-gen reads 1.x: use the one that made it`);
	}
	if (!Array.isArray(objects)) throw new CaptureError('is a capture without objects');
	return objects.map((value: unknown, index) => ({ file, index, value }));
}

function uncompressed(bytes: Buffer): string {
	if (!isCompressed(bytes)) return bytes.toString('utf8');
	try {
		return gunzipSync(bytes, { maxOutputLength: MOST_BYTES }).toString('utf8');
	} catch (cause) {
		throw new CaptureError(wrongWith(cause), { cause });
	}
}

function wrongWith(cause: unknown): string {
	const code = cause instanceof Error && 'code' in cause ? cause.code : '';
	if (code === 'Z_BUF_ERROR') return 'is a capture that was cut off';
	return code === 'ERR_BUFFER_TOO_LARGE' || code === 'ERR_STRING_TOO_LONG' ? 'is too large' : 'is damaged';
}

interface Head {
	readonly format?: unknown;
	readonly format_version?: unknown;
	readonly objects?: unknown;
}

function parsed(text: string): Head {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? value : {};
	} catch (cause) {
		throw new CaptureError('is compressed, but not by "nft-gen capture"', { cause });
	}
}
