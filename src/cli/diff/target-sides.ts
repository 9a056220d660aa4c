import { basename, posix } from 'node:path';
import type { Target } from '../../config/config.ts';
import type { ConfigFile } from '../../host/config-file.ts';
import { blobText, isInRevision, usualBase } from '../../host/git/git-file.ts';
import { repositoryOf } from '../../host/git/git-revision.ts';
import { SourceError } from '../../host/source-error.ts';
import { shellLine } from '../../report/commands.ts';
import { plain } from '../../report/escape.ts';
import type { Configured } from '../configured.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { World } from '../world.ts';
import type { DiffRequest } from './diff.ts';

/** What is compared. */
export type Sides = Pick<DiffRequest, 'base' | 'baseIsEmpty' | 'head'>;

/**
 * What a target has in the working tree, and what it had where HEAD left the branch that the change is for.
 * @param path of its manifests, from the current folder
 * @param wanted the branch, where the command line names one
 * @throws CommandError when there is no such branch or no path
 */
export async function sidesOf(
	target: Target,
	path: string | null,
	wanted: string | null,
	file: ConfigFile,
): Promise<Sides> {
	if (path === null || target.path === null) {
		throw new CommandError(`the target ${target.name} has no path, so there is nothing to compare`);
	}
	const place = placeOf(file);
	try {
		const revision = `${wanted ?? target.base ?? (await usualBase(place))}...HEAD`;
		const { prefix } = await repositoryOf(place);
		const inside = posix.normalize(`${prefix}${target.path.text}`).replace(/\/$|^\.\/?$/g, '');
		const baseIsEmpty = !(await isInRevision(revision, inside, place));
		// With its kind of source in front: a pull request could bring along a file that is called so.
		return { base: `git:${revision}:${inside}`, baseIsEmpty, head: path };
	} catch (cause) {
		if (cause instanceof SourceError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw cause;
	}
}

/**
 * Says when a change changes the configuration too: with it, it may change the gates that it has to pass.
 * @param wanted the branch that the change is for, where the command line names one
 */
export async function tellChangedConfig(
	{ file, targets }: Configured,
	wanted: string | null,
	{ talk }: World,
): Promise<void> {
	if (file.revision !== null) return;
	const place = placeOf(file);
	try {
		const named = wanted ?? targets.find(({ base }) => base !== null)?.base ?? null;
		const base = named ?? (await usualBase(place));
		const { prefix } = await repositoryOf(place);
		const path = `${prefix}${basename(file.file)}`;
		if ((await blobText(`${base}...HEAD`, path, place)) === file.text) return;
		const again = shellLine([`${base}:${path}`]);
		talk.line(
			plain(
				`${file.file}: warning: it is changed too, and with it maybe the gates (--config ${again} takes those of ${base}) [changed-config]`,
			),
		);
	} catch (error) {
		// Without a branch, or a configuration on it, there were no gates; the comparison says what else is wrong.
		if (!(error instanceof SourceError)) throw error;
	}
}

function placeOf({ folder }: ConfigFile) {
	return { folder, environment: process.env };
}
