import type { Finding } from '../model/change-set.ts';
import { counted, withSeverity } from './counts.ts';
import { plain } from './escape.ts';

// What a comment keeps for the next one that takes its place, where readers do not see it.

/** The first line of a comment, by which it is found again; equal keys give equal lines. */
export function commentMarker(key: string): string {
	return `<!-- nft-gen:diff v1 key=${encodeURIComponent(plain(key)).replaceAll('--', '-%2D')} -->`;
}

/** Fingerprints of what a comment was about; null where they were too many to keep. */
interface CommentData {
	readonly errors: readonly string[] | null;
	readonly warnings: readonly string[] | null;
}

/** Of either severity. All of them take 20,000 characters, a third of a comment. */
const MOST_FINGERPRINTS = 500;

/** The last line of a comment: the fingerprints of its errors and warnings. */
export function dataLine(findings: readonly Finding[]): string {
	return `<!-- nft-gen:data ${Buffer.from(JSON.stringify(dataOf(findings))).toString('base64')} -->`;
}

function dataOf(findings: readonly Finding[]): CommentData {
	const kept = (severity: 'error' | 'warn') => {
		const fingerprints = withSeverity(findings, severity).map(({ fingerprint }) => fingerprint);
		return fingerprints.length > MOST_FINGERPRINTS ? null : fingerprints;
	};
	return { errors: kept('error'), warnings: kept('warn') };
}

/**
 * What is new and what is resolved since an earlier comment.
 * @returns null where that comment does not tell, or there were too many then or are now
 */
export function sinceText(previous: string, findings: readonly Finding[]): string | null {
	const before = readData(previous);
	const after = dataOf(findings);
	if (before === null || hasTooMany(before) || hasTooMany(after)) return null;
	const came = countsText(without(after, before));
	const left = countsText(without(before, after));
	const parts = [
		...(came === '' ? [] : [`New since last push: ${came}.`]),
		...(left === '' ? [] : [`Resolved: ${left}.`]),
	];
	return parts.length === 0 ? 'No new error or warning since last push.' : parts.join(' ');
}

function hasTooMany({ errors, warnings }: CommentData): boolean {
	return errors === null || warnings === null;
}

function without(some: CommentData, others: CommentData): CommentData {
	const known = new Set([...(others.errors ?? []), ...(others.warnings ?? [])]);
	const unknown = (fingerprints: readonly string[] | null) => (fingerprints ?? []).filter((each) => !known.has(each));
	return { errors: unknown(some.errors), warnings: unknown(some.warnings) };
}

function countsText({ errors, warnings }: CommentData): string {
	const counts = [
		[errors?.length ?? 0, 'error'],
		[warnings?.length ?? 0, 'warning'],
	] as const;
	return counts
		.filter(([count]) => count > 0)
		.map(([count, word]) => counted(count, word))
		.join(', ');
}

/** Anybody may have edited the comment: what is not ours counts as nothing. */
function readData(comment: string): CommentData | null {
	const [, encoded = ''] = [...comment.matchAll(/^<!-- nft-gen:data ([\w+/=]+) -->\r?$/gm)].at(-1) ?? [];
	try {
		const value: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString());
		if (typeof value !== 'object' || value === null || !('errors' in value) || !('warnings' in value)) return null;
		const { errors, warnings } = value;
		return isKept(errors) && isKept(warnings) ? { errors, warnings } : null;
	} catch {
		return null;
	}
}

function isKept(value: unknown): value is readonly string[] | null {
	return value === null || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
}
