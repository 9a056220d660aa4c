import { posix } from 'node:path';
import { shown } from '../../model/names.ts';
import { nearest } from '../../model/nearest.ts';
import type { Problem } from '../../model/problem.ts';
import { isManifest, unreadable } from '../manifests/manifests.ts';
import type { FileBytes } from '../manifests/parsed.ts';
import { SourceError } from '../source-error.ts';
import { blobsOf, type TreeEntry } from './git-blobs.ts';
import { type GitPlace, git } from './git-process.ts';
import { commitOf, type Repository, repositoryOf } from './git-revision.ts';

/** The manifests of a commit. */
export interface GitTree {
	readonly commit: string;
	/** from the repository's root, without `.` and a slash at the end; empty for all */
	readonly path: string;
	/** by their paths from the repository's root */
	readonly files: readonly FileBytes[];
	readonly problems: readonly Problem[];
}

/**
 * Reads a file, or the manifests of a folder and of all below it, out of a commit; those that a folder's manifests would be.
 * @param path from the root of the repository, wherever in it one is, as for `git show`
 * @throws SourceError when there is no such revision or path, or git cannot be asked
 */
export async function readTree(revision: string, path: string, place: GitPlace): Promise<GitTree> {
	const repository = await repositoryOf(place);
	const commit = await commitOf(revision, repository, place);
	const wanted = normal(path);
	const entries = await entriesOf(commit, wanted, place);
	if (entries.length === 0 && wanted !== '') throw await absent(revision, commit, wanted, repository, place);
	const read = entries.filter((entry) => entry.path === wanted || isRead(entry, wanted));
	const { files, problems } = await blobsOf(commit, read, place);
	const none = files.length + problems.length === 0;
	const nothing = none ? [unreadable(`${revision}:${path}`, 'has no .yaml, .yml or .json file in it')] : [];
	return { commit, path: wanted, files, problems: [...problems, ...nothing] };
}

function normal(path: string): string {
	const wanted = posix.normalize(path).replace(/^\.\/|\/$/g, '');
	if (/^(?:\/|\.\.(?:\/|$))/.test(wanted) || /\p{Cc}/u.test(wanted)) {
		throw new SourceError(`${shown(path)} is no path of a repository: it counts from the repository's root`);
	}
	return wanted === '.' ? '' : wanted;
}

/** As for folders: manifests by their names, nothing hidden. */
function isRead({ path, kind }: TreeEntry, below: string): boolean {
	const parts = path.slice(below === '' ? 0 : below.length + 1).split('/');
	return (isManifest(path) || kind === 'submodule') && !parts.some((part) => part.startsWith('.'));
}

async function entriesOf(commit: string, path: string, place: GitPlace): Promise<readonly TreeEntry[]> {
	const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...(path === '' ? [] : [path])];
	const { done, stdout, complaint } = await git(args, place);
	if (!done) throw new SourceError(`git says: ${shown(complaint)}`);
	return stdout.toString('utf8').split('\0').filter(Boolean).map(treeEntry);
}

/** `MODE TYPE ID`, a tabulator, the path. */
function treeEntry(line: string): TreeEntry {
	const tab = line.indexOf('\t');
	const [mode = '', type = '', id = ''] = line.slice(0, tab).split(' ');
	const kind = type === 'commit' ? 'submodule' : mode === '120000' ? 'link' : 'file';
	return { path: line.slice(tab + 1), id, kind };
}

async function absent(
	revision: string,
	commit: string,
	path: string,
	{ prefix }: Repository,
	place: GitPlace,
): Promise<SourceError> {
	const why = `there is no ${shown(path)} in ${shown(revision)} (${commit.slice(0, 12)})`;
	if (prefix !== '' && (await entriesOf(commit, `${prefix}${path}`, place)).length > 0) {
		return new SourceError(`${why}: paths count from the repository's root, so write ${shown(`${prefix}${path}`)}`);
	}
	const folders = (await entriesOf(commit, '', place)).flatMap((entry) => ancestors(entry.path));
	const alike = nearest(path, [...new Set(folders)])
		.map(shown)
		.join(', ');
	return new SourceError(alike === '' ? why : `${why} (did you mean ${alike}?)`);
}

/** The folders that a file is in, and a manifest itself. */
function ancestors(path: string): readonly string[] {
	const parts = path.split('/');
	const folders = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
	return isManifest(path) ? [...folders, path] : folders;
}
