import type { Problem } from '../../model/problem.ts';
import { unreadable } from '../manifests/manifests.ts';
import type { FileBytes } from '../manifests/parsed.ts';
import { SourceError } from '../source-error.ts';
import { type GitPlace, git } from './git-process.ts';

/** An entry of a tree. */
export interface TreeEntry {
	readonly path: string;
	readonly id: string;
	readonly kind: 'file' | 'link' | 'submodule';
}

/** What could be read of a commit's files, and what could not. */
export interface Blobs {
	readonly files: readonly FileBytes[];
	readonly problems: readonly Problem[];
}

/**
 * Reads files of a commit, all with one process. A symbolic link is followed inside the commit and nowhere else.
 * @throws SourceError when git cannot be asked
 */
export async function blobsOf(commit: string, entries: readonly TreeEntry[], place: GitPlace): Promise<Blobs> {
	const asked = entries.filter(isAskable);
	const problems = entries.filter((entry) => !isAskable(entry)).map(notAsked);
	if (asked.length === 0) return { files: [], problems };
	const names = asked.map(({ kind, id, path }) => (kind === 'link' ? `${commit}:${path}` : id));
	const args = ['cat-file', '--batch', '--follow-symlinks', '--buffer'];
	const { done, stdout } = await git(args, place, `${names.join('\n')}\n`);
	if (!done) throw new SourceError('git cat-file failed; is the repository damaged ("git fsck" tells)?');
	const files: FileBytes[] = [];
	const next = answersIn(stdout);
	for (const { path } of asked) {
		const { kind, bytes } = next();
		const why = kind === 'blob' ? undefined : (FAILURES.get(kind) ?? 'is missing in this clone of the repository');
		if (why === undefined) files.push({ file: path, bytes });
		else problems.push(unreadable(path, why));
	}
	return { files, problems };
}

/** Names are asked for line by line. */
function isAskable({ kind, path }: TreeEntry): boolean {
	return kind === 'file' || (kind === 'link' && !path.includes('\n'));
}

function notAsked({ kind, path }: TreeEntry): Problem {
	return unreadable(path, kind === 'link' ? 'is a symbolic link with a line break in its name' : 'is a submodule');
}

const FAILURES: ReadonlyMap<string, string> = new Map([
	['tree', 'is a folder'],
	['symlink', 'is a symbolic link that leads out of the repository'],
	['dangling', 'does not exist'],
	['notdir', 'does not exist'],
	['loop', 'is a symbolic link that leads to itself'],
]);

interface BlobAnswer {
	/** `blob`, another type of object, or why there is none */
	readonly kind: string;
	readonly bytes: Buffer;
}

const NEWLINE = 10;

/**
 * Takes the answers of `git cat-file --batch` one by one: `ID TYPE SIZE`, the content, a line break; of a link that cannot be
 * followed `WHY SIZE` and a text; of what is not there `NAME missing` alone.
 */
function answersIn(stdout: Buffer): () => BlobAnswer {
	let at = 0;
	return () => {
		const end = stdout.indexOf(NEWLINE, at);
		const words = stdout.toString('utf8', at, end).split(' ');
		const start = end + 1;
		at = start;
		if (words.at(-1) === 'missing') return { kind: 'missing', bytes: Buffer.alloc(0) };
		const size = Number(words.at(-1));
		at = start + size + 1;
		return { kind: words.at(-2) ?? '', bytes: stdout.subarray(start, start + size) };
	};
}
