import type { Origin, Problem } from '../../src/model/problem.ts';

/** Problems in short, one text each: severity, code, object and sentence. */
export function told(problems: readonly Problem[]): readonly string[] {
	return problems.map(({ severity, code, object, sentence }) => `${severity} ${code} ${object}: ${sentence}`);
}

/** Problems that are not about what small tests leave out, such as pod networks. */
export function withoutNodes(problems: readonly Problem[]): readonly Problem[] {
	return problems.filter(({ code }) => code !== 'no-pod-network' && code !== 'no-zone');
}

/** The path to the value that a problem is about. */
export function pathOf({ origin }: Problem): Origin['path'] | null {
	return origin !== null && 'path' in origin ? origin.path : null;
}
