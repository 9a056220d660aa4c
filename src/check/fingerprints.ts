import { createHash } from 'node:crypto';
import type { CheckDraft, CheckResult } from '../model/check-report.ts';

/**
 * Gives each result its fingerprint: the first 12 hexadecimal digits of a SHA-256 over its id, its object, the path of the field it
 * is about, and which one it is of those alike. Lines, nodes and numbers in the sentence never identify.
 * @param results in their order
 */
export function fingerprinted(results: readonly CheckDraft[]): readonly CheckResult[] {
	const alike = new Map<string, number>();
	return results.map((result) => {
		const { id, object, origin } = result;
		const path = origin !== null && 'path' in origin ? origin.path : null;
		const identity = JSON.stringify([id, object, path?.filter((part) => typeof part === 'string') ?? null]);
		const nth = alike.get(identity) ?? 0;
		alike.set(identity, nth + 1);
		const fingerprint = createHash('sha256').update(`${identity} ${nth}`).digest('hex').slice(0, 12);
		return { ...result, fingerprint };
	});
}
