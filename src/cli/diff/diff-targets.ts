import type { Command } from 'commander';
import { isCheckId } from '../../check/catalogue.ts';
import type { Target } from '../../config/config.ts';
import { isFindingId } from '../../findings/catalogue.ts';
import { joinReports, type TargetReport } from '../../report/targets.ts';
import { targetOptions } from '../config-options.ts';
import { type Configured, targetFiles, told } from '../configured.ts';
import { CommandError, EXIT, worst } from '../exit.ts';
import { writeResult } from '../output.ts';
import { takesColour } from '../report.ts';
import type { World } from '../world.ts';
import { type DiffRequest, diffCommand, diffOutcome } from './diff.ts';
import { type DiffOptions, diffRequest } from './diff-request.ts';
import { type Sides, sidesOf, tellChangedConfig } from './target-sides.ts';

/**
 * `nft-gen diff` with a configuration: each target's manifests in the working tree, against those where its branch left the base.
 * One target is as if its sides were given; reports of several become one, and the exit code is the worst.
 * @param sides what the command line gives instead; null for nothing
 * @returns the exit code
 * @throws CommandError when the configuration or the only target cannot be used
 */
export async function diffTargets(
	configuration: Configured,
	sides: Sides | null,
	command: Command,
	world: World,
): Promise<number> {
	const [first, ...others] = configuration.targets;
	if (first === undefined) throw new CommandError('the configuration has no target');
	if (sides === null) await tellChangedConfig(configuration, command.opts<DiffOptions>().base ?? null, world);
	if (others.length === 0) return diffCommand(await requestOf(first, configuration, sides, command, world), world);
	if (sides !== null) {
		const names = configuration.targets.map(({ name }) => name).join(', ');
		throw new CommandError(`as what is BASE compared with HEAD? Pass --target with one of ${names}`, EXIT.usage);
	}
	return severalTargets(configuration, command, world);
}

async function severalTargets(configuration: Configured, command: Command, world: World): Promise<number> {
	const { output = null, format, write: writes } = command.opts<DiffOptions>();
	const outcomes: Outcome[] = [];
	for (const target of configuration.targets) {
		outcomes.push(await outcomeOf(target, configuration, command, quietUntilNeeded(target, world)));
	}
	const textIn = async (each: DiffRequest['format'], colour: boolean) => {
		const reports: TargetReport[] = [];
		for (const outcome of outcomes) reports.push(await outcome(each, colour));
		return { text: joinReports(each, reports), code: worst(reports.map(({ code }) => code)) };
	};
	const { text, code } = await textIn(format, output === null && takesColour(world.stdout, process.env));
	await writeResult(output, text, world.stdout);
	for (const each of writes) await writeResult(each.file, (await textIn(each.format, false)).text, world.stdout);
	return code;
}

/** Says which target messages are about, before the first of them. */
function quietUntilNeeded({ name }: Target, world: World): World {
	let named = false;
	const line = (text: string) => {
		if (!named) world.talk.line(`target ${name}`);
		named = true;
		world.talk.line(text);
	};
	return { ...world, talk: { ...world.talk, line } };
}

type Outcome = (format: DiffRequest['format'], colour: boolean) => Promise<TargetReport>;

/** A target that cannot be compared does not keep others from it. */
async function outcomeOf(target: Target, configuration: Configured, command: Command, world: World): Promise<Outcome> {
	const { name } = target;
	try {
		const { code, report } = await diffOutcome(await requestOf(target, configuration, null, command, world), world);
		return async (format, colour) => ({ name, code, report: { text: await report(format, colour) } });
	} catch (error) {
		if (!(error instanceof CommandError)) throw error;
		world.talk.line(`nft-gen: ${error.message}`);
		return async () => ({ name, code: error.code, report: { error: error.message } });
	}
}

async function requestOf(
	target: Target,
	configuration: Configured,
	given: Sides | null,
	command: Command,
	world: World,
): Promise<DiffRequest> {
	const { options, problems } = targetOptions<DiffOptions>(command, target);
	if (problems.length > 0) throw await told(problems, configuration.file, world);
	const files = await targetFiles(target, configuration, world);
	const sides = given ?? (await sidesOf(target, files.path, options.base ?? null, configuration.file));
	const isTyped = command.getOptionValueSource('severity') === 'cli';
	const severity = isTyped ? options.severity : options.severity.filter(isOfDiff);
	const request = diffRequest(sides.base, sides.head, { ...options, severity }, wordsOf(target));
	return {
		...request,
		...sides,
		cluster: request.cluster ?? files.cluster,
		ignore: request.ignore ?? files.ignores,
		key: options.key === '' ? target.name : options.key,
	};
}

/** A configuration has severities of checks too, which are for `check`. */
function isOfDiff(text: string): boolean {
	const [id = ''] = text.split('=');
	return isFindingId(id) || !isCheckId(id);
}

/** The words of the command line, with the target. */
function wordsOf({ name }: Target): readonly string[] {
	const words = process.argv.slice(3);
	return words.some((word) => /^--target(?:=|$)/.test(word)) ? words : [...words, '--target', name];
}
