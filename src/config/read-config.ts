import { type Document, isNode, isScalar, parseDocument } from 'yaml';
import type * as z from 'zod';
import { shown, shownQuoted } from '../model/names.ts';
import { nearest } from '../model/nearest.ts';
import type { Problem, TextPlace } from '../model/problem.ts';
import type { Config } from './config.ts';
import { configShape, keysAt } from './shape.ts';
import { type Places, targetOf } from './target.ts';

/**
 * Reads nft-gen.yaml. A target's key takes the place of the same key of the defaults, whole. No key runs a program.
 * @returns what it says, or everything that is wrong with it
 */
export function readConfig(text: string, file: string): Config | { readonly problems: readonly Problem[] } {
	const document = parseDocument(text, { schema: 'core', prettyErrors: false });
	const [broken] = document.errors;
	if (broken !== undefined) {
		const why = broken.message.charAt(0).toLowerCase() + broken.message.slice(1).replace(/; please use YAML.*/s, '');
		return { problems: [problem({ file, offset: broken.pos[0] }, null, `it cannot be parsed: ${why}`)] };
	}
	const places: Places = { text, at: (path) => ({ file, offset: offsetOf(document, path) }) };
	const value = plainValue(document);
	if (value === undefined) return { problems: [problem(places.at([]), null, 'it has aliases, which it may not have')] };
	const parsed = configShape.safeParse(value);
	if (!parsed.success) {
		return { problems: parsed.error.issues.flatMap((issue) => issueProblems(issue, document, value, places)) };
	}
	const { defaults, targets } = parsed.data;
	const names = targets.map(({ name }) => name);
	const twice = names.flatMap((name, index) =>
		names.indexOf(name) === index
			? []
			: [problem(places.at(['targets', index, 'name']), null, `there are two targets ${shown(name)}`)],
	);
	if (twice.length > 0) return { problems: twice };
	return { targets: targets.map((target, index) => targetOf(target, index, defaults ?? {}, places)) };
}

/** Aliases are refused: a few lines of them make a value without end. */
function plainValue(document: Document): unknown {
	try {
		return document.toJS({ maxAliasCount: 0 }) ?? null;
	} catch (error) {
		if (error instanceof ReferenceError) return undefined;
		throw error;
	}
}

type Path = readonly PropertyKey[];

/** Of a value, or of what is around it where there is none. */
function offsetOf(document: Document, path: Path): number {
	for (let length = path.length; length > 0; length--) {
		const node: unknown = document.getIn(path.slice(0, length), true);
		if (isNode(node) && node.range) return node.range[0];
	}
	return document.contents?.range?.[0] ?? 0;
}

function issueProblems(
	issue: z.core.$ZodIssue,
	document: Document,
	value: unknown,
	places: Places,
): readonly Problem[] {
	const object = objectOf(issue.path, value);
	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((key) => {
			const place = keyPlace(document, [...issue.path, key], places);
			const [near] = nearest(key, keysAt(issue.path));
			return problem(place, object, `there is no key ${shown(key)} here`, `did you mean ${near}?`);
		});
	}
	const inner = issue.path.slice(object === null ? 0 : issue.path[0] === 'targets' ? 2 : 1);
	const name = inner.length === 0 ? 'it' : inner.map((part) => shown(String(part))).join('.');
	const found = valueAt(value, issue.path);
	const missing = found === undefined || found === null;
	const what = missing
		? `is missing, where ${issue.message} is needed`
		: `is ${foundText(found)}, not ${issue.message}`;
	return [problem(places.at(issue.path), object, `${name} ${what}`, quotingHint(found, issue, document))];
}

/** `target prod`, by its number where it has no name. */
function objectOf([first, index]: Path, value: unknown): string | null {
	if (first === 'defaults') return 'defaults';
	if (first !== 'targets' || index === undefined) return null;
	const name = valueAt(value, ['targets', index, 'name']);
	return `target ${typeof name === 'string' ? shown(name) : Number(index) + 1}`;
}

/** Where a key stands, not its value. */
function keyPlace(document: Document, path: Path, places: Places): TextPlace {
	const around: unknown = document.getIn(path.slice(0, -1), true);
	const map = path.length === 1 ? document.contents : around;
	const items = isNode(map) && 'items' in map && Array.isArray(map.items) ? (map.items as readonly unknown[]) : [];
	for (const item of items) {
		if (typeof item !== 'object' || item === null || !('key' in item)) continue;
		const { key } = item;
		if (isScalar(key) && String(key.value) === String(path.at(-1)) && key.range) {
			return { ...places.at([]), offset: key.range[0] };
		}
	}
	return places.at(path);
}

function valueAt(value: unknown, path: Path): unknown {
	let found = value;
	for (const part of path) {
		if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
		found = Reflect.get(found, part);
	}
	return found;
}

function foundText(found: unknown): string {
	return typeof found === 'string' ? shownQuoted(found) : shown(found);
}

/** Without quotes `1.30` is the number 1.3. */
function quotingHint(found: unknown, issue: z.core.$ZodIssue, document: Document): string | null {
	if (typeof found !== 'number' || !issue.message.includes('text')) return null;
	const node: unknown = document.getIn(issue.path, true);
	return `write it in quotes: "${isScalar(node) ? (node.source ?? found) : found}"`;
}

function problem(origin: TextPlace, object: string | null, sentence: string, hint: string | null = null): Problem {
	return { code: 'bad-config', severity: 'error', origin, object, sentence, hint };
}
