import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readSource } from '../../src/host/sources.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Repository, repository, repositoryAt } from '../support/repository.ts';

function read(source: string, folder: string, environment: NodeJS.ProcessEnv = process.env) {
	const cluster = { kubeconfig: null, context: null };
	return readSource(source, { folder, stdin: Readable.from([]), environment, cluster, onObjects: () => {} });
}

function why(source: string, folder: string, environment?: NodeJS.ProcessEnv): Promise<string> {
	return read(source, folder, environment).then(
		() => 'read',
		(error: Error) => `${error.name}: ${error.message}`,
	);
}

async function shop(
	clean: (clean: () => Promise<void>) => void = onTestFinished,
): Promise<Repository & { readonly first: string }> {
	const found = await repository(clean);
	const first = found.commit({
		'deploy/web.yaml': 'web: 1\n',
		'deploy/sub/cart.yml': 'cart: 1\n---\ncart: 2\n',
		'deploy/.hidden.yaml': 'hidden: 1\n',
		'deploy/.git-keep/x.yaml': 'x: 1\n',
		'deploy/readme.md': '# no',
		'top.json': '{"top": 1}',
	});
	return { ...found, first };
}

/** One for all tests that only read it. */
const SHOP = await shop(afterAll);

describe('files of a commit', () => {
	it.each(['git:main:deploy', 'main:deploy', 'main:deploy/', 'main:./deploy', 'HEAD:deploy'])('%s', async (source) => {
		const { folder, first } = SHOP;
		const found = await read(source, folder);
		expect(found).toMatchObject({ source, kind: 'manifests', commit: first, problems: [] });
		expect(found.documents).toEqual([
			{ file: 'deploy/sub/cart.yml', index: 0, value: { cart: 1 } },
			{ file: 'deploy/sub/cart.yml', index: 1, value: { cart: 2 } },
			{ file: 'deploy/web.yaml', index: 0, value: { web: 1 } },
		]);
		expect([...found.texts.keys()]).toEqual(['deploy/sub/cart.yml', 'deploy/web.yaml']);
	});

	it('the whole tree, or one file by its name', async () => {
		const { folder } = SHOP;
		const files = async (source: string) => (await read(source, folder)).documents.map(({ file }) => file);
		const all = ['deploy/sub/cart.yml', 'deploy/sub/cart.yml', 'deploy/web.yaml', 'top.json'];
		expect(await files('main:')).toEqual(all);
		expect(await files('main:.')).toEqual(all);
		expect(await files('git:main')).toEqual(all);
		expect(await files('main:deploy/.hidden.yaml')).toEqual(['deploy/.hidden.yaml']);
	});

	it('are those of the commit, not of the working tree; the same as the folder’s', async () => {
		const { folder, commit, first } = await shop();
		const second = commit({ 'deploy/web.yaml': 'web: 2\n' });
		const values = async (source: string) => (await read(source, folder)).documents.map(({ value }) => value);
		expect(await values(`${first}:deploy/web.yaml`)).toEqual([{ web: 1 }]);
		expect(await values(`${second.slice(0, 10)}:deploy/web.yaml`)).toEqual([{ web: 2 }]);
		expect(await values('main~1:deploy/web.yaml')).toEqual([{ web: 1 }]);
		expect(await values('main:deploy')).toEqual(await values(join(folder, 'deploy')));
	});

	it('of a branch with slashes, a tag, or the last commit that two have in common', async () => {
		const { folder, git, commit, first } = await shop();
		git('switch', '--quiet', '--create', 'feature/a/b');
		const second = commit({ 'deploy/web.yaml': 'web: 2\n' });
		git('tag', 'v1', first);
		git('switch', '--quiet', 'main');
		commit({ 'top.json': '{}' });
		const commitOf = async (source: string) => (await read(source, folder)).commit;
		expect(await commitOf('feature/a/b:deploy')).toBe(second);
		expect(await commitOf('v1:deploy')).toBe(first);
		expect(await commitOf('main...feature/a/b:deploy')).toBe(first);
		expect(await commitOf('feature/a/b...:deploy')).toBe(first);
	});

	it('from a folder inside, paths count from the root, and a message tells who forgets it', async () => {
		const { folder } = SHOP;
		const inside = join(folder, 'deploy');
		expect((await read('main:deploy/sub', inside)).documents).toHaveLength(2);
		expect(await why('main:sub', inside)).toMatch(
			/^SourceError: there is no sub in main \([0-9a-f]{12}\): paths count from the repository's root, so write deploy\/sub$/,
		);
	});

	it('symbolic links are followed in the commit, and not out of it', async () => {
		const { folder, commit } = await shop();
		symlinkSync('../top.json', join(folder, 'deploy/in.yaml'));
		symlinkSync('/etc/passwd', join(folder, 'deploy/out.yaml'));
		symlinkSync('nothing', join(folder, 'deploy/nowhere.yaml'));
		symlinkSync('loop.yaml', join(folder, 'deploy/loop.yaml'));
		symlinkSync('sub', join(folder, 'deploy/sub.yaml'));
		commit();
		const found = await read('main:deploy', folder);
		expect(found.documents.find(({ file }) => file === 'deploy/in.yaml')?.value).toEqual({ top: 1 });
		expect(found.problems.map(({ origin, sentence }) => [origin?.file, sentence])).toEqual([
			['deploy/loop.yaml', 'it is a symbolic link that leads to itself; nothing is read from it'],
			['deploy/nowhere.yaml', 'it does not exist; nothing is read from it'],
			['deploy/out.yaml', 'it is a symbolic link that leads out of the repository; nothing is read from it'],
			['deploy/sub.yaml', 'it is a folder; nothing is read from it'],
		]);
	});

	it('odd names are names: wildcards, quotes, line breaks, hyphens, other scripts', async () => {
		const { folder, commit } = await shop();
		const names = ['*.yaml', ':(glob)x.yaml', '"q".yaml', 'a\nb.yaml', '--help.yaml', 'ä.yaml', ' .yaml'];
		commit(Object.fromEntries(names.map((name) => [`odd/${name}`, 'a: 1\n'])));
		const found = await read('main:odd', folder);
		expect(found.documents.map(({ file }) => file.slice('odd/'.length)).sort()).toEqual([...names].sort());
		expect((await read('main:odd/*.yaml', folder)).documents).toHaveLength(1);
		expect(found.problems).toEqual([]);
	});

	it('a folder without manifests is told, as it is for folders', async () => {
		const { folder, commit } = await shop();
		commit({ 'docs/readme.md': '#' });
		expect((await read('main:docs', folder)).problems.map(({ sentence }) => sentence)).toEqual([
			'it has no .yaml, .yml or .json file in it; nothing is read from it',
		]);
	});

	it('hundreds of files take a handful of processes', async () => {
		const { folder, commit } = await shop();
		commit(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`many/f${i}.yaml`, `n: ${i}\n`])));
		const found = await read('main:many', folder);
		expect(found.documents.map(({ file, value }) => `many/f${Object(value).n}.yaml` === file)).toEqual(
			Array.from({ length: 200 }, () => true),
		);
	});
});

describe('a commit that cannot be read', () => {
	it('an unknown revision names the branches most like it', async () => {
		const { folder, git } = await shop();
		git('branch', 'feature/login');
		expect(await why('feature/logon:deploy', folder)).toBe(
			'SourceError: there is no revision feature/logon in this repository (did you mean feature/login, main?)',
		);
	});

	it('a path that is not there names those most like it', async () => {
		const { folder } = SHOP;
		expect(await why('main:deploi', folder)).toMatch(
			/^SourceError: there is no deploi in main \([0-9a-f]{12}\) \(did you mean deploy, /,
		);
	});

	it.each(['main:../deploy', 'main:/etc', 'main:a/../../b'])('%s leads out of the repository', async (source) => {
		const { folder } = SHOP;
		expect(await why(source, folder)).toMatch(/is no path of a repository: it counts from the repository's root$/);
	});

	it.each(['--help:deploy', '-h:deploy', 'git:--output=x:y', 'git::x', 'git:a\nb:x', 'git:a\0b:x', 'git:$(id):x'])(
		'%j is no flag, no command and no revision',
		async (source) => {
			const { folder } = SHOP;
			expect(await why(source, folder)).toMatch(/^SourceError: there is no revision .* in this repository/);
		},
	);

	it('a path like a flag is a path', async () => {
		const { folder } = SHOP;
		expect(await why('main:--full-name', folder)).toMatch(/^SourceError: there is no --full-name in main/);
	});

	it('a shallow clone lacks it: the message is the command that fetches it', async () => {
		const { folder, commit, git, first } = await shop();
		git('branch', 'release');
		commit({ 'top.json': '{}' });
		const parent = await temporaryFolder(onTestFinished);
		repositoryAt(parent).git('clone', '--quiet', '--depth=1', '--branch=main', pathToFileURL(folder).href, 'clone');
		const clone = join(parent, 'clone');
		const missing = (revision: string) => why(`${revision}:deploy`, clone);
		const lacks = (revision: string) =>
			`SourceError: there is no revision ${revision} in this clone, which is shallow; run: `;
		expect(await missing('origin/release')).toBe(
			`${lacks('origin/release')}git fetch --no-tags --depth=1 origin release`,
		);
		expect(await missing('release')).toBe(
			`${lacks('release')}git fetch --no-tags --depth=1 origin release (a branch is then origin/release)`,
		);
		expect(await missing(first)).toBe(`${lacks(first)}git fetch --no-tags --depth=1 origin ${first}`);
		expect(await missing('HEAD~1')).toBe(`${lacks('"HEAD~1"')}git fetch --unshallow`);
		repositoryAt(clone).git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', first);
		expect((await read(`${first}:deploy`, clone)).commit).toBe(first);
		expect(await why(`HEAD...${first}:deploy`, clone)).toBe(
			`SourceError: HEAD and ${first} have no commit in common in this clone, which is shallow; run: git fetch --unshallow`,
		);
	});

	it('git is not installed', async () => {
		const { folder } = SHOP;
		expect(await why('main:deploy', folder, { ...process.env, PATH: '/nonexistent' })).toBe(
			'SourceError: a revision is read with git, which is not installed or not on the PATH',
		);
	});

	it('variables of a hook do not lead git elsewhere', async () => {
		const { folder, first } = SHOP;
		const other = await repository(onTestFinished);
		const environment = {
			...process.env,
			GIT_DIR: join(other.folder, '.git'),
			GIT_WORK_TREE: other.folder,
			GIT_OBJECT_DIRECTORY: '/nonexistent',
			GIT_TRACE: '1',
		};
		expect((await read('main:deploy', folder, environment)).commit).toBe(first);
	});

	it('a Git LFS pointer is none of the manifests', async () => {
		const { folder, commit } = await shop();
		commit({ 'deploy/big.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n' });
		const found = await read('main:deploy', folder);
		expect(found.problems.map(({ origin, hint }) => [origin?.file, hint])).toEqual([
			['deploy/big.yaml', 'read the files after "git lfs pull"; commits hold pointers only'],
		]);
	});
});
