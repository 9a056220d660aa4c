import type { Command } from 'commander';
import { configured } from '../configured.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { World } from '../world.ts';
import { diffCommand } from './diff.ts';
import { type DiffOptions, diffRequest } from './diff-request.ts';

/** The sides that the command line names. */
interface Words {
	readonly base: string | undefined;
	readonly head: string | undefined;
}

/**
 * `nft-gen diff`, with two sides or with a configuration.
 * @returns the exit code
 * @throws CommandError when there is neither, or the comparison fails
 */
export async function diffAsAsked({ base, head }: Words, command: Command, world: World): Promise<number> {
	const options = command.opts<DiffOptions>();
	if (base !== undefined && head === undefined) {
		throw new CommandError(`HEAD is missing: with what is ${base} to be compared?`, EXIT.usage);
	}
	const named = options.target !== undefined || typeof options.config === 'string';
	if (base !== undefined && head !== undefined) {
		if (options.base !== undefined) throw new CommandError('--base is for diff without BASE and HEAD', EXIT.usage);
		if (!named) return diffCommand(diffRequest(base, head, options, process.argv.slice(3)), world);
	}
	const configuration = await configured(options, world);
	if (configuration === null) {
		throw new CommandError(
			'what is to be compared? Give BASE and HEAD, or have nft-gen.yaml in the repository',
			EXIT.usage,
		);
	}
	const sides = base === undefined || head === undefined ? null : { base, baseIsEmpty: false, head };
	// Loaded here only: two sides do without.
	const { diffTargets } = await import('./diff-targets.ts');
	return diffTargets(configuration, sides, command, world);
}
