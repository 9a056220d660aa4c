import { createHash } from 'node:crypto';

const BITS = 128;

/** A text's hash as a number: the first 128 bits of its SHA-256. @param encoding of the bytes that are hashed */
export function hashNumber(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): bigint {
	const digest = createHash('sha256').update(text, encoding).digest('hex');
	return BigInt(`0x${digest.slice(0, BITS / 4)}`);
}

/** The sum of many hashes, which is the same in whatever order they come. @param sum as it was added up */
export function hashSum(sum: bigint): bigint {
	return BigInt.asUintN(BITS, sum);
}
