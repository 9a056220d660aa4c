import { type Assertions, readAssertions } from '../../src/check/assertions/read.ts';
import { CHECK_IDS, type CheckId } from '../../src/check/catalogue.ts';
import { check } from '../../src/check/check.ts';
import type { KernelAnswer } from '../../src/check/kernel-level.ts';
import { END_READERS } from '../../src/cli/check/check-ends.ts';
import type { CheckReport, CheckResult } from '../../src/model/check-report.ts';
import type { Settings } from '../../src/model/settings.ts';
import { NO_SYMBOLS } from '../../src/model/symbols.ts';
import { readCluster } from '../../src/pipeline.ts';
import { documents, settings } from './objects.ts';

/** What a check is asked for in a test. */
export interface TestCheck {
	/** the text of a file of assertions */
	readonly assertions?: string;
	readonly lints?: readonly CheckId[];
	readonly kernel?: KernelAnswer;
	readonly settings?: Partial<Settings>;
}

/** The assertions of a text. */
export function asserted(text: string): Assertions {
	return readAssertions(text, 'assert.yaml', END_READERS);
}

/** What a check of objects finds. */
export function checked(
	objects: readonly unknown[],
	{ assertions, lints = CHECK_IDS, kernel, settings: changes = {} }: TestCheck = {},
): CheckReport {
	const network = settings(changes);
	const input = documents(...objects);
	const { state, problems } = readCluster(input, network);
	return check({
		source: 'test.yaml',
		documents: input,
		state,
		problems,
		symbols: NO_SYMBOLS,
		gaps: [],
		network,
		choice: { asked: new Set(lints), severities: new Map() },
		kernel: kernel ?? null,
		assertions: assertions === undefined ? null : asserted(assertions),
		read: ['-f', 'test.yaml'],
	});
}

/** Results of a check by id, in short: status, object and sentence. */
export function toldOf({ results }: CheckReport, id: string): readonly string[] {
	return results.filter((each) => each.id === id).map(shortly);
}

function shortly({ status, object, sentence }: CheckResult): string {
	return `${status} ${object === null ? '' : `${object}: `}${sentence}`;
}
