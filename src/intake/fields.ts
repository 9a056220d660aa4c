import type * as z from 'zod/mini';
import { shown, shownQuoted } from '../model/names.ts';
import { inside, type Origin, type Problem } from '../model/problem.ts';

/** Receives each problem as it is found. */
export type Report = (problem: Problem) => void;

type Path = readonly (string | number)[];

/** A value inside an object: what messages call it, and where it stands. */
export interface Field {
	/** the object as messages name it: `Service shop/web` */
	readonly object: string;
	readonly origin: Origin;
	/** from the object to the value */
	readonly path: Path;
}

/** A value of an object. */
export function fieldOf(object: { readonly title: string; readonly origin: Origin }, ...path: Path): Field {
	return { object: object.title, origin: object.origin, path };
}

/** A value further inside. */
export function below(field: Field, ...path: Path): Field {
	return { ...field, path: [...field.path, ...path] };
}

/** A field as messages name it: `spec.ports[0].port`. */
export function fieldName(path: Path): string {
	return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

/** A problem of a field; the sentence is about the object. */
export function problemAt(
	field: Field,
	about: Pick<Problem, 'code' | 'severity' | 'sentence'> & { readonly hint?: string },
): Problem {
	const { code, severity, sentence, hint = null } = about;
	return { code, severity, origin: inside(field.origin, ...field.path), object: field.object, sentence, hint };
}

/**
 * Reports the first thing that a shape found wrong in a value. The shapes' own messages say what they want.
 * @param leftOut what is not used because of it
 */
export function reportShape(
	error: z.core.$ZodError,
	object: unknown,
	field: Field,
	leftOut: string,
	report: Report,
): void {
	const issue = error.issues[0];
	const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
	const wrong = below(field, ...path);
	const found = valueAt(object, path);
	const name = wrong.path.length === 0 ? 'it' : fieldName(wrong.path);
	const wants = issue?.message ?? 'usable';
	const missing = found === undefined || found === null;
	const value = typeof found === 'string' ? shownQuoted(found) : shown(found);
	const what = missing ? `is missing, where ${wants} is needed` : `is ${value}, not ${wants}`;
	const sentence = `${name} ${what}; ${leftOut} is left out`;
	report(problemAt(wrong, { code: 'bad-field', severity: 'error', sentence, ...quotingHint(found, wants) }));
}

function valueAt(value: unknown, path: Path): unknown {
	let found = value;
	for (const part of path) {
		if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
		found = Reflect.get(found, part);
	}
	return found;
}

/** In YAML, quotes make a text of a number and their absence a number of a text; few people have it in mind. */
function quotingHint(found: unknown, wants: string): { readonly hint?: string } {
	if (wants === A_TEXT && (typeof found === 'number' || typeof found === 'boolean'))
		return { hint: `write it in quotes: "${found}"` };
	if (typeof found === 'string' && /^\d{1,9}$/.test(found) && wants.includes('number'))
		return { hint: 'write it without quotes' };
	if (wants === A_TEXT && typeof found === 'object' && found !== null && !Array.isArray(found))
		return { hint: 'where it is {{ … }}, the file is a template: pass what "helm template" prints' };
	return {};
}

/** What a shape wants where any text will do. */
export const A_TEXT = 'a text';
