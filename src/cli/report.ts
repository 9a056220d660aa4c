import { createColors } from 'picocolors';
import type { Position, SourceText } from '../host/manifests/parsed.ts';
import { compareBytes } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import { plain } from '../report/escape.ts';

/** Where messages go; a terminal gets colours unless NO_COLOR is set. */
export interface Talk {
	/** Writes a message as one line. */
	readonly line: (text: string) => void;
	/** Shows how far a long work is, in place of what was shown before; only a terminal sees it. */
	readonly progress: (text: string) => void;
	readonly colour: boolean;
}

/** Standard error, as messages are written to it. */
export function talkOn(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Talk {
	const terminal = isTerminal(stream, environment);
	const clear = '\r\u001b[K';
	let shown = false;
	const show = (text: string) => {
		stream.write(`${shown ? clear : ''}${text}`);
		shown = false;
	};
	return {
		line: (text) => show(`${text}\n`),
		progress: (text) => {
			if (!terminal) return;
			show(text);
			shown = true;
		},
		colour: takesColour(stream, environment),
	};
}

/** Whether what is written there may have colours: on a terminal, unless NO_COLOR is set. */
export function takesColour(stream: NodeJS.WritableStream, environment: NodeJS.ProcessEnv): boolean {
	return isTerminal(stream, environment) && !environment.NO_COLOR;
}

function isTerminal(stream: NodeJS.WritableStream, { TERM }: NodeJS.ProcessEnv): boolean {
	return 'isTTY' in stream && stream.isTTY === true && TERM !== 'dumb';
}

/**
 * Finds the places that problems point to. What it takes is loaded here only: flawless input does without.
 * @param texts of the files the problems point into
 */
export async function locate(problems: readonly Problem[], texts: ReadonlyMap<string, SourceText>): Promise<Positions> {
	const places = problems.flatMap((problem) => problem.origin ?? []);
	if (places.length === 0) return new Map();
	const { findPositions } = await import('../host/manifests/positions.ts');
	return findPositions(places, texts);
}

type Positions = ReadonlyMap<NonNullable<Problem['origin']>, Position>;

/** Problems as lines, `FILE:LINE:COLUMN: SEVERITY: OBJECT: SENTENCE (HINT) [CODE]`, sorted by place. */
export function problemLines(problems: readonly Problem[], positions: Positions, colour: boolean): readonly string[] {
	return problems
		.map((problem) => {
			const position = problem.origin === null ? undefined : positions.get(problem.origin);
			const { line = 0, column = 0 } = position ?? {};
			return { text: problemLine(problem, position, colour), file: problem.origin?.file ?? '', line, column };
		})
		.sort(
			(a, b) => compareBytes(a.file, b.file) || a.line - b.line || a.column - b.column || compareBytes(a.text, b.text),
		)
		.map(({ text }) => text);
}

function problemLine(problem: Problem, position: Position | undefined, colour: boolean): string {
	const colours = createColors(colour);
	const { origin, object, sentence, hint, code } = problem;
	const place = origin === null ? [] : [origin.file, position?.line, position?.column];
	const severity = problem.severity === 'error' ? colours.red('error') : colours.yellow('warning');
	const parts = [
		plain(place.filter((part) => part !== undefined).join(':')),
		severity,
		plain(object ?? ''),
		plain(hint === null ? sentence : `${sentence} (${hint})`),
	];
	return `${parts.filter((part) => part !== '').join(': ')} ${colours.dim(`[${code}]`)}`;
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

const MOST_KINDS = 8;

/** How many objects there are of each kind: `2 Service, 1 Node`; an empty text where there is none. */
export function kindCounts(counts: ReadonlyMap<string, number>): string {
	const kinds = [...counts].filter(([, count]) => count > 0);
	const others = kinds.slice(MOST_KINDS).reduce((sum, [, count]) => sum + count, 0);
	const named = kinds.slice(0, MOST_KINDS).map(([kind, count]) => `${count} ${plain(kind)}`);
	return [...named, ...(others === 0 ? [] : [`${others} of other kinds`])].join(', ');
}
