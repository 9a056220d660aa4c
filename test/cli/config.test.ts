import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { targetsFormat } from '../../src/report/targets-format.ts';
import { nftGen, type RunOptions } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { BEFORE, pullRequest } from '../support/pull-request.ts';
import { type Repository, repository, repositoryAt } from '../support/repository.ts';

const ONE = 'targets:\n  - { name: prod, path: deploy, cluster: cluster.json.gz, base: main }\n';
const TWO = `defaults:
  cluster: cluster.json.gz
  base: main
targets:
  - { name: prod, path: deploy, fail-on: error }
  - { name: test, path: deploy }
`;

/** The scripted pull request with a configuration in its working tree. */
async function configuredRepository(config: string): Promise<Repository> {
	const found = await scripted();
	writeFileSync(join(found.folder, 'nft-gen.yaml'), config);
	return found;
}

let original: Repository;
const cleaning: (() => Promise<void>)[] = [];

beforeAll(async () => {
	original = await pullRequest((clean) => cleaning.push(clean));
});

afterAll(async () => {
	for (const clean of cleaning) await clean();
});

/** A copy of the scripted pull request. */
async function scripted(): Promise<Repository> {
	const folder = await temporaryFolder(onTestFinished);
	cpSync(original.folder, folder, { recursive: true });
	return repositoryAt(folder);
}

/** A repository without a change and without a capture. */
async function plainRepository(config: string | null): Promise<Repository> {
	const found = await repository(onTestFinished);
	found.commit(BEFORE);
	if (config !== null) writeFileSync(join(found.folder, 'nft-gen.yaml'), config);
	return found;
}

async function diff(config: string, args: readonly string[], options: RunOptions = {}) {
	const { folder: cwd } = await configuredRepository(config);
	return { cwd, ...(await nftGen(['diff', ...args], { cwd, ...options })) };
}

/** Fingerprints of what a JSON report tells. */
function fingerprints(report: unknown): readonly string[] {
	return (report as { readonly changes: readonly { readonly fingerprint: string }[] }).changes.map(
		({ fingerprint }) => fingerprint,
	);
}

describe('nft-gen diff with nft-gen.yaml, without arguments', () => {
	it('compares the working tree with the commit where the branch left its base', async () => {
		const { folder: cwd, git, commit } = await configuredRepository(ONE);
		const asked = await nftGen(['diff', 'main:deploy', 'deploy', '--cluster', 'cluster.json.gz', '--format', 'json'], {
			cwd,
		});
		// The base goes on: nothing of that is the branch's doing.
		commit();
		git('checkout', '--quiet', 'main');
		commit({ 'deploy/web.yaml': 'kind: ConfigMap\n' });
		git('checkout', '--quiet', 'change');
		const { code, stdout, lines } = await nftGen(['diff', '--format', 'json'], { cwd });
		expect([code, lines]).toEqual([0, []]);
		expect(JSON.parse(stdout)).toMatchObject({
			base: { source: 'git:main...HEAD:deploy', commit: git('merge-base', 'main', 'HEAD').trim() },
			head: { source: 'deploy', commit: null },
		});
		expect(fingerprints(JSON.parse(stdout))).toEqual(fingerprints(JSON.parse(asked.stdout)));
		expect(fingerprints(JSON.parse(stdout))).toHaveLength(6);
	});

	it('is the same from a folder below, and names files from there', async () => {
		const { folder } = await configuredRepository(ONE);
		const { code, stdout } = await nftGen(['diff'], { cwd: join(folder, 'deploy') });
		expect(code).toBe(0);
		expect(stdout).toMatch(
			/^nft-gen diff {2}git:main\.\.\.HEAD:deploy \([0-9a-f]{7}\) → \., as Kubernetes 1\.37 does$/m,
		);
		expect(stdout).toContain('1 error, 2 warnings, 3 notes');
	});

	it('takes paths from the folder of the file', async () => {
		const { folder: cwd } = await scripted();
		const config = ONE.replace('deploy', '.').replace('cluster.json.gz', '../cluster.json.gz');
		writeFileSync(join(cwd, 'deploy/settings.yaml'), config);
		const { code, stdout } = await nftGen(['diff', '--config', 'deploy/settings.yaml'], { cwd });
		expect(code).toBe(0);
		expect(stdout).toContain('git:main...HEAD:deploy');
	});

	it('takes the usual main branch where none is named', async () => {
		const { stdout } = await diff(ONE.replace(', base: main', ''), []);
		expect(stdout).toContain('git:main...HEAD:deploy');
	});

	it('sees a new folder as all new', async () => {
		const { folder: cwd } = await configuredRepository(ONE.replace('path: deploy', 'path: new'));
		mkdirSync(join(cwd, 'new'));
		writeFileSync(
			join(cwd, 'new/api.yaml'),
			'apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: shop }\nspec: { clusterIP: 10.96.0.99, ports: [{ port: 80 }] }\n',
		);
		const { code, stdout, stderr } = await nftGen(['diff', '--full'], { cwd });
		expect([code, stderr]).toEqual([0, '']);
		expect(stdout).toMatch(/service-added {2}shop\/api/);
	});

	it('makes its target the key of the comment', async () => {
		const { stdout } = await diff(ONE, ['--format', 'markdown']);
		expect(stdout.split('\n')[0]).toContain('prod');
	});

	it.each([
		['a flag beats the file', ['--fail-on', 'never'], 0],
		['the file alone', [], 3],
		['another flag leaves it', ['--full'], 3],
		['no file', ['--no-config', 'main:deploy', 'deploy'], 0],
		['two sides do without it', ['main:deploy', 'deploy', '--cluster', 'cluster.json.gz'], 0],
		['two sides of a target', ['main:deploy', 'deploy', '--target', 'prod'], 3],
		['two sides with a file that is named', ['main:deploy', 'deploy', '--config', 'nft-gen.yaml'], 3],
	])('%s: %j ends with %i', async (_what, args, expected) => {
		const { code, stderr } = await diff(ONE.replace('prod,', 'prod, fail-on: error,'), args);
		expect([code, stderr]).toEqual([expected, '']);
	});

	it('reads a setting of the network as its option would', async () => {
		const { folder: cwd } = await plainRepository(ONE.replace('prod,', 'prod, kubernetes-version: "1.99",'));
		const { code, lines } = await nftGen(['diff'], { cwd });
		expect(code).toBe(1);
		expect(lines).toEqual([
			'nft-gen.yaml:2:39: error: target prod: kubernetes-version cannot be "1.99". It wants a version from 1.21 to 1.37. [bad-config]',
			'nft-gen: nft-gen.yaml cannot be used',
		]);
	});

	it('accepts findings that it has entries for', async () => {
		const config = `${TWO.replace('defaults:', 'defaults:\n  ignore: [{ id: service-blackholed, object: shop/web, reason: it moves, until: 2099-12-31 }]')}`;
		const { code, stdout } = await diff(config, ['--target', 'prod']);
		expect(code).toBe(0);
		expect(stdout).toContain('it moves');
	});

	it('reads those of a file from where the configuration is', async () => {
		const {
			folder: cwd,
			git,
			commit,
		} = await configuredRepository(`${ONE.replace('prod,', 'prod, fail-on: error, ignore: accepted.yaml,')}`);
		const entry = '- { id: service-blackholed, object: shop/web, reason: it moves, until: 2099-12-31 }\n';
		commit({ 'accepted.yaml': '[]\n' });
		git('branch', '-f', 'gates');
		writeFileSync(join(cwd, 'accepted.yaml'), entry);
		const own = await nftGen(['diff'], { cwd });
		const ofBase = await nftGen(['diff', '--config', 'gates:nft-gen.yaml'], { cwd });
		expect([own.code, ofBase.code, ofBase.stderr]).toEqual([0, 3, '']);
	});

	it('says that a change changes its own gates, and how not to let it', async () => {
		const { folder: cwd, git, commit } = await configuredRepository('');
		git('checkout', '--quiet', 'main');
		commit({ 'nft-gen.yaml': ONE.replace('prod,', 'prod, fail-on: error,') });
		git('checkout', '--quiet', 'change');
		git('rebase', '--quiet', 'main');
		writeFileSync(join(cwd, 'nft-gen.yaml'), ONE);
		const own = await nftGen(['diff'], { cwd });
		expect([own.code, own.lines]).toEqual([
			0,
			[
				'nft-gen.yaml: warning: it is changed too, and with it maybe the gates (--config main:nft-gen.yaml takes those of main) [changed-config]',
			],
		]);
		const ofBase = await nftGen(['diff', '--config', 'main:nft-gen.yaml'], { cwd });
		expect([ofBase.code, ofBase.lines]).toEqual([3, []]);
	});
});

describe('nft-gen diff of several targets', () => {
	it('tells each under its name, and ends as the worst', async () => {
		const { code, stdout } = await diff(TWO, []);
		expect(code).toBe(3);
		expect(
			stdout
				.split('\n')
				.filter((line) => /^(?:target|nft-gen diff|gate|\d+ of)/.test(line))
				.map((line) => line.replace(/\([0-9a-f]{7}\)/, '(COMMIT)')),
		).toMatchInlineSnapshot(`
			[
			  "target prod",
			  "nft-gen diff  git:main...HEAD:deploy (COMMIT) → deploy, as Kubernetes 1.37 does",
			  "gate --fail-on error failed: there is 1 error",
			  "82 of 195 flow classes change, the other 113 are identical",
			  "target test",
			  "nft-gen diff  git:main...HEAD:deploy (COMMIT) → deploy, as Kubernetes 1.37 does",
			  "82 of 195 flow classes change, the other 113 are identical",
			]
		`);
	});

	it('prints one JSON document, as its schema has it', async () => {
		const { code, stdout } = await diff(TWO, ['--format', 'json']);
		const { targets } = targetsFormat.parse(JSON.parse(stdout));
		expect(code).toBe(3);
		expect(targets).toMatchObject([
			{ name: 'prod', exit_code: 3, error: null },
			{ name: 'test', exit_code: 0, error: null },
		]);
		expect(targets.map(({ report }) => fingerprints(report).length)).toEqual([6, 6]);
	});

	it('has runs in SARIF that GitHub can tell apart, and a comment for each in Markdown', async () => {
		const { folder: cwd } = await configuredRepository(TWO);
		const { stdout } = await nftGen(['diff', '--format', 'sarif', '--write', 'markdown=out.md'], { cwd });
		const { runs } = JSON.parse(stdout) as { readonly runs: readonly unknown[] };
		expect(runs).toMatchObject([
			{ automationDetails: { id: 'nft-gen/prod/' } },
			{ automationDetails: { id: 'nft-gen/test/' } },
		]);
		expect(readFileSync(join(cwd, 'out.md'), 'utf8').match(/^<!-- .*(?:prod|test).*$/gm)).toHaveLength(2);
	});

	it('goes on after one that cannot be compared', async () => {
		const { code, stdout, lines } = await diff(TWO.replace('test, path: deploy', 'test, path: gone'), []);
		expect(code).toBe(1);
		expect(stdout).toContain('1 error, 2 warnings, 3 notes');
		expect(stdout).toContain('target test\n\nfailed: nft-gen.yaml cannot be used\n');
		expect(lines).toEqual([
			'target test',
			'nft-gen.yaml:6:25: error: target test: gone does not exist [bad-config]',
			'nft-gen: nft-gen.yaml cannot be used',
		]);
	});

	it('has one alone where it is named, without the name above it', async () => {
		const { code, stdout } = await diff(TWO, ['--target', 'test']);
		expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^nft-gen diff /)]);
	});
});

describe('a configuration that cannot be used', () => {
	it.each([
		[
			'none at all',
			null,
			[],
			64,
			/^nft-gen: what is to be compared\? Give BASE and HEAD, or have nft-gen\.yaml in the repository$/,
		],
		[
			'only one side',
			ONE,
			['main:deploy'],
			64,
			/^nft-gen: HEAD is missing: with what is main:deploy to be compared\?$/,
		],
		['a base with two sides', ONE, ['a', 'b', '--base', 'x'], 64, /--base is for diff without BASE and HEAD/],
		['a target that is not there', TWO, ['--target', 'prd'], 64, /has no target prd \(did you mean prod, test\?\)$/],
		['a target without a file', null, ['--target', 'prod'], 64, /--target is one of nft-gen\.yaml, and there is none/],
		[
			'two sides of one of several',
			TWO,
			['a', 'b', '--config', 'nft-gen.yaml'],
			64,
			/Pass --target with one of prod, test$/,
		],
		['a file that is not there', ONE, ['--config', 'x.yaml'], 1, /^nft-gen: the configuration x\.yaml does not exist$/],
		['a revision without it', ONE, ['--config', 'main:x.yaml'], 1, /^nft-gen: there is no file x\.yaml in main$/],
		[
			'an unknown key',
			ONE.replace('path', 'paths'),
			[],
			1,
			/^nft-gen\.yaml:2:19: error: target prod: there is no key paths here \(did you mean path\?\) \[bad-config\]$/,
		],
		[
			'no path',
			'targets: [{ name: prod }]',
			[],
			1,
			/^nft-gen: the target prod has no path, so there is nothing to compare$/,
		],
		[
			'a base that is not there',
			'targets: [{ name: prod, path: deploy, base: mian }]',
			[],
			1,
			/no revision mian in this repository \(did you mean main/,
		],
	])('%s', async (_what, config, args, expected, message) => {
		const { folder: cwd } = await plainRepository(config);
		const { code, stdout, lines } = await nftGen(['diff', ...args], { cwd });
		expect([code, stdout]).toEqual([expected, '']);
		expect(lines[0]).toMatch(message);
	});

	it.each([
		['an absolute path', '/etc', /\/etc has to count from the folder of the configuration/],
		['a path out of the repository', '../..', /leads out of/],
		['a link out of it', 'link', /leads out of/],
		['standard input', '-', /- does not exist/],
		['a live cluster', 'live:prod', /live:prod does not exist/],
		['another commit', 'git:main:deploy', /git:main:deploy does not exist/],
	])('leads nowhere outside: %s', async (_what, path, message) => {
		const { folder: cwd } = await plainRepository(ONE.replace('path: deploy', `path: "${path}"`));
		symlinkSync('/etc', join(cwd, 'link'));
		const { code, lines } = await nftGen(['diff'], { cwd });
		expect(code).toBe(1);
		expect(lines[0]).toMatch(message);
	});

	it('is not looked for above a repository, nor above a folder that is in none', async () => {
		const outside = await temporaryFolder(onTestFinished, { 'nft-gen.yaml': ONE, 'below/x.yaml': '' });
		const { folder } = await plainRepository(null);
		for (const cwd of [join(outside, 'below'), folder]) {
			expect((await nftGen(['diff'], { cwd })).code).toBe(64);
		}
	});
});
