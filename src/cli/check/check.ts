import { resolve } from 'node:path';
import { readAssertions } from '../../check/assertions/read.ts';
import { CHECK_IDS, type CheckId } from '../../check/catalogue.ts';
import { check } from '../../check/check.ts';
import { type FailOn, failing, readCheckId, readCheckSeverity } from '../../check/gates.ts';
import type { KernelAnswer } from '../../check/kernel-level.ts';
import { representatives } from '../../check/representatives.ts';
import type { CheckChoice } from '../../check/result.ts';
import { type ClusterChoice, ClusterError } from '../../host/kubeconfig.ts';
import type { SourceText } from '../../host/manifests/parsed.ts';
import { reason } from '../../host/reason.ts';
import { SourceError } from '../../host/source-error.ts';
import { readSource, type SourceContent } from '../../host/sources.ts';
import type { FailedGate, FindingSeverity } from '../../model/change-set.ts';
import type { CheckPlaces, CheckReport } from '../../model/check-report.ts';
import type { ClusterState } from '../../model/cluster-state.ts';
import { shown } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import { prepare } from '../../overlay/prepare.ts';
import { readCluster } from '../../pipeline.ts';
import { showBy } from '../../render/templates.ts';
import { checkJsonReport } from '../../report/check-json.ts';
import { checkJunitReport } from '../../report/check-junit.ts';
import { checkSarifReport } from '../../report/check-sarif.ts';
import { checkTapReport } from '../../report/check-tap.ts';
import { checkTextReport } from '../../report/check-text.ts';
import { failureCounts, isComplete } from '../../report/check-words.ts';
import { builtInTemplates } from '../built-in-templates.ts';
import { CommandError, EXIT } from '../exit.ts';
import { whyNoInput } from '../input.ts';
import { writeResult } from '../output.ts';
import { takesColour } from '../report.ts';
import { VERSION } from '../version.ts';
import type { World } from '../world.ts';
import { END_READERS } from './check-ends.ts';

/** A file of assertions, as messages name it. */
export interface AssertionFile {
	readonly file: string;
	readonly text: string;
}

/** What the command line asked for. */
export interface CheckCommand {
	readonly source: string;
	/** over which the source is laid; null for nothing */
	readonly cluster: string | null;
	/** of live clusters */
	readonly choice: ClusterChoice;
	readonly network: NetworkSettings;
	/** a file's name, or one that is read already; null for no assertions */
	readonly assertions: string | AssertionFile | null;
	/** ids; null for all lints and traps */
	readonly lints: readonly string[] | null;
	/** `ID=LEVEL` */
	readonly severities: readonly string[];
	readonly failOn: FailOn;
	readonly strict: boolean;
	/** load the rules of some nodes into a real kernel */
	readonly kernel: boolean;
	readonly format: 'text' | 'tap' | 'junit' | 'sarif' | 'json';
	/** null is standard output */
	readonly output: string | null;
}

/** What came of a check. */
export interface CheckOutcome {
	/** the exit code */
	readonly code: number;
	/** Writes a report of it. */
	readonly report: (format: CheckCommand['format'], colour: boolean) => string;
}

/**
 * `nft-gen check`: tells what is wrong with a cluster's input, rules and policies, and which assertions do not hold.
 * @returns the exit code
 * @throws CommandError when the input cannot be read, or the command line makes no sense
 */
export async function checkCommand(command: CheckCommand, world: World): Promise<number> {
	const { code, report } = await checkOutcome(command, world);
	const colour = command.output === null && takesColour(world.stdout, process.env);
	await writeResult(command.output, report(command.format, colour), world.stdout);
	return code;
}

/**
 * Checks.
 * @throws CommandError as above
 */
export async function checkOutcome(command: CheckCommand, world: World): Promise<CheckOutcome> {
	const choice = choiceOf(command);
	const asserted = await assertionFile(command.assertions);
	const source = await read(command.source, command, world);
	const cluster = command.cluster === null ? null : (await read(command.cluster, command, world)).documents;
	const prepared = prepare(source.documents, source.documents, cluster);
	const { state, problems, intake } = readCluster(prepared.head, command.network);
	const nothing = whyNoInput(intake);
	if (nothing !== null) throw new CommandError(`nothing can be checked: ${nothing}`);
	const report = check({
		source: command.source,
		documents: prepared.head,
		state,
		problems: withoutAssertions([...source.problems, ...problems], asserted),
		symbols: prepared.symbols,
		gaps: prepared.gaps,
		network: command.network,
		choice,
		kernel: command.kernel ? await askKernel(state, command.network) : null,
		assertions: asserted === null ? null : readAssertions(asserted.text, asserted.file, END_READERS),
		read: readOptions(command, source),
	});
	const places = await placesOf(report, textsOf(source, asserted));
	const gates = gatesOf(report, command.failOn);
	return {
		code: gates.length > 0 ? EXIT.gate : command.strict && !isComplete(report) ? EXIT.incomplete : EXIT.done,
		report: (format, colour) => reportText(report, places, gates, command.failOn, format, colour),
	};
}

/** @throws CommandError when nothing can be loaded though namespaces are allowed */
async function askKernel(state: ClusterState, network: NetworkSettings): Promise<KernelAnswer> {
	// Loaded here only: it takes programs and templates that no other level needs.
	const { kernelLevel } = await import('./kernel-level.ts');
	const show = showBy(await builtInTemplates());
	try {
		return await kernelLevel(representatives(state, network), show);
	} catch (cause) {
		throw new CommandError(`the kernel cannot be asked: it ${reason(cause)}`, EXIT.failed, { cause });
	}
}

function choiceOf({ lints, severities }: CheckCommand): CheckChoice {
	const asked = (lints ?? CHECK_IDS).map((text): CheckId => {
		const id = readCheckId(text);
		if (typeof id !== 'string') throw new CommandError(`--lint: ${id.wrong}`, EXIT.usage);
		return id;
	});
	const levels = severities.map((text): readonly [CheckId, FindingSeverity] => {
		const severity = readCheckSeverity(text);
		if ('wrong' in severity) throw new CommandError(`--severity: ${severity.wrong}`, EXIT.usage);
		return [severity.id, severity.level];
	});
	return { asked: new Set(asked), severities: new Map(levels) };
}

async function assertionFile(given: CheckCommand['assertions']): Promise<AssertionFile | null> {
	if (typeof given !== 'string') return given;
	const { readText } = await import('../../host/text-file.ts');
	const text = await readText(given).catch((cause: unknown) => {
		throw new CommandError(`the file of assertions ${shown(given)} ${reason(cause)}`, EXIT.failed, { cause });
	});
	return { file: given, text };
}

async function read(source: string, { choice }: CheckCommand, { stdin, talk }: World): Promise<SourceContent> {
	const onObjects = (objects: number) => talk.progress(`reading the cluster: ${objects} objects`);
	const place = { folder: process.cwd(), stdin, environment: process.env, cluster: choice, onObjects };
	try {
		return await readSource(source, place);
	} catch (cause) {
		if (!(cause instanceof SourceError || cause instanceof ClusterError)) throw cause;
		throw new CommandError(cause.message, EXIT.failed, { cause });
	}
}

/** The file of assertions may lie among the manifests; it is none. */
function withoutAssertions(problems: readonly Problem[], asserted: AssertionFile | null): readonly Problem[] {
	if (asserted === null) return problems;
	const file = resolve(asserted.file);
	return problems.filter(({ origin }) => origin === null || resolve(origin.file) !== file);
}

/** Other commands read files and folders; of what was laid over a capture, commits and standard input they know nothing. */
function readOptions({ source, cluster }: CheckCommand, { kind }: SourceContent): readonly string[] | null {
	const isFiles = kind === 'manifests' && source !== '-' && !source.includes(':');
	return cluster === null && isFiles ? ['-f', source] : null;
}

/** Of the file of assertions only the text counts; a folder of manifests may hold it too. */
function textsOf({ texts }: SourceContent, asserted: AssertionFile | null): ReadonlyMap<string, SourceText> {
	if (asserted === null || texts.has(asserted.file)) return texts;
	return new Map([...texts, [asserted.file, { text: asserted.text, documents: null }]]);
}

async function placesOf({ results }: CheckReport, texts: ReadonlyMap<string, SourceText>): Promise<CheckPlaces> {
	const origins = results.flatMap(({ origin }) => origin ?? []);
	if (origins.length === 0) return new Map();
	const { findPositions } = await import('../../host/manifests/positions.ts');
	return findPositions(origins, texts);
}

function gatesOf({ results }: CheckReport, failOn: FailOn): readonly FailedGate[] {
	const counts = failureCounts(results.filter(failing(failOn)));
	return counts === ''
		? []
		: [{ gate: `--fail-on ${failOn}`, sentence: `there ${/^1 \w+$/.test(counts) ? 'is' : 'are'} ${counts}` }];
}

function reportText(
	report: CheckReport,
	places: CheckPlaces,
	gates: readonly FailedGate[],
	failOn: FailOn,
	format: CheckCommand['format'],
	colour: boolean,
): string {
	switch (format) {
		case 'text':
			return checkTextReport(report, places, colour);
		case 'tap':
			return checkTapReport(report, places, failing(failOn));
		case 'junit':
			return checkJunitReport(report, places, failing(failOn));
		case 'sarif':
			return checkSarifReport(report, places, VERSION);
		case 'json':
			return checkJsonReport(report, places, gates, VERSION);
	}
}
