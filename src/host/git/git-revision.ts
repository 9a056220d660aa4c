import { shown } from '../../model/names.ts';
import { nearest } from '../../model/nearest.ts';
import { SourceError } from '../source-error.ts';
import { type GitPlace, git } from './git-process.ts';

/** What has to be known of a repository. */
export interface Repository {
	/** whether a part of its history was not fetched */
	readonly shallow: boolean;
	/** from its root to the folder: `deploy/`, or empty */
	readonly prefix: string;
}

/** The repository that the folder is in. @throws SourceError when it is in none, or git refuses it */
export async function repositoryOf(place: GitPlace): Promise<Repository> {
	const { done, stdout, complaint } = await git(['rev-parse', '--is-shallow-repository', '--show-prefix'], place);
	if (!done) {
		const none = complaint.startsWith('not a git repository');
		throw new SourceError(none ? 'this folder is in no git repository' : `git says: ${shown(complaint)}`);
	}
	const [shallow = '', prefix = ''] = stdout.toString('utf8').split('\n');
	return { shallow: shallow === 'true', prefix };
}

/**
 * The full id of a commit. `A...B` is the last commit that both have in common, as for `git diff`.
 * @throws SourceError when there is no such commit
 */
export async function commitOf(revision: string, repository: Repository, place: GitPlace): Promise<string> {
	const [left = '', right] = revision.split('...');
	if (right === undefined) return oneCommit(revision, repository, place);
	const ends = [
		await oneCommit(left || 'HEAD', repository, place),
		await oneCommit(right || 'HEAD', repository, place),
	];
	const { done, stdout } = await git(['merge-base', '--end-of-options', ...ends], place);
	if (done) return firstLine(stdout);
	const why = `${shown(left || 'HEAD')} and ${shown(right || 'HEAD')} have no commit in common`;
	throw new SourceError(
		repository.shallow ? `${why} in this clone, which is shallow; run: git fetch --unshallow` : why,
	);
}

async function oneCommit(revision: string, repository: Repository, place: GitPlace): Promise<string> {
	if (isThinkable(revision)) {
		const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
		const { done, stdout } = await git(args, place);
		if (done) return firstLine(stdout);
	}
	const why = `there is no revision ${shown(revision)} in this`;
	if (repository.shallow) throw new SourceError(`${why} clone, which is shallow; run: ${fetchCommand(revision)}`);
	throw new SourceError(`${why} repository${await alternatives(revision, place)}`);
}

/** No name of git's begins with a hyphen, is empty, or has control characters; a program could take such for something else. */
function isThinkable(revision: string): boolean {
	return /^[^-\p{Cc}][^\p{Cc}]*$/u.test(revision);
}

/** What brings a revision into a shallow clone: a branch, tag or commit by itself, an ancestor with all history. */
function fetchCommand(revision: string): string {
	const name = revision.replace(/^(?:refs\/)?(?:remotes\/)?origin\//, '').replace(/^refs\/(?:heads|tags)\//, '');
	if (!/^[\w./+-]+$/.test(name) || name.startsWith('-')) return 'git fetch --unshallow';
	const fetch = `git fetch --no-tags --depth=1 origin ${name}`;
	return name !== revision || /^[0-9a-f]{40,64}$/.test(name) ? fetch : `${fetch} (a branch is then origin/${name})`;
}

async function alternatives(revision: string, place: GitPlace): Promise<string> {
	const args = ['for-each-ref', '--count=5000', '--format=%(refname:short)', 'refs/heads', 'refs/remotes', 'refs/tags'];
	const { stdout } = await git(args, place);
	const names = stdout.toString('utf8').split('\n').filter(Boolean);
	const alike = nearest(revision, names).map(shown).join(', ');
	return alike === '' ? '' : ` (did you mean ${alike}?)`;
}

function firstLine(stdout: Buffer): string {
	return stdout.toString('utf8').split('\n')[0] ?? '';
}
