import { posix } from 'node:path';
import { shown } from '../../model/names.ts';
import { SourceError } from '../source-error.ts';
import { type GitPlace, git } from './git-process.ts';
import { commitOf, repositoryOf } from './git-revision.ts';

/**
 * The text of one file of a revision; the path counts from the repository's root.
 * @throws SourceError when there is no such revision or file, or git cannot be asked
 */
export async function blobText(revision: string, path: string, place: GitPlace): Promise<string> {
	const commit = await commitOf(revision, await repositoryOf(place), place);
	const id = await idOf(commit, path, place);
	const { done, stdout } = id === null ? { done: false, stdout: '' } : await git(['cat-file', 'blob', id], place);
	if (!done) throw new SourceError(`there is no file ${shown(path)} in ${shown(revision)}`);
	return stdout.toString('utf8');
}

/** Whether a revision has the file or folder; the path counts from the repository's root. @throws SourceError as above */
export async function isInRevision(revision: string, path: string, place: GitPlace): Promise<boolean> {
	const commit = await commitOf(revision, await repositoryOf(place), place);
	return path === '' || (await idOf(commit, path, place)) !== null;
}

async function idOf(commit: string, path: string, place: GitPlace): Promise<string | null> {
	const args = ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, posix.normalize(path)];
	const { done, stdout } = await git(args, place);
	// `MODE TYPE ID`, a tabulator, the path.
	const [, , id = ''] = (stdout.toString('utf8').split('\t')[0] ?? '').split(' ');
	return done && id !== '' ? id : null;
}

/** The root of the repository. @throws SourceError when there is none */
export async function rootOf(place: GitPlace): Promise<string> {
	await repositoryOf(place);
	const { stdout } = await git(['rev-parse', '--show-toplevel'], place);
	return stdout.toString('utf8').replace(/\n$/, '');
}

/** What changes are for where nobody says it: what the remote calls its main branch, else one of the usual names. */
const USUAL_BASES: readonly string[] = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** The first of the usual main branches that the repository has. @throws SourceError when it has none */
export async function usualBase(place: GitPlace): Promise<string> {
	await repositoryOf(place);
	for (const name of USUAL_BASES) {
		const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
		if ((await git(args, place)).done) return name;
	}
	throw new SourceError(
		`there is none of ${USUAL_BASES.join(', ')} in this repository to compare with; say which branch the change is for, with --base`,
	);
}
