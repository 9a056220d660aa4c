import type { Target, Written } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { type Ignores, readIgnores } from '../findings/ignores.ts';
import { type ConfigFile, findConfig, pathFrom, readBeside, readConfigFile } from '../host/config-file.ts';
import { SourceError } from '../host/source-error.ts';
import { shown } from '../model/names.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem } from '../model/problem.ts';
import { plain } from '../report/escape.ts';
import type { ConfigSelection } from './config-options.ts';
import { CommandError, EXIT } from './exit.ts';
import { locate, problemLines } from './report.ts';
import type { World } from './world.ts';

/** A configuration that was read, and the targets that are meant. */
export interface Configured {
	readonly file: ConfigFile;
	/** one at least */
	readonly targets: readonly Target[];
}

/** The files of a target, as the current folder has them. */
export interface TargetFiles {
	/** null where it has no manifests of its own */
	readonly path: string | null;
	/** a capture or `live:CONTEXT` */
	readonly cluster: string | null;
	readonly ignores: Ignores | null;
	/** a file of assertions: its name for messages, and its text */
	readonly assertions: { readonly file: string; readonly text: string } | null;
}

const place = () => ({ folder: process.cwd(), environment: process.env });

/**
 * Reads nft-gen.yaml: the one that is named, else the nearest.
 * @returns null with --no-config, and where there is none
 * @throws CommandError when it is wrong, after what is wrong was told, or has no such target
 */
export async function configured({ config, target }: ConfigSelection, world: World): Promise<Configured | null> {
	const source = config === false ? null : (config ?? (await findConfig(process.cwd())));
	if (source === null) {
		if (target === undefined) return null;
		throw new CommandError('--target is one of nft-gen.yaml, and there is none', EXIT.usage);
	}
	const file = await orCommandError(readConfigFile(source, place()));
	const read = readConfig(file.text, file.file);
	if ('problems' in read) throw await told(read.problems, file, world);
	if (target === undefined) return { file, targets: read.targets };
	const chosen = read.targets.filter(({ name }) => name === target);
	if (chosen.length > 0) return { file, targets: chosen };
	const near = nearest(
		target,
		read.targets.map(({ name }) => name),
	);
	throw new CommandError(
		`${plain(file.file)} has no target ${shown(target)} (did you mean ${near.join(', ')}?)`,
		EXIT.usage,
	);
}

/**
 * Tells what is wrong with a configuration.
 * @returns what ends the command
 */
export async function told(problems: readonly Problem[], file: ConfigFile, { talk }: World): Promise<CommandError> {
	const texts = new Map([[file.file, { text: file.text, documents: null }]]);
	for (const line of problemLines(problems, await locate(problems, texts), talk.colour)) talk.line(line);
	return new CommandError(`${plain(file.file)} cannot be used`);
}

/**
 * Finds and reads what a target names.
 * @throws CommandError when something is not there, or outside of the repository
 */
export async function targetFiles(target: Target, configuration: Configured, world: World): Promise<TargetFiles> {
	const { file } = configuration;
	const at = async <T>({ place: origin }: Written, work: Promise<T>): Promise<T> => {
		try {
			return await work;
		} catch (cause) {
			if (!(cause instanceof SourceError)) throw cause;
			const { message: sentence } = cause;
			const object = `target ${target.name}`;
			throw await told([{ code: 'bad-config', severity: 'error', origin, object, sentence, hint: null }], file, world);
		}
	};
	const pathOf = async (written: Written | null) =>
		written === null ? null : at(written, pathFrom(file, written.text, place()));
	const textOf = async (written: Written | null) =>
		written === null ? null : at(written, readBeside(file, written.text, place()));
	return {
		path: await pathOf(target.path),
		cluster: target.cluster?.text.startsWith('live:') ? target.cluster.text : await pathOf(target.cluster),
		ignores: await ignoresOf(target, textOf),
		assertions: await textOf(target.assertions),
	};
}

async function ignoresOf(
	{ ignore }: Target,
	textOf: (written: Written) => Promise<{ readonly file: string; readonly text: string } | null>,
): Promise<Ignores | null> {
	if (ignore === null) return null;
	if ('entries' in ignore) return ignore.entries;
	const found = await textOf(ignore.file);
	return found === null ? null : readIgnores(found.text, found.file);
}

async function orCommandError<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (cause) {
		if (cause instanceof SourceError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw cause;
	}
}
