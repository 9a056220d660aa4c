import { createColors } from 'picocolors';
import { findPositions } from '../host/positions.ts';
import { compareBytes } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';

/** Where messages go; a terminal gets colours unless NO_COLOR is set. */
export interface Talk {
	readonly write: (text: string) => void;
	readonly colour: boolean;
}

/** Standard error, as messages are written to it. */
export function talkOn(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Talk {
	const colour = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
	return { write: (text) => stream.write(text), colour };
}

/**
 * Problems as lines, `FILE:LINE:COLUMN: SEVERITY: OBJECT: SENTENCE. HINT [CODE]`, sorted by place.
 * @param texts of the files the problems point into
 */
export function problemLines(
	problems: readonly Problem[],
	texts: ReadonlyMap<string, string>,
	colour: boolean,
): readonly string[] {
	const colours = createColors(colour);
	const positions = findPositions(
		problems.flatMap((problem) => problem.origin ?? []),
		texts,
	);
	return problems
		.map((problem) => {
			const position = problem.origin === null ? undefined : positions.get(problem.origin);
			const place = problem.origin === null ? [] : [problem.origin.file, position?.line, position?.column];
			const severity = problem.severity === 'error' ? colours.red('error') : colours.yellow('warning');
			const where = plain(place.filter((part) => part !== undefined).join(':'));
			const parts = [where, severity, plain(problem.object ?? ''), plain(sentence(problem))];
			const line = parts.filter((part) => part !== '').join(': ');
			return { line: `${line} ${colours.dim(`[${problem.code}]`)}`, file: problem.origin?.file ?? '', position };
		})
		.sort(
			(a, b) =>
				compareBytes(a.file, b.file) ||
				(a.position?.line ?? 0) - (b.position?.line ?? 0) ||
				compareBytes(a.line, b.line),
		)
		.map(({ line }) => line);
}

function sentence({ sentence: text, hint }: Problem): string {
	return hint === null ? text : `${text} (${hint})`;
}

/** Text from the input must not move the cursor, colour or reorder the line, or fake another one. */
function plain(text: string): string {
	return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}

/** `1 error, 2 warnings`, or an empty text where there is none. */
export function problemCount(problems: readonly Problem[]): string {
	const count = (severity: Problem['severity']) => problems.filter((problem) => problem.severity === severity).length;
	return [plural(count('error'), 'error'), plural(count('warning'), 'warning')]
		.filter((part) => part !== '')
		.join(', ');
}

function plural(count: number, word: string): string {
	if (count === 0) return '';
	return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
