import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A git repository of its own for one test. */
export interface Repository {
	readonly folder: string;
	/** Runs git in it; gives what it prints. */
	readonly git: (...args: readonly string[]) => string;
	/** Writes files and commits everything; gives the commit. */
	readonly commit: (files?: Readonly<Record<string, string>>) => string;
}

/** Nothing of the machine's own configuration, and always the same author and time. */
const ENVIRONMENT = {
	PATH: process.env.PATH ?? '',
	HOME: '/nonexistent',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: 'a',
	GIT_AUTHOR_EMAIL: 'a@example.org',
	GIT_COMMITTER_NAME: 'a',
	GIT_COMMITTER_EMAIL: 'a@example.org',
};

/** An empty repository whose branch is called main. */
export async function repository(onTestFinished: (clean: () => Promise<void>) => void): Promise<Repository> {
	const folder = await temporaryFolder(onTestFinished);
	const found = repositoryAt(folder);
	found.git('init', '--quiet', '--initial-branch=main');
	return found;
}

/** The repository in a folder, such as a clone. */
export function repositoryAt(folder: string): Repository {
	const git = (...args: readonly string[]) =>
		execFileSync('git', args, { cwd: folder, env: ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' });
	return {
		folder,
		git,
		commit: (files = {}) => {
			for (const [path, text] of Object.entries(files)) {
				mkdirSync(dirname(join(folder, path)), { recursive: true });
				writeFileSync(join(folder, path), text);
			}
			git('add', '--all');
			git('commit', '--quiet', '--allow-empty', '--message=change');
			return git('rev-parse', 'HEAD').trim();
		},
	};
}
