import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Document } from '../model/document.ts';
import { shown } from '../model/names.ts';
import { CaptureError, isCapture, openCapture } from './capture-file.ts';
import { repositoryRoot } from './git/repository-root.ts';
import type { ClusterChoice } from './kubeconfig.ts';
import { fileContent, READ_LIMITS, STDIN, TooLargeError } from './manifests/file-content.ts';
import { type Manifests, parseFiles, readManifests } from './manifests/manifests.ts';
import type { ReadLimits, SourceText } from './manifests/parsed.ts';
import { reason } from './reason.ts';
import { SourceError } from './source-error.ts';
import { WITH_PODS } from './watch/resources.ts';

/** What a source gave. */
export interface SourceContent extends Manifests {
	/** as the user named it: `git:main:deploy` */
	readonly source: string;
	/** `cluster`: a capture or a live cluster, all of it; `manifests`: what somebody wants to be in one */
	readonly kind: 'manifests' | 'cluster';
	/** the full commit; null where it is none */
	readonly commit: string | null;
	/** of everything that was read, `sha256:` and 64 hex digits; equal files give equal ones, wherever they are */
	readonly digest: string;
}

/** What sources are read with. */
export interface SourceWorld {
	/** where git is asked: the current folder */
	readonly folder: string;
	readonly stdin: NodeJS.ReadableStream;
	readonly environment: NodeJS.ProcessEnv;
	/** its context holds where `live:` names none */
	readonly cluster: ClusterChoice;
	/** told how many objects of a live cluster are there so far */
	readonly onObjects: (objects: number) => void;
}

type Content = Omit<SourceContent, 'source'>;

/** A source with nothing in it: a folder before it came to be. */
export function emptySource(source: string): SourceContent {
	return { source, ...ofFiles({ documents: [], texts: new Map(), problems: [] }, null, (file) => file) };
}

/**
 * Reads a source: a file or folder, `-`, a capture, `git:REV:PATH` or `REV:PATH`, `live:` or `live:CONTEXT`. What exists as a file
 * or folder is one, whatever else its name could mean. What is wrong inside of it is a problem; the rest is read all the same.
 * @throws SourceError when there is no such thing; ClusterError when a live cluster cannot be read
 */
export async function readSource(source: string, world: SourceWorld, limits = READ_LIMITS): Promise<SourceContent> {
	return { source, ...(await contentOf(source, world, limits)) };
}

function contentOf(source: string, world: SourceWorld, limits: ReadLimits): Promise<Content> {
	if (source === '-') return readFile(STDIN, 'standard input', world, limits);
	if (source.startsWith('live:')) return readLive(source.slice('live:'.length), world);
	if (source.startsWith('git:')) return readGit(source.slice('git:'.length), world);
	return readPath(source, world, limits);
}

async function readPath(path: string, world: SourceWorld, limits: ReadLimits): Promise<Content> {
	const found = await stat(path).catch((error: unknown) => reason(error));
	if (typeof found === 'string') {
		if (path.includes(':')) return readGit(path, world);
		throw new SourceError(`${shown(path)} ${found}; of a commit it would be REVISION:${shown(path)}`);
	}
	if (found.isDirectory()) return readFolder(path, world, limits);
	return readFile(path, shown(path), world, limits);
}

/** @param name as messages begin with it */
async function readFile(file: string, name: string, { stdin }: SourceWorld, limits: ReadLimits): Promise<Content> {
	const content = await fileContent(file, stdin, limits).catch((cause: unknown) => {
		const why = cause instanceof TooLargeError ? cause.message : reason(cause);
		throw new SourceError(`${name} ${why}`, { cause });
	});
	if ('bytes' in content && isCapture(content.bytes)) return captured(file, content.bytes);
	return ofFiles(await parseFiles([content]), null, () => '');
}

/** Nothing can be compared with half a cluster: what is wrong with a capture ends it. */
function captured(file: string, bytes: Buffer): Content {
	try {
		return ofCluster(openCapture(file, bytes));
	} catch (cause) {
		if (!(cause instanceof CaptureError)) throw cause;
		throw new SourceError(`${shown(file)} ${cause.message}`, { cause });
	}
}

async function readFolder(path: string, { stdin }: SourceWorld, limits: ReadLimits): Promise<Content> {
	const manifests = await readManifests([path], stdin, await fenceAround(await realpath(path)), limits);
	return ofFiles(manifests, null, (file) => relative(path, file));
}

/** What a folder's symbolic links may lead to: the repository it is in, else itself. A pull request can bring any link along. */
async function fenceAround(folder: string): Promise<string> {
	return (await repositoryRoot(folder)) ?? folder;
}

async function readGit(text: string, world: SourceWorld): Promise<Content> {
	const colon = text.indexOf(':');
	const [revision, path] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
	// Loaded here only: other sources do without.
	const { readTree } = await import('./git/git-tree.ts');
	const tree = await readTree(revision, path, world);
	const parsed = await parseFiles(tree.files);
	const manifests = { ...parsed, problems: [...tree.problems, ...parsed.problems] };
	return ofFiles(manifests, tree.commit, (file) => file.slice(tree.path === '' ? 0 : tree.path.length + 1));
}

async function readLive(context: string, { cluster, onObjects }: SourceWorld): Promise<Content> {
	// Loaded here only: it brings Node's HTTP along, which no file needs.
	const { readCluster } = await import('./cluster.ts');
	const choice = context === '' ? cluster : { ...cluster, context };
	return ofCluster(await readCluster(choice, onObjects, WITH_PODS));
}

/** @param nameOf a file's name inside the source, so that a folder and a commit of it have one digest */
function ofFiles(manifests: Manifests, commit: string | null, nameOf: (file: string) => string): Content {
	const digest = digestOf([...manifests.texts].map(([file, source]) => [nameOf(file), contentIn(source)]));
	return { ...manifests, kind: 'manifests', commit, digest };
}

/** What stands for a file in the digest: its text, or the digest of what was not held. */
function contentIn(source: SourceText): string {
	return 'text' in source ? source.text : `sha256:${source.sha256}`;
}

function ofCluster(documents: readonly Document[]): Content {
	const digest = digestOf(documents.map(({ value }) => ['', JSON.stringify(value)]));
	return { documents, texts: new Map(), problems: [], kind: 'cluster', commit: null, digest };
}

/** Each name and text goes in with its length, so that no two lists of files look the same. */
function digestOf(files: readonly (readonly [name: string, text: string])[]): string {
	const hash = createHash('sha256');
	const sorted = [...files].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	for (const part of sorted.flat()) hash.update(`${Buffer.byteLength(part)}\n`).update(part);
	return `sha256:${hash.digest('hex')}`;
}
