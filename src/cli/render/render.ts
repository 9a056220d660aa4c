import type { Problem } from '../../model/problem.ts';
import type { Ruleset } from '../../model/ruleset.ts';
import type { Settings } from '../../model/settings.ts';
import type { Compiled } from '../../pipeline.ts';
import { render } from '../../render/render.ts';
import type { Show } from '../../render/templates.ts';
import { EXIT } from '../exit.ts';
import { compileInput, type Input, type InputRequest, whyNoRules } from '../input.ts';
import { writeResult } from '../output.ts';
import { kindCounts, problemCount } from '../report.ts';
import { loadTemplates, withTemplatesNamed } from '../templates.ts';
import type { World } from '../world.ts';

/** What the command line asked for. */
export interface RenderRequest extends InputRequest {
	readonly output: string | null;
	readonly templates: string | null;
	readonly strict: boolean;
}

/**
 * `nft-gen render`: prints or writes one node's ruleset and reports what was wrong with the input.
 * @returns the exit code
 * @throws CommandError when there is nothing to print
 */
export async function renderCommand(request: RenderRequest, world: World): Promise<number> {
	const { talk, stdout } = world;
	const show = await loadTemplates(request.templates);
	const input = await compileInput(request, world);
	const refusal = whyNothing(request, input);
	const { ruleset } = input.compiled;
	if (refusal !== null || ruleset === null) {
		talk.line(`nft-gen: nothing was written: ${refusal}`);
		return EXIT.failed;
	}
	await writeResult(request.output, renderText(ruleset, show, request.templates), stdout);
	talk.line(summary(request.settings, input.compiled, input.problems));
	return EXIT.done;
}

function whyNothing({ strict }: RenderRequest, { compiled, problems }: Input): string | null {
	const errors = problems.some((problem) => problem.severity === 'error');
	return whyNoRules(compiled) ?? (strict && errors ? 'the input has errors, and --strict was given' : null);
}

function renderText(ruleset: Ruleset, show: Show, folder: string | null): string {
	return withTemplatesNamed(folder, () => render(ruleset, show));
}

function summary(settings: Settings, { intake }: Compiled, problems: readonly Problem[]): string {
	const parts = [`node ${settings.node}: read ${kindCounts(intake.read)}`];
	const passedOver = kindCounts(intake.passedOver);
	if (passedOver !== '') parts.push(`passed over ${passedOver}`);
	const trouble = problemCount(problems);
	if (trouble !== '') parts.push(trouble);
	return parts.join('; ');
}
