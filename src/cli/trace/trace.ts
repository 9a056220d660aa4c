import { answer } from '../../trace/answer.ts';
import type { Question } from '../../trace/flow.ts';
import { EXIT } from '../exit.ts';
import { compileInput, type InputRequest, whyNoRules } from '../input.ts';
import { writeResult } from '../output.ts';
import type { World } from '../world.ts';
import { traceJson } from './trace-json.ts';
import { traceText } from './trace-report.ts';

/** What the command line asked for. */
export interface TraceRequest extends InputRequest {
	readonly question: Question;
	readonly format: 'text' | 'json';
}

/**
 * `nft-gen trace`: prints what becomes of a connection at the node, and reports what was wrong with the input.
 * @returns the exit code
 */
export async function traceCommand(request: TraceRequest, world: World): Promise<number> {
	const { compiled } = await compileInput(request, world);
	const { ruleset, view } = compiled;
	if (ruleset === null || view === null || whyNoRules(compiled) !== null) {
		world.talk.line(`nft-gen: nothing can be traced: ${whyNoRules(compiled)}`);
		return EXIT.failed;
	}
	const answers = answer(request.question, compiled.intake.state, view, ruleset);
	if ('unresolved' in answers) {
		world.talk.line(`nft-gen: ${answers.unresolved}`);
		return EXIT.failed;
	}
	const text = request.format === 'json' ? traceJson(answers, ruleset) : traceText(answers, ruleset.node);
	await writeResult(null, text, world.stdout);
	return EXIT.done;
}
