import { type FailOn, failedGates, readSeverity } from '../../findings/gates.ts';
import { type Ignores, readIgnores } from '../../findings/ignores.ts';
import { readScope, type Scope } from '../../findings/scope.ts';
import { type ClusterChoice, ClusterError } from '../../host/kubeconfig.ts';
import type { SourceText } from '../../host/manifests/parsed.ts';
import { reason } from '../../host/reason.ts';
import { SourceError } from '../../host/source-error.ts';
import { emptySource, readSource, type SourceContent, type SourceWorld } from '../../host/sources.ts';
import type { ChangeSet, FailedGate, Places } from '../../model/change-set.ts';
import { shown } from '../../model/names.ts';
import { type Origin, type Problem, problemKey } from '../../model/problem.ts';
import type { NotReplayed, Replay } from '../../model/replay.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import { preview } from '../../preview.ts';
import { itemLine } from '../../render/item-line.ts';
import { showBy } from '../../render/templates.ts';
import { replayReport } from '../../report/replay.ts';
import { builtInTemplates } from '../built-in-templates.ts';
import { CommandError, EXIT } from '../exit.ts';
import { writeResult } from '../output.ts';
import { locate, problemLines, takesColour } from '../report.ts';
import type { World } from '../world.ts';
import { commandsOf } from './diff-commands.ts';
import { isRefuted, replayPreview } from './diff-kernel.ts';
import { type ReportRequest, reportText } from './diff-report.ts';

/** What the command line asked for. */
export interface DiffRequest extends ReportRequest {
	readonly base: string;
	/** whether the base has nothing there yet, as before a folder is made */
	readonly baseIsEmpty: boolean;
	readonly head: string;
	/** over which both sides are laid; null for nothing */
	readonly cluster: string | null;
	/** of live clusters */
	readonly choice: ClusterChoice;
	readonly network: NetworkSettings;
	/** null is standard output */
	readonly output: string | null;
	/** further reports of the same comparison */
	readonly writes: readonly { readonly format: ReportRequest['format']; readonly file: string }[];
	/** `ID=LEVEL` */
	readonly severities: readonly string[];
	/** `NAMESPACE/NAME` */
	readonly onlyAffects: readonly string[];
	readonly maxRemovedPercent: number | null;
	readonly failOn: FailOn;
	/** a file, or entries that are read already */
	readonly ignore: string | Ignores | null;
	readonly detailedExitcode: boolean;
	readonly strict: boolean;
	/** replay what changes with real packets */
	readonly kernel: boolean;
	/** all words after `diff`, to tell how to see more */
	readonly args: readonly string[];
}

/** What came of a comparison. */
export interface DiffOutcome {
	/** the exit code */
	readonly code: number;
	/** Writes a report of it. */
	readonly report: (format: ReportRequest['format'], colour: boolean) => Promise<string>;
}

/**
 * `nft-gen diff`: tells what a change does, to people, programs and gates.
 * @returns the exit code
 * @throws CommandError when a side cannot be read, or the command line makes no sense
 */
export async function diffCommand(request: DiffRequest, world: World): Promise<number> {
	const { code, report } = await diffOutcome(request, world);
	const colour = request.output === null && takesColour(world.stdout, process.env);
	await writeResult(request.output, await report(request.format, colour), world.stdout);
	for (const { format, file } of request.writes) await writeResult(file, await report(format, false), world.stdout);
	return code;
}

/**
 * Compares, and says what is wrong with the input.
 * @throws CommandError as above
 */
export async function diffOutcome(request: DiffRequest, world: World): Promise<DiffOutcome> {
	const options = {
		severities: severitiesOf(request.severities),
		onlyAffects: request.onlyAffects.map(scopeOf),
		maxRemovedPercent: request.maxRemovedPercent,
	};
	const ignores = await ignoresOf(request.ignore);
	const sides = await readSides(request, world);
	const show = showBy(await builtInTemplates());
	const previewed = preview({
		...sides,
		network: request.network,
		options,
		ignores: ignores.entries,
		today: new Date().toISOString().slice(0, 10),
		lineOf: (item, family) => itemLine(item, family, show),
	});
	const { changes } = previewed;
	await tell([...ignores.problems, ...previewed.problems], changes, sides, world);
	const replayed = request.kernel ? await replayPreview(previewed, request.network, show) : null;
	const proof = replayed === null ? '' : replayReport(replayed);
	if (request.format !== 'text') for (const line of proof.split('\n').slice(0, -1)) world.talk.line(line);
	const gates = failedGates(changes.findings, request);
	const places = await placesOf(changes, sides);
	const commands = commandsOf(request);
	return {
		code: exitCode(changes, gates, replayed, request),
		report: async (format, colour) => {
			const text = await reportText(changes, places, gates, { ...request, format }, commands, colour);
			return format === 'text' && proof !== '' ? `${text}\n${proof}` : text;
		},
	};
}

interface Sides {
	readonly base: SourceContent;
	readonly head: SourceContent;
	readonly cluster: SourceContent['documents'] | null;
}

/** A cluster against manifests is what applying them would do to it. */
async function readSides(request: DiffRequest, { stdin, talk }: World): Promise<Sides> {
	const place: SourceWorld = {
		folder: process.cwd(),
		stdin,
		environment: process.env,
		cluster: request.choice,
		onObjects: (objects) => talk.progress(`reading the cluster: ${objects} objects`),
	};
	const base = request.baseIsEmpty ? emptySource(request.base) : await read(request.base, place);
	const head = await read(request.head, place);
	if (request.cluster !== null) {
		const cluster = await read(request.cluster, place);
		return { base, head, cluster: cluster.documents };
	}
	if (base.kind === 'cluster' && head.kind === 'manifests') {
		return { base: { ...base, documents: [] }, head, cluster: base.documents };
	}
	return { base, head, cluster: null };
}

async function read(source: string, world: SourceWorld): Promise<SourceContent> {
	try {
		return await readSource(source, world);
	} catch (cause) {
		if (!(cause instanceof SourceError || cause instanceof ClusterError)) throw cause;
		throw new CommandError(cause.message, EXIT.failed, { cause });
	}
}

function severitiesOf(texts: readonly string[]) {
	return new Map(
		texts.map((text) => {
			const severity = readSeverity(text);
			if ('wrong' in severity) throw new CommandError(`--severity: ${severity.wrong}`, EXIT.usage);
			return [severity.id, severity.level] as const;
		}),
	);
}

function scopeOf(text: string): Scope {
	const scope = readScope(text);
	if (scope !== null) return scope;
	throw new CommandError(
		`--only-affects: ${shown(text)} is not NAMESPACE/NAME, nor a NAMESPACE for all in it`,
		EXIT.usage,
	);
}

async function ignoresOf(file: string | Ignores | null): Promise<Ignores> {
	if (file === null) return { entries: [], problems: [] };
	if (typeof file !== 'string') return file;
	const { readText } = await import('../../host/text-file.ts');
	const text = await readText(file).catch((cause: unknown) => {
		throw new CommandError(`the file of ignored findings ${shown(file)} ${reason(cause)}`, EXIT.failed, { cause });
	});
	return readIgnores(text, file);
}

/** Says what is wrong with the input: of the base only what the head has mended. */
async function tell(own: readonly Problem[], { problems }: ChangeSet, { base, head }: Sides, { talk }: World) {
	const linesOf = async (list: readonly Problem[], texts: ReadonlyMap<string, SourceText>) =>
		problemLines(list, await locate(list, texts), talk.colour);
	const ofHead = await linesOf(problems.head, head.texts);
	const known = new Set(problems.head.map(problemKey));
	const ofBase = await linesOf(
		problems.base.filter((problem) => !known.has(problemKey(problem))),
		base.texts,
	);
	for (const line of await linesOf(own, new Map())) talk.line(line);
	for (const line of ofBase) talk.line(`base: ${line}`);
	for (const line of ofHead) talk.line(`head: ${line}`);
}

/** Where the causes stand, each in its own side's texts: both may have a file of one name. */
async function placesOf({ findings }: ChangeSet, { base, head }: Sides): Promise<Places> {
	const causes = findings.flatMap((finding) => finding.causes);
	const origins = (side: 'base' | 'head'): readonly Origin[] => causes.flatMap((cause) => cause[side] ?? []);
	if (causes.length === 0) return new Map();
	const { findPositions } = await import('../../host/manifests/positions.ts');
	const found = [...findPositions(origins('base'), base.texts), ...findPositions(origins('head'), head.texts)];
	return new Map(found.flatMap(([place, position]) => ('offset' in place ? [] : [[place, position]])));
}

function exitCode(
	changes: ChangeSet,
	gates: readonly FailedGate[],
	replayed: Replay | NotReplayed | null,
	request: DiffRequest,
): number {
	const { strict, detailedExitcode } = request;
	if (isRefuted(replayed)) return EXIT.failed;
	if (gates.length > 0) return EXIT.gate;
	const errors = [...changes.problems.base, ...changes.problems.head].some(({ severity }) => severity === 'error');
	const isIncomplete = changes.gaps.length > 0 || errors || replayed?.kind === 'not-replayed';
	if (strict && isIncomplete) return EXIT.incomplete;
	return detailedExitcode && changes.findings.length > 0 ? EXIT.changed : EXIT.done;
}
