import { type Command, InvalidArgumentError, type Option } from 'commander';
import type { OptionSetting, Target } from '../config/config.ts';
import type { Problem } from '../model/problem.ts';

/** What commander makes of the options about nft-gen.yaml. */
export interface ConfigSelection {
	/** false for --no-config */
	readonly config?: string | false;
	readonly target?: string;
}

/** Adds where the configuration is, and which of its targets is meant. */
export function addConfigOptions(command: Command): Command {
	return command
		.optionsGroup('Configuration (options given here beat it):')
		.option('--config <file>', 'a file, or REVISION:PATH of the repository (default: the nearest nft-gen.yaml)')
		.option('--no-config', 'do without nft-gen.yaml')
		.option('--target <name>', 'only this target of the configuration');
}

/** The options of a command with what a target says where the command line says nothing. */
export interface TargetOptions<Options> {
	readonly options: Options;
	/** values that an option does not take */
	readonly problems: readonly Problem[];
}

/**
 * Lays the command line over a target. A setting is read as the option of its name would be; those that are no options of the
 * command are for other commands.
 * @typeParam Options what commander makes of the command line
 */
export function targetOptions<Options extends object>(command: Command, target: Target): TargetOptions<Options> {
	const read = target.options.flatMap((setting) => {
		const option = command.options.find(({ long }) => long === `--${setting.key}`);
		if (option === undefined || command.getOptionValueSource(option.attributeName()) === 'cli') return [];
		return [readSetting(option, setting, target.name)];
	});
	const values = read.flatMap((each) => ('value' in each ? [[each.name, each.value] as const] : []));
	return {
		options: { ...command.opts<Options>(), ...Object.fromEntries(values) },
		problems: read.flatMap((each) => ('value' in each ? [] : [each])),
	};
}

function readSetting(
	option: Option,
	{ key, value, place }: OptionSetting,
	target: string,
): { readonly name: string; readonly value: unknown } | Problem {
	const name = option.attributeName();
	if (typeof value === 'boolean') return { name, value };
	try {
		const start: unknown = Array.isArray(option.defaultValue) ? [] : undefined;
		return { name, value: value.reduce((before, text) => option.parseArg?.(text, before) ?? text, start) };
	} catch (error) {
		if (!(error instanceof InvalidArgumentError)) throw error;
		const sentence = `${key} cannot be "${value.join(', ')}". ${error.message}`;
		return { code: 'bad-config', severity: 'error', origin: place, object: `target ${target}`, sentence, hint: null };
	}
}
