import { type ClusterChoice, ClusterError, readCluster } from '../host/cluster.ts';
import { type Manifests, readManifests, reason } from '../host/manifests.ts';
import { writeWhole } from '../host/output.ts';
import { builtInTemplates, readTemplates } from '../host/templates.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { type Compiled, compileNode } from '../pipeline.ts';
import { render } from '../render/render.ts';
import { compileTemplates, type Show, TemplateError } from '../render/templates.ts';
import { CommandError, EXIT } from './exit.ts';
import { problemCount, problemLines, type Talk } from './report.ts';

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
	const show = await loadTemplates(request.templates);
	const manifests =
		request.files.length > 0 ? await readManifests(request.files, world.stdin) : await live(request, world);
	const compiled = compileNode(manifests.documents, request.settings);
	const problems = [...manifests.problems, ...compiled.problems];
	for (const line of problemLines(problems, manifests.texts, world.talk.colour)) world.talk.write(`${line}\n`);
	const errors = problems.some((problem) => problem.severity === 'error');
	if (compiled.ruleset === null || (request.strict && errors)) {
		world.talk.write(
			`nothing written: ${compiled.ruleset === null ? 'no rules could be made' : '--strict, and there are errors'}\n`,
		);
		return EXIT.failed;
	}
	await writeResult(request.output, renderText(compiled.ruleset, show), world);
	world.talk.write(`${summary(request.settings, compiled, problems)}\n`);
	return EXIT.done;
}

async function loadTemplates(folder: string | null): Promise<Show> {
	const builtIn = await readTemplates(builtInTemplates());
	try {
		return folder === null ? compileTemplates(builtIn) : compileTemplates(builtIn, await readTemplates(folder));
	} catch (cause) {
		if (cause instanceof TemplateError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw new CommandError(`the folder of templates ${folder} ${reason(cause)}`, EXIT.failed, { cause });
	}
}

function renderText(ruleset: Parameters<typeof render>[0], show: Show): string {
	try {
		return render(ruleset, show);
	} catch (cause) {
		if (cause instanceof TemplateError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw cause;
	}
}

async function live(choice: ClusterChoice, { talk }: World): Promise<Manifests> {
	const progress = (objects: number) => {
		if (talk.colour) talk.write(`\rreading the cluster: ${objects} objects \r`);
	};
	try {
		return { documents: await readCluster(choice, progress), texts: new Map(), problems: [] };
	} catch (cause) {
		if (cause instanceof ClusterError) throw new CommandError(cause.message, EXIT.failed, { cause });
		throw cause;
	}
}

async function writeResult(path: string | null, text: string, { stdout }: World): Promise<void> {
	if (path === null) {
		await new Promise<void>((resolve, reject) => stdout.write(text, (error) => (error ? reject(error) : resolve())));
		return;
	}
	try {
		await writeWhole(path, text);
	} catch (cause) {
		throw new CommandError(`${path} cannot be written: it ${reason(cause)}; it is as it was`, EXIT.failed, { cause });
	}
}

function summary(settings: Settings, { intake }: Compiled, problems: readonly Problem[]): string {
	const counts = (found: ReadonlyMap<string, number>) =>
		[...found]
			.filter(([, count]) => count > 0)
			.map(([kind, count]) => `${count} ${kind}`)
			.join(', ');
	const read = counts(intake.read) || 'nothing';
	const passedOver = counts(intake.passedOver);
	const parts = [`node ${settings.node}: read ${read}`];
	if (passedOver !== '') parts.push(`passed over ${passedOver}`);
	const trouble = problemCount(problems);
	if (trouble !== '') parts.push(trouble);
	return parts.join('; ');
}
