import type { z } from 'zod';
import type { Document } from '../model/document.ts';
import { sortedBy } from '../model/order.ts';
import { inside, type Origin, type Problem } from '../model/problem.ts';
import { isDnsLabel, isDnsSubdomain, shown } from './names.ts';
import { metadataShape } from './shapes.ts';

/** Receives each problem as it is found. */
export type Report = (problem: Problem) => void;

/** The kinds that decide about rules, and the API group each belongs to. */
const GROUPS = {
	Service: /^v1$/,
	EndpointSlice: /^discovery\.k8s\.io\/v1$/,
	Node: /^v1$/,
	ServiceCIDR: /^networking\.k8s\.io\/v1(?:beta1|alpha1)?$/,
} as const;

export type Kind = keyof typeof GROUPS;

const NAMESPACED: readonly Kind[] = ['Service', 'EndpointSlice'];

/** An object of a kind we use, with metadata checked and the rest not yet. */
export interface KubeObject {
	readonly kind: Kind;
	/** empty for kinds without namespaces */
	readonly namespace: string;
	readonly name: string;
	readonly labels: ReadonlyMap<string, unknown>;
	readonly created: string;
	readonly resourceVersion: string;
	readonly origin: Origin;
	readonly value: unknown;
	/** as messages name it: `Service shop/web` */
	readonly title: string;
}

/** The objects of the kinds we use, sorted by name, and how many of other kinds were passed over. */
export interface Sorted {
	readonly objects: ReadonlyMap<Kind, readonly KubeObject[]>;
	readonly passedOver: ReadonlyMap<string, number>;
}

/** Opens lists, picks the kinds we use, checks their metadata and settles what is defined twice. */
export function sortDocuments(documents: readonly Document[], report: Report): Sorted {
	const found = new Map<string, KubeObject>();
	const passedOver = new Map<string, number>();
	for (const document of documents) {
		const origin: Origin = { file: document.file, document: document.index, path: [] };
		for (const item of opened(document.value, origin, '', report)) {
			if (!isUsed(item)) {
				passedOver.set(item.kind, (passedOver.get(item.kind) ?? 0) + 1);
				continue;
			}
			const object = kubeObject(item, report);
			if (object !== null) keepOne(found, object, report);
		}
	}
	const objects = new Map<Kind, KubeObject[]>(Object.keys(GROUPS).map((kind) => [kind as Kind, []]));
	for (const object of sortedBy(found.values(), (each) => each.title)) objects.get(object.kind)?.push(object);
	return { objects, passedOver };
}

interface Item {
	readonly apiVersion: string;
	readonly kind: string;
	readonly value: Record<string, unknown>;
	readonly origin: Origin;
}

function* opened(value: unknown, origin: Origin, listedKind: string, report: Report): Generator<Item> {
	if (value === null || value === undefined) return;
	if (!isRecord(value)) {
		report(notAnObject(origin, 'is not a Kubernetes object'));
		return;
	}
	const kind = typeof value.kind === 'string' ? value.kind : listedKind;
	if (kind.endsWith('List') && Array.isArray(value.items)) {
		const itemKind = kind.slice(0, -'List'.length);
		for (const [index, item] of value.items.entries()) {
			yield* opened(withVersion(item, value.apiVersion), inside(origin, 'items', index), itemKind, report);
		}
		return;
	}
	if (kind === '') {
		report(notAnObject(origin, 'has no kind'));
		return;
	}
	const apiVersion = typeof value.apiVersion === 'string' ? value.apiVersion : '';
	yield { apiVersion, kind, value, origin };
}

/** The API server leaves out the version of a typed list's items. */
function withVersion(item: unknown, apiVersion: unknown): unknown {
	return isRecord(item) && item.apiVersion === undefined ? { ...item, apiVersion } : item;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAnObject(origin: Origin, what: string): Problem {
	return {
		code: 'not-an-object',
		severity: 'error',
		origin,
		object: null,
		sentence: `this document ${what}; it is left out`,
		hint: 'every document needs apiVersion, kind and metadata',
	};
}

function isUsed(item: Item): item is Item & { readonly kind: Kind } {
	return Object.hasOwn(GROUPS, item.kind) && GROUPS[item.kind as Kind].test(item.apiVersion);
}

function kubeObject(item: Item & { readonly kind: Kind }, report: Report): KubeObject | null {
	const parsed = metadataShape.safeParse(item.value.metadata);
	if (!parsed.success) {
		reportShape(parsed.error, inside(item.origin, 'metadata'), `${item.kind} without a usable name`, 'it', report);
		return null;
	}
	const namespaced = NAMESPACED.includes(item.kind);
	const namespace = namespaced ? parsed.data.namespace || 'default' : '';
	const name = parsed.data.name;
	const title = `${item.kind} ${namespaced ? `${shown(namespace)}/${shown(name)}` : shown(name)}`;
	const nameIsFine = item.kind === 'Service' ? isDnsLabel(name) : isDnsSubdomain(name);
	if (!nameIsFine || (namespaced && !isDnsLabel(namespace))) {
		report(badName(item, title, nameIsFine ? 'namespace' : 'name'));
		return null;
	}
	return {
		kind: item.kind,
		namespace,
		name,
		labels: new Map(Object.entries(parsed.data.labels ?? {})),
		created: parsed.data.creationTimestamp ?? '',
		resourceVersion: parsed.data.resourceVersion ?? '',
		origin: item.origin,
		value: item.value,
		title,
	};
}

function badName(item: Item, title: string, field: 'name' | 'namespace'): Problem {
	return {
		code: 'bad-name',
		severity: 'error',
		origin: inside(item.origin, 'metadata', field),
		object: title,
		sentence: `its ${field} has characters that Kubernetes forbids; it is left out`,
		hint: 'names are lower-case letters, digits and inner hyphens, 63 at the most',
	};
}

/** Of two definitions the one with the higher resourceVersion stays, else the one whose text sorts first: any order of input, one result. */
function keepOne(found: Map<string, KubeObject>, object: KubeObject, report: Report): void {
	const other = found.get(object.title);
	if (other === undefined) {
		found.set(object.title, object);
		return;
	}
	const otherText = JSON.stringify(other.value);
	const text = JSON.stringify(object.value);
	if (text === otherText) return;
	const version = Number(object.resourceVersion) || 0;
	const otherVersion = Number(other.resourceVersion) || 0;
	const wins = version !== otherVersion ? version > otherVersion : text < otherText;
	if (wins) found.set(object.title, object);
	const [kept, left] = wins ? [object, other] : [other, object];
	report({
		code: 'defined-twice',
		severity: 'error',
		origin: left.origin,
		object: object.title,
		sentence: `it is defined twice with different content; this one is left out, the one in ${kept.origin.file} is used`,
		hint: 'keep one of the two',
	});
}

/** Reports what a shape found wrong, one problem for the first field. */
export function reportShape(error: z.ZodError, origin: Origin, object: string, leftOut: string, report: Report): void {
	const issue = error.issues[0];
	const path = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
	const field = path.length === 0 ? 'it' : fieldName(path);
	report({
		code: 'bad-field',
		severity: 'error',
		origin: inside(origin, ...path),
		object,
		sentence: `${field} is wrong: ${lowerFirst(issue?.message ?? 'unknown')}; ${leftOut} is left out`,
		hint: null,
	});
}

function fieldName(path: readonly (string | number)[]): string {
	return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
