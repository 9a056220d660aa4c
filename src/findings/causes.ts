import type { Cause } from '../model/change-set.ts';
import { shown } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import { inside } from '../model/problem.ts';
import type { FindingId } from './catalogue.ts';
import { ruleOf } from './catalogue.ts';
import type { Draft } from './draft.ts';
import { type InputObject, type InputObjects, isSelected, valueAt } from './input-objects.ts';
import { knownBy, type LeafDifference, leafDifferences } from './leaf-differences.ts';

/** Finds the lines of input that brought a finding about, the likeliest first, three at the most. */
export type FindCauses = (draft: Pick<Draft, 'id' | 'object'>) => readonly Cause[];

const MOST_CAUSES = 3;

/** Prepares to find causes between two sides. What is the same for all findings is compared once. */
export function causeFinder(base: InputObjects, head: InputObjects): FindCauses {
	const surroundings = new Map<string, readonly Difference[]>();
	const differencesOf = (kind: string, object: Draft['object']): readonly Difference[] => {
		if (kind !== 'Node' && kind !== 'ServiceCIDR') return ofService(kind, object, base, head);
		const pick = ({ nodes, serviceCidrs }: InputObjects) => (kind === 'Node' ? nodes : serviceCidrs);
		const known = surroundings.get(kind) ?? paired(pick(base), pick(head)).flatMap(ofPair);
		surroundings.set(kind, known);
		return known;
	};
	return ({ id, object }) => firstTier(id, (kind) => differencesOf(kind, object));
}

/** A difference between two objects, and what of them patterns match. */
interface Difference {
	readonly kind: string;
	/** without the places in lists; empty for a whole object */
	readonly pattern: string;
	readonly cause: Cause;
}

function firstTier(id: FindingId, differencesOf: (kind: string) => readonly Difference[]): readonly Cause[] {
	for (const tier of ruleOf(id).causes) {
		const found = tier.flatMap((wanted) => {
			const [kind = '', path = ''] = wanted.split(' ');
			return differencesOf(kind).filter(({ pattern }) => begins(pattern, path));
		});
		if (found.length > 0) return found.slice(0, MOST_CAUSES).map(({ cause }) => cause);
	}
	return [];
}

/** A kind alone asks for whole objects. */
function begins(pattern: string, path: string): boolean {
	return pattern === path || (path !== '' && pattern.startsWith(`${path}.`));
}

function ofService(
	kind: string,
	object: Draft['object'],
	base: InputObjects,
	head: InputObjects,
): readonly Difference[] {
	const { namespace, name } = object;
	if (namespace === null || name === null) return [];
	const key = `${namespace}/${name}`;
	const [old, now] = [base, head].map((side) => side.services.get(key));
	if (kind === 'Service') return paired(old ? [old] : [], now ? [now] : []).flatMap(ofPair);
	if (kind === 'EndpointSlice') return ofSlices(base.slices.get(key) ?? [], head.slices.get(key) ?? []);
	const selectors = [old, now].map((service) => valueAt(service?.value, 'spec', 'selector'));
	const labelsAt = kind === 'Pod' ? ['metadata', 'labels'] : ['spec', 'template', 'metadata', 'labels'];
	const isConcerned = ({ value }: InputObject) =>
		selectors.some((selector) => isSelected(selector, valueAt(value, ...labelsAt)));
	const pick = (side: InputObjects): readonly InputObject[] =>
		(kind === 'Pod' ? side.pods : side.workloads).get(namespace) ?? [];
	return paired(pick(base), pick(head))
		.filter(({ before, after }) => (before !== null && isConcerned(before)) || (after !== null && isConcerned(after)))
		.flatMap(ofPair);
}

interface Pair {
	readonly before: InputObject | null;
	readonly after: InputObject | null;
}

function paired(base: readonly InputObject[], head: readonly InputObject[]): readonly Pair[] {
	const old = new Map(base.map((object) => [object.title, object]));
	const now = new Map(head.map((object) => [object.title, object]));
	return sortedBy(new Set([...old.keys(), ...now.keys()]), (title) => title).map((title) => ({
		before: old.get(title) ?? null,
		after: now.get(title) ?? null,
	}));
}

function ofPair({ before, after }: Pair): readonly Difference[] {
	if (before !== null && after !== null) {
		return leafDifferences(before.value, after.value).map((leaf) => difference(before, after, leaf));
	}
	const whole = { before: before?.name, after: after?.name, base: before && [], head: after && [] };
	const any = before ?? after;
	return any === null ? [] : [difference(before ?? any, after ?? any, whole)];
}

function difference(before: InputObject, after: InputObject, { base, head, ...values }: LeafDifference): Difference {
	const path = head ?? base ?? [];
	return {
		kind: after.kind,
		pattern: path.filter((part) => typeof part === 'string').join('.'),
		cause: {
			object: after.title,
			path: pathText(path),
			before: base === null ? null : shown(values.before),
			after: head === null ? null : shown(values.after),
			base: base === null ? null : inside(before.origin, ...base),
			head: head === null ? null : inside(after.origin, ...head),
		},
	};
}

/** `spec.ports[0].nodePort`; keys that are no plain text are quoted. */
function pathText(path: readonly (string | number)[]): string {
	const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${shown(part)}`));
	return parts.join('').replace(/^\./, '');
}

/** Endpoints are the same wherever they stand: slices are made anew, and split. */
function ofSlices(base: readonly InputObject[], head: readonly InputObject[]): readonly Difference[] {
	const [old, now] = [entries(base), entries(head)];
	return sortedBy(new Set([...old.keys(), ...now.keys()]), (key) => key).flatMap((key) => {
		const [before, after] = [old.get(key), now.get(key)];
		const any = before ?? after;
		if (any === undefined) return [];
		if (before === undefined || after === undefined) {
			const path = (entry: Entry | undefined) => (entry === undefined ? null : entry.path);
			const values = { before: knownBy(before?.value), after: knownBy(after?.value) };
			return [difference(any.slice, any.slice, { ...values, base: path(before), head: path(after) })];
		}
		return leafDifferences(before.value, after.value).map((leaf) =>
			difference(before.slice, after.slice, {
				...leaf,
				base: leaf.base && [...before.path, ...leaf.base],
				head: leaf.head && [...after.path, ...leaf.head],
			}),
		);
	});
}

interface Entry {
	readonly slice: InputObject;
	readonly path: readonly (string | number)[];
	readonly value: unknown;
}

/** The endpoints and ports of slices, by address, and by name and family. */
function entries(slices: readonly InputObject[]): ReadonlyMap<string, Entry> {
	const found = new Map<string, Entry>();
	for (const slice of slices) {
		for (const list of ['endpoints', 'ports']) {
			const values = valueAt(slice.value, list);
			for (const [index, value] of (Array.isArray(values) ? values : []).entries()) {
				const family = list === 'ports' ? String(valueAt(slice.value, 'addressType')) : '';
				const known = list === 'ports' ? valueAt(value, 'name') : knownBy(value);
				const key = `${list} ${family} ${String(known ?? '')}`;
				if (!found.has(key)) found.set(key, { slice, path: [list, index], value });
			}
		}
	}
	return found;
}
