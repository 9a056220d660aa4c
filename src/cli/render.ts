import { type ClusterChoice, ClusterError } from '../host/kubeconfig.ts';
import { type Manifests, readManifests } from '../host/manifests.ts';
import { writeWhole } from '../host/output.ts';
import { reason } from '../host/reason.ts';
import { builtInTemplates, readTemplates } from '../host/templates.ts';
import type { Problem } from '../model/problem.ts';
import type { Ruleset } from '../model/ruleset.ts';
import type { Settings } from '../model/settings.ts';
import { type Compiled, compileNode } from '../pipeline.ts';
import { render } from '../render/render.ts';
import { compileTemplates, type Show, TemplateError } from '../render/templates.ts';
import { CommandError, EXIT } from './exit.ts';
import { kindCounts, locate, problemCount, problemLines, type Talk } from './report.ts';

/** What the command line asked for. */
export interface RenderRequest extends ClusterChoice {
	readonly settings: Settings;
	/** files, folders and `-`; none asks the live cluster */
	readonly files: readonly string[];
	readonly output: string | null;
	readonly templates: string | null;
	readonly strict: boolean;
}

/** The world a command runs in. */
export interface World {
	readonly stdin: NodeJS.ReadableStream;
	readonly stdout: NodeJS.WritableStream;
	readonly talk: Talk;
}

/**
 * `nft-gen render`: prints or writes one node's ruleset and reports what was wrong with the input.
 * @returns the exit code
 * @throws CommandError when there is nothing to print
 */
export async function renderCommand(request: RenderRequest, world: World): Promise<number> {
	const { talk } = world;
	const show = await loadTemplates(request.templates);
	const manifests =
		request.files.length > 0 ? await readManifests(request.files, world.stdin) : await live(request, talk);
	const compiled = compileNode(manifests.documents, request.settings);
	const problems = [...manifests.problems, ...compiled.problems];
	const positions = await locate(problems, manifests.texts);
	for (const line of problemLines(problems, positions, talk.colour)) talk.line(line);
	const refusal = whyNothing(request, compiled, problems);
	if (refusal !== null || compiled.ruleset === null) {
		talk.line(`nft-gen: nothing was written: ${refusal}`);
		return EXIT.failed;
	}
	await writeResult(request.output, renderText(compiled.ruleset, show, request.templates), world);
	talk.line(summary(request.settings, compiled, problems));
	return EXIT.done;
}

/** Rules made of no input at all would take every Service away; nobody asks for that. */
function whyNothing(
	{ strict }: RenderRequest,
	{ ruleset, intake }: Compiled,
	problems: readonly Problem[],
): string | null {
	if (kindCounts(intake.read) === '') return 'there is no Service, EndpointSlice or Node in the input';
	if (ruleset === null) return 'no rules can be made for this node';
	const errors = problems.some((problem) => problem.severity === 'error');
	return strict && errors ? 'the input has errors, and --strict was given' : null;
}

async function loadTemplates(folder: string | null): Promise<Show> {
	const builtIn = await readTemplates(builtInTemplates());
	if (folder === null) return compileTemplates(builtIn);
	const own = await readTemplates(folder).catch((cause: unknown) => {
		throw new CommandError(`the folder of templates ${folder} ${reason(cause)}`, EXIT.failed, { cause });
	});
	if (own.size === 0) {
		const names = [...builtIn.keys()].map((name) => `${name}.hbs`).join(', ');
		throw new CommandError(`the folder of templates ${folder} has none of ${names} in it`);
	}
	return withTemplatesNamed(folder, () => compileTemplates(builtIn, own));
}

function renderText(ruleset: Ruleset, show: Show, folder: string | null): string {
	return withTemplatesNamed(folder, () => render(ruleset, show));
}

function withTemplatesNamed<T>(folder: string | null, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		if (!(cause instanceof TemplateError)) throw cause;
		const whose = folder === null ? '' : ` (your templates are in ${folder})`;
		throw new CommandError(`${cause.message}${whose}`, EXIT.failed, { cause });
	}
}

async function live(choice: ClusterChoice, talk: Talk): Promise<Manifests> {
	try {
		// Loaded here only: it brings Node's HTTP along, which no file needs.
		const { readCluster } = await import('../host/cluster.ts');
		const documents = await readCluster(choice, (objects) => talk.progress(`reading the cluster: ${objects} objects`));
		return { documents, texts: new Map(), problems: [] };
	} catch (cause) {
		if (cause instanceof ClusterError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw cause;
	}
}

async function writeResult(path: string | null, text: string, { stdout }: World): Promise<void> {
	try {
		await (path === null ? print(text, stdout) : writeWhole(path, text));
	} catch (cause) {
		const why = errorCode(cause) === 'ENOENT' ? 'is in a folder that does not exist' : reason(cause);
		const what = path === null ? 'standard output' : path;
		throw new CommandError(`${what} cannot be written: it ${why}`, EXIT.failed, { cause });
	}
}

/** A reader such as `head` may stop reading early; that is no failure of ours. */
function print(text: string, stdout: NodeJS.WritableStream): Promise<void> {
	return new Promise((resolve, reject) => {
		stdout.write(text, (error) => (error && errorCode(error) !== 'EPIPE' ? reject(error) : resolve()));
	});
}

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function summary(settings: Settings, { intake }: Compiled, problems: readonly Problem[]): string {
	const parts = [`node ${settings.node}: read ${kindCounts(intake.read)}`];
	const passedOver = kindCounts(intake.passedOver);
	if (passedOver !== '') parts.push(`passed over ${passedOver}`);
	const trouble = problemCount(problems);
	if (trouble !== '') parts.push(trouble);
	return parts.join('; ');
}
