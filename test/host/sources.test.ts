import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { captureBytes } from '../../src/host/capture-file.ts';
import { readSource, type SourceWorld } from '../../src/host/sources.ts';
import { kubeconfig } from '../support/api-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { node, service } from '../support/objects.ts';
import { repository } from '../support/repository.ts';
import { startStandIn } from '../support/stand-in-api-server.ts';

function world(changes: Partial<SourceWorld> = {}): SourceWorld {
	return {
		folder: process.cwd(),
		stdin: Readable.from([]),
		environment: process.env,
		cluster: { kubeconfig: null, context: null },
		onObjects: () => {},
		...changes,
	};
}

function values({ documents }: Awaited<ReturnType<typeof readSource>>): readonly unknown[] {
	return documents.map(({ value }) => value);
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

describe('a source', () => {
	it('is a folder: all manifests below, by their paths as the user named it', async () => {
		const folder = await temporaryFolder(onTestFinished, {
			'd/a.yaml': 'a: 1',
			'd/e/b.json': '{"b": 2}',
			'd/c.md': '#',
		});
		const found = await readSource(join(folder, 'd'), world());
		expect(found).toMatchObject({ source: join(folder, 'd'), kind: 'manifests', commit: null, problems: [] });
		expect(found.documents).toEqual([
			{ file: join(folder, 'd/a.yaml'), index: 0, value: { a: 1 } },
			{ file: join(folder, 'd/e/b.json'), index: 0, value: { b: 2 } },
		]);
		expect([...found.texts.keys()]).toEqual([join(folder, 'd/a.yaml'), join(folder, 'd/e/b.json')]);
		expect(found.digest).toMatch(DIGEST);
	});

	it('is a file, whatever its name, also one that looks like a revision', async () => {
		const folder = await temporaryFolder(onTestFinished, { 'main:deploy': 'a: 1' });
		const found = await readSource(join(folder, 'main:deploy'), world({ folder }));
		expect([values(found), found.commit]).toEqual([[{ a: 1 }], null]);
	});

	it('is standard input', async () => {
		const found = await readSource('-', world({ stdin: Readable.from([Buffer.from('a: 1\n---\nb: 2\n')]) }));
		expect(found.documents.map(({ file, index, value }) => [file, index, value])).toEqual([
			['<stdin>', 0, { a: 1 }],
			['<stdin>', 1, { b: 2 }],
		]);
	});

	it('is a capture by its content, from a file or standard input, and then a whole cluster', async () => {
		const bytes = captureBytes([node(1), service('web', ['10.96.0.20'])]);
		const folder = await temporaryFolder(onTestFinished, { 'any.name': bytes });
		const found = await readSource(join(folder, 'any.name'), world());
		expect(found).toMatchObject({ kind: 'cluster', commit: null, problems: [] });
		expect(values(found)).toEqual([node(1), service('web', ['10.96.0.20'])]);
		expect(await readSource('-', world({ stdin: Readable.from([bytes]) }))).toMatchObject({
			kind: 'cluster',
			digest: found.digest,
		});
	});

	it('is a live cluster, with its Pods', async () => {
		const server = await startStandIn();
		onTestFinished(server.close);
		server.put(node(1), { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p', namespace: 'shop' }, spec: {} });
		const folder = await temporaryFolder(onTestFinished, { config: kubeconfig(server.url) });
		const cluster = { kubeconfig: join(folder, 'config'), context: null };
		const counts: number[] = [];
		const found = await readSource('live:', world({ cluster, onObjects: (objects) => counts.push(objects) }));
		expect(found).toMatchObject({ kind: 'cluster', commit: null });
		expect(JSON.stringify(values(found))).toMatch(/"name":"n1".*"name":"p"/);
		expect(counts.at(-1)).toBe(2);
		expect((await readSource('live:test', world({ cluster }))).digest).toBe(found.digest);
		await expect(readSource('live:other', world({ cluster }))).rejects.toThrow(/no context other; it has test/);
	});

	it('without permission to list Pods a live cluster is refused: half of it would be taken for all', async () => {
		const server = await startStandIn();
		onTestFinished(server.close);
		server.put(node(1));
		server.refuse(403, { resource: 'pods' });
		const folder = await temporaryFolder(onTestFinished, { config: kubeconfig(server.url) });
		const cluster = { kubeconfig: join(folder, 'config'), context: null };
		await expect(readSource('live:', world({ cluster }))).rejects.toThrow(
			/refused \/api\/v1\/pods with status 403: .*; nft-gen needs the verb list on services, endpointslices, nodes and pods of the whole cluster$/,
		);
	});
});

describe('the digest', () => {
	it('is of names and contents, not of the place: a folder and a commit of it have one', async () => {
		const { folder, commit } = await repository(onTestFinished);
		commit({ 'deploy/a.yaml': 'a: 1\n', 'deploy/b/c.yaml': 'c: 1\n', 'other.yaml': 'o: 1\n' });
		const ofFolder = await readSource(join(folder, 'deploy'), world({ folder }));
		const ofCommit = await readSource('HEAD:deploy', world({ folder }));
		expect(ofCommit.digest).toBe(ofFolder.digest);
		expect((await readSource('HEAD:', world({ folder }))).digest).not.toBe(ofFolder.digest);
	});

	it('changes with a name, a content, and where one file’s end moves to the next', async () => {
		const digests = await Promise.all(
			[
				{ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' },
				{ 'a.yaml': 'a: 2\n', 'b.yaml': 'b: 1\n' },
				{ 'a.yaml': 'a: 1\n', 'c.yaml': 'b: 1\n' },
				{ 'a.yaml': 'a: 1\nb: 1\n', 'b.yaml': '' },
			].map(async (files) => (await readSource(await temporaryFolder(onTestFinished, files), world())).digest),
		);
		expect(new Set(digests).size).toBe(4);
	});
});

describe('a source that cannot be read', () => {
	async function why(source: string, files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
		const folder = await temporaryFolder(onTestFinished, files);
		return readSource(source.replace('FOLDER', folder), world({ folder })).then(
			() => 'read',
			(error: Error) => `${error.name}: ${error.message.replaceAll(folder, 'FOLDER')}`,
		);
	}

	it.each([
		['FOLDER/none', 'SourceError: FOLDER/none does not exist; of a commit it would be REVISION:FOLDER/none'],
		['main:deploy', 'SourceError: this folder is in no git repository'],
		['git:main:deploy', 'SourceError: this folder is in no git repository'],
		['FOLDER/x.gz', 'SourceError: FOLDER/x.gz is a capture that was cut off'],
		['FOLDER/y.gz', 'SourceError: FOLDER/y.gz is damaged'],
	])('%s', async (source, sentence) => {
		const bytes = captureBytes([node(1)]);
		const damaged = Buffer.concat([bytes.subarray(0, 10), Buffer.alloc(60, 0xff)]);
		expect(await why(source, { 'x.gz': bytes.subarray(0, 40), 'y.gz': damaged })).toBe(sentence);
	});

	it('standard input that breaks off', async () => {
		const stdin = new Readable({
			read() {
				this.destroy(new Error('gone'));
			},
		});
		await expect(readSource('-', world({ stdin }))).rejects.toThrow('standard input cannot be used: gone');
	});

	it('what is wrong inside is a problem, and the rest is read', async () => {
		const folder = await temporaryFolder(onTestFinished, {
			'a.yaml': 'a: [\n',
			'b.yaml': 'b: 1\n',
			'big.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n',
		});
		const found = await readSource(folder, world());
		expect(values(found).filter(Boolean)).toEqual([{ b: 1 }]);
		expect(found.problems.map(({ code, sentence, hint }) => [code, sentence, hint])).toEqual([
			['unparsable-file', expect.stringMatching(/cannot be parsed/), null],
			[
				'unreadable-file',
				'it is a pointer of Git LFS, not the file itself; nothing is read from it',
				'read the files after "git lfs pull"; commits hold pointers only',
			],
		]);
	});
});

describe('symbolic links in a folder', () => {
	it('are followed inside the repository, or the folder where there is none, and not out of it', async () => {
		const outside = await temporaryFolder(onTestFinished, { 'secret.yaml': 'password: x' });
		const { folder, commit } = await repository(onTestFinished);
		commit({ 'shared/a.yaml': 'a: 1', 'deploy/b.yaml': 'b: 1' });
		symlinkSync('../shared/a.yaml', join(folder, 'deploy/in.yaml'));
		symlinkSync(join(outside, 'secret.yaml'), join(folder, 'deploy/out.yaml'));
		const found = await readSource(join(folder, 'deploy'), world());
		expect(values(found)).toEqual([{ b: 1 }, { a: 1 }]);
		expect(found.problems.map(({ sentence }) => sentence.replace(folder, 'REPOSITORY'))).toEqual([
			'it is a symbolic link that leads out of REPOSITORY; nothing is read from it',
		]);
		const plain = await temporaryFolder(onTestFinished, { 'd/a.yaml': 'a: 1', 'x.yaml': 'x: 1' });
		symlinkSync('../x.yaml', join(plain, 'd/out.yaml'));
		expect((await readSource(join(plain, 'd'), world())).problems).toHaveLength(1);
	});
});
