import type { Command } from 'commander';
import { isCheckId } from '../../check/catalogue.ts';
import type { Target } from '../../config/config.ts';
import { isFindingId } from '../../findings/catalogue.ts';
import { joinReports, type TargetReport } from '../../report/targets.ts';
import { targetOptions } from '../config-options.ts';
import { type Configured, configured, targetFiles, told } from '../configured.ts';
import { CommandError, EXIT, worst } from '../exit.ts';
import { writeResult } from '../output.ts';
import { takesColour } from '../report.ts';
import type { World } from '../world.ts';
import { type CheckCommand, checkCommand, checkOutcome } from './check.ts';
import { type CheckOptions, commandOf } from './check-request.ts';

/**
 * `nft-gen check`, of a source or of the targets of a configuration.
 * @param source null where the command line names none
 * @returns the exit code; of several targets the worst
 * @throws CommandError when there is nothing to check, or the check fails
 */
export async function checkAsAsked(source: string | null, command: Command, world: World): Promise<number> {
	const options = command.opts<CheckOptions>();
	const named = options.target !== undefined || typeof options.config === 'string';
	if (source !== null && !named) return checkCommand(commandOf(source, options), world);
	const configuration = await configured(options, world);
	if (configuration === null) {
		throw new CommandError('what is to be checked? Give SRC, or have nft-gen.yaml in the repository', EXIT.usage);
	}
	const [first, ...others] = configuration.targets;
	if (first === undefined) throw new CommandError('the configuration has no target');
	if (others.length === 0) return checkCommand(await ofTarget(first, source, configuration, command, world), world);
	if (source !== null) {
		const names = configuration.targets.map(({ name }) => name).join(', ');
		throw new CommandError(`as what is SRC checked? Pass --target with one of ${names}`, EXIT.usage);
	}
	return severalTargets(configuration, command, world);
}

async function severalTargets(configuration: Configured, command: Command, world: World): Promise<number> {
	const { format, output = null } = command.opts<CheckOptions>();
	if (format === 'tap' || format === 'junit') {
		const names = configuration.targets.map(({ name }) => name).join(', ');
		throw new CommandError(`--format ${format} is of one target: pass --target with one of ${names}`, EXIT.usage);
	}
	const colour = output === null && takesColour(world.stdout, process.env);
	const reports: TargetReport[] = [];
	for (const target of configuration.targets) {
		reports.push(await reportOf(target, configuration, command, { format, colour }, world));
	}
	await writeResult(output, joinReports(format, reports), world.stdout);
	return worst(reports.map(({ code }) => code));
}

/** A target that cannot be checked does not keep others from it. */
async function reportOf(
	target: Target,
	configuration: Configured,
	command: Command,
	{ format, colour }: { readonly format: CheckCommand['format']; readonly colour: boolean },
	world: World,
): Promise<TargetReport> {
	const { name } = target;
	try {
		const { code, report } = await checkOutcome(await ofTarget(target, null, configuration, command, world), world);
		return { name, code, report: { text: report(format, colour) } };
	} catch (error) {
		if (!(error instanceof CommandError)) throw error;
		world.talk.line(`nft-gen: target ${name}: ${error.message}`);
		return { name, code: error.code, report: { error: error.message } };
	}
}

async function ofTarget(
	target: Target,
	source: string | null,
	configuration: Configured,
	command: Command,
	world: World,
): Promise<CheckCommand> {
	const { options, problems } = targetOptions<CheckOptions>(command, target);
	if (problems.length > 0) throw await told(problems, configuration.file, world);
	const files = await targetFiles(target, configuration, world);
	const checked = source ?? files.path ?? files.cluster;
	if (checked === null) throw new CommandError(`the target ${target.name} has neither a path nor a cluster to check`);
	const isTyped = command.getOptionValueSource('severity') === 'cli';
	const request = commandOf(checked, isTyped ? options : { ...options, severity: options.severity.filter(isOfCheck) });
	return {
		...request,
		cluster: request.cluster ?? (checked === files.cluster ? null : files.cluster),
		assertions: request.assertions ?? files.assertions,
	};
}

/** A configuration has severities of findings too, which are for `diff`. */
function isOfCheck(text: string): boolean {
	const [id = ''] = text.split('=');
	return isCheckId(id) || !isFindingId(id);
}
