import { isMap } from '../model/is-map.ts';
import { shown } from '../model/names.ts';
import { inside, type Origin } from '../model/problem.ts';
import type { Report } from './fields.ts';

/** One object of the input, with its kind and version and nothing else checked. */
export interface Item {
	/** empty where there is none */
	readonly apiVersion: string;
	readonly kind: string;
	readonly value: Readonly<Record<string, unknown>>;
	readonly origin: Origin;
}

/** What a typed list, such as a ServiceList, says once for all its items. */
interface Inherited {
	readonly apiVersion: unknown;
	readonly kind: string;
}

const NOTHING: Inherited = { apiVersion: undefined, kind: '' };

/** Lists stand in lists only by mistake or to exhaust us. */
const MOST_LISTS_DEEP = 8;

/** The objects of a document: itself, or the items of a list, whatever its depth. An empty document has none. */
export function* openLists(value: unknown, origin: Origin, report: Report): Generator<Item> {
	if (value !== null && value !== undefined) yield* opened(value, origin, NOTHING, 0, report);
}

function* opened(value: unknown, origin: Origin, from: Inherited, depth: number, report: Report): Generator<Item> {
	if (!isMap(value)) {
		notAnObject(origin, `${shown(value)} is not a Kubernetes object`, report);
		return;
	}
	if (depth === 0 && !OBJECT_FIELDS.some((field) => field in value)) {
		noManifest(origin, report);
		return;
	}
	const kind = typeof value.kind === 'string' ? value.kind : from.kind;
	const apiVersion = value.apiVersion ?? from.apiVersion;
	if (kind === '') notAnObject(origin, 'this object has no kind', report);
	else if (isList(kind, value.items)) {
		if (depth === MOST_LISTS_DEEP) {
			notAnObject(origin, `this is the ${depth + 1}th list in a list`, report);
			return;
		}
		const inherited = kind === 'List' ? NOTHING : { apiVersion, kind: kind.slice(0, -'List'.length) };
		for (const [index, item] of (value.items ?? []).entries()) {
			yield* opened(item, inside(origin, 'items', index), inherited, depth + 1, report);
		}
	} else yield item(kind, apiVersion, value, origin);
}

/** An item says itself what it inherited, so that it is the same object wherever it stands. */
function item(kind: string, apiVersion: unknown, value: Item['value'], origin: Origin): Item {
	const whole = value.kind === kind && value.apiVersion === apiVersion ? value : { ...value, kind, apiVersion };
	return { apiVersion: typeof apiVersion === 'string' ? apiVersion : '', kind, value: whole, origin };
}

/** Go writes an empty list as null. */
function isList(kind: string, items: unknown): items is unknown[] | null | undefined {
	if (kind === 'List' && (items === null || items === undefined)) return true;
	return kind.endsWith('List') && (Array.isArray(items) || items === null);
}

/** What every object has. */
const OBJECT_FIELDS: readonly string[] = ['apiVersion', 'kind', 'metadata'];

/** Folders of manifests hold values of charts, dashboards and settings of other programs too: nothing is lost with them. */
function noManifest(origin: Origin, report: Report): void {
	report({
		code: 'not-an-object',
		severity: 'warning',
		origin,
		object: null,
		sentence: 'this is no Kubernetes object, it has no apiVersion, kind or metadata; it is passed over',
		hint: null,
	});
}

function notAnObject(origin: Origin, what: string, report: Report): void {
	report({
		code: 'not-an-object',
		severity: 'error',
		origin,
		object: null,
		sentence: `${what}; it is left out`,
		hint: 'every document needs apiVersion, kind and metadata',
	});
}
