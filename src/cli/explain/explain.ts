import { answer, type Question } from '../../explain/answer.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import { readCluster } from '../../pipeline.ts';
import { plain } from '../../report/escape.ts';
import { EXIT } from '../exit.ts';
import { readInput, type Source, whyNoInput } from '../input.ts';
import { writeResult } from '../output.ts';
import type { World } from '../world.ts';
import { explainJson } from './explain-json.ts';
import { explainText } from './explain-report.ts';

/** What the command line asked for. */
export interface ExplainRequest extends Source {
	readonly network: NetworkSettings;
	readonly question: Question;
	readonly format: 'text' | 'json';
}

/**
 * `nft-gen explain`: prints why nodes use the endpoints of a Service that they use, and reports what was wrong with the input.
 * @returns the exit code
 * @throws CommandError when a live cluster cannot be read
 */
export async function explainCommand(request: ExplainRequest, world: World): Promise<number> {
	const { network, question } = request;
	const { made } = await readInput(request, world, (documents) => readCluster(documents, network));
	const nothing = whyNoInput(made.intake);
	if (nothing !== null) {
		world.talk.line(`nft-gen: nothing can be explained: ${nothing}`);
		return EXIT.failed;
	}
	const answered = answer(question, made.state, network);
	if ('unresolved' in answered) {
		world.talk.line(`nft-gen: ${plain(answered.unresolved)}`);
		return EXIT.failed;
	}
	const { release } = network.behaviour;
	const text = request.format === 'json' ? explainJson(answered, release) : explainText(answered, release);
	await writeResult(null, text, world.stdout);
	return EXIT.done;
}
