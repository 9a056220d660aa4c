import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { shown } from '../model/names.ts';
import { repositoryRoot } from './git/repository-root.ts';
import { reason } from './reason.ts';
import { SourceError } from './source-error.ts';
import { readText } from './text-file.ts';

/** What the file of a repository is called. */
export const CONFIG_NAME = 'nft-gen.yaml';

/** A configuration file before anything is made of it. */
export interface ConfigFile {
	/** as messages name it */
	readonly file: string;
	readonly text: string;
	/** of the working tree, from which its paths count */
	readonly folder: string;
	/** where it and the files of entries and assertions beside it are read from; null for the working tree */
	readonly revision: string | null;
}

/** Where one is, and what git is asked with. */
export interface ConfigPlace {
	readonly folder: string;
	readonly environment: NodeJS.ProcessEnv;
}

/**
 * Finds the configuration in a folder or the nearest one above it, up to the root of the repository. Outside of repositories
 * the folder alone is looked into: what is above it may be anybody's.
 * @returns its path from the folder; null where there is none
 */
export async function findConfig(folder: string): Promise<string | null> {
	const root = (await repositoryRoot(folder)) ?? folder;
	for (let at = folder; ; at = dirname(at)) {
		const path = join(at, CONFIG_NAME);
		if ((await stat(path).catch(() => null)) !== null) return relative(folder, path);
		if (at === root || at === dirname(at)) return null;
	}
}

/**
 * Reads a configuration: a file, or `REVISION:PATH` where there is no such file.
 * @throws SourceError when there is none, or it cannot be read
 */
export async function readConfigFile(source: string, place: ConfigPlace): Promise<ConfigFile> {
	const found = await stat(source).catch((error: unknown) => reason(error));
	const colon = source.indexOf(':');
	if (typeof found === 'string' && colon > 0) {
		const [revision, path] = [source.slice(0, colon), source.slice(colon + 1)];
		const { blobText, rootOf } = await import('./git/git-file.ts');
		const folder = dirname(join(await rootOf(place), path));
		return { file: source, text: await blobText(revision, path, place), folder, revision };
	}
	const text = await readText(source).catch((cause: unknown) => {
		throw new SourceError(`the configuration ${shown(source)} ${reason(cause)}`, { cause });
	});
	return { file: source, text, folder: dirname(resolve(place.folder, source)), revision: null };
}

/**
 * A path of the configuration as the current folder has it. A pull request may bring any configuration along: what it names
 * has to be in its own repository, also behind symbolic links.
 * @throws SourceError when it is not, or does not exist
 */
export async function pathFrom(config: ConfigFile, path: string, place: ConfigPlace): Promise<string> {
	const target = inFolder(config, path);
	const real = await realpath(target).catch((cause: unknown) => {
		throw new SourceError(`${shown(path)} ${reason(cause)}`, { cause });
	});
	const folder = await realpath(config.folder);
	const root = (await repositoryRoot(folder)) ?? folder;
	if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
		throw new SourceError(
			`${shown(path)} leads out of ${shown(basename(root))}, the folder that the configuration is for`,
		);
	}
	const from = relative(place.folder, target) || '.';
	// Else the first words would be taken for a way to name another source.
	return /^(?:-$|live:|git:)/.test(from) ? `./${from}` : from;
}

/**
 * Reads a file that the configuration names, from where the configuration is from.
 * @returns its name for messages, and its text
 * @throws SourceError when it cannot be read
 */
export async function readBeside(
	config: ConfigFile,
	path: string,
	place: ConfigPlace,
): Promise<{ readonly file: string; readonly text: string }> {
	if (config.revision !== null) {
		const { blobText } = await import('./git/git-file.ts');
		const inside = posix.join(posix.dirname(config.file.slice(config.revision.length + 1)), path);
		return { file: `${config.revision}:${inside}`, text: await blobText(config.revision, inside, place) };
	}
	const file = await pathFrom(config, path, place);
	const text = await readText(file).catch((cause: unknown) => {
		throw new SourceError(`${shown(path)} ${reason(cause)}`, { cause });
	});
	return { file, text };
}

function inFolder(config: ConfigFile, path: string): string {
	if (isAbsolute(path)) throw new SourceError(`${shown(path)} has to count from the folder of the configuration`);
	return resolve(config.folder, path);
}
