import { isDeepStrictEqual } from 'node:util';
import { isMap } from '../model/is-map.ts';

type Path = readonly (string | number)[];

/** A value that differs between two objects, and holds no smaller one that says so. */
export interface LeafDifference {
	/** undefined where there is none; of what came or left in a list, what it is known by */
	readonly before: unknown;
	readonly after: unknown;
	/** from the object to the value; null on a side where it is not */
	readonly base: Path | null;
	readonly head: Path | null;
}

/** Nobody nests deeper but to exhaust us. */
const DEEPEST = 32;

type Side = { readonly value: unknown; readonly path: Path };

/**
 * The values in which two objects differ, in the order of their keys. Entries of lists are paired by name, address or port,
 * so that a new entry at the front is one difference.
 */
export function leafDifferences(before: unknown, after: unknown): readonly LeafDifference[] {
	return [...differences({ value: before, path: [] }, { value: after, path: [] })];
}

function* differences(base: Side, head: Side): Generator<LeafDifference> {
	const [before, after] = [base.value, head.value];
	if (base.path.length > DEEPEST) return;
	if (isList(before) && isList(after)) yield* ofLists({ ...base, value: before }, { ...head, value: after });
	else if (isMap(before) && isMap(after)) yield* ofMaps({ ...base, value: before }, { ...head, value: after });
	else if (!isDeepStrictEqual(before ?? null, after ?? null)) {
		yield { before, after, base: pathOf(base), head: pathOf(head) };
	}
}

/** An absent field is like an empty one of the other side's kind, so that what is in that is told by itself. */
function isList(value: unknown): value is readonly unknown[] {
	return Array.isArray(value);
}

function pathOf({ value, path }: Side): Path | null {
	return value === undefined || value === null ? null : path;
}

function* ofMaps(
	base: Side & { readonly value: Readonly<Record<string, unknown>> },
	head: Side & { readonly value: Readonly<Record<string, unknown>> },
): Generator<LeafDifference> {
	const keys = new Set([...Object.keys(base.value), ...Object.keys(head.value)]);
	for (const key of [...keys].sort()) {
		const [before, after] = [own(base.value, key), own(head.value, key)];
		yield* differences(
			{ value: orEmpty(before, after), path: [...base.path, key] },
			{ value: orEmpty(after, before), path: [...head.path, key] },
		);
	}
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
	return Object.hasOwn(value, key) ? value[key] : undefined;
}

function orEmpty(value: unknown, other: unknown): unknown {
	if (value !== undefined && value !== null) return value;
	return isList(other) ? [] : isMap(other) ? {} : undefined;
}

function* ofLists(
	base: Side & { readonly value: readonly unknown[] },
	head: Side & { readonly value: readonly unknown[] },
): Generator<LeafDifference> {
	for (const [old, now] of pairs(base.value, head.value)) {
		const basePath = old === null ? null : [...base.path, old];
		const headPath = now === null ? null : [...head.path, now];
		const before = old === null ? undefined : base.value[old];
		const after = now === null ? undefined : head.value[now];
		if (basePath !== null && headPath !== null) {
			yield* differences({ value: before, path: basePath }, { value: after, path: headPath });
		} else yield { before: knownBy(before), after: knownBy(after), base: basePath, head: headPath };
	}
}

type Indexes = readonly [before: number | null, after: number | null];

/** First by name, then what is left by the other things that entries are known by. */
function pairs(before: readonly unknown[], after: readonly unknown[]): readonly Indexes[] {
	const partners = new Map<number, number>();
	const free = new Set(after.keys());
	for (const key of KEYS) {
		const byKey = new Map<string, number>([...free].flatMap((index) => keyed(key(after[index]), index)));
		for (const [index, entry] of before.entries()) {
			const partner = partners.has(index) ? undefined : byKey.get(key(entry) ?? '');
			if (partner === undefined || !free.delete(partner)) continue;
			partners.set(index, partner);
		}
	}
	return [
		...[...before.keys()].map((index): Indexes => [index, partners.get(index) ?? null]),
		...[...free].map((index): Indexes => [null, index]),
	];
}

function keyed(key: string | null, index: number): readonly (readonly [string, number])[] {
	return key === null ? [] : [[key, index]];
}

type Key = (entry: unknown) => string | null;

const KEYS: readonly Key[] = [
	(entry) => (isMap(entry) ? fieldText(entry, 'name') : JSON.stringify(entry)),
	(entry) => (isMap(entry) && isList(entry.addresses) ? String(entry.addresses[0]) : null),
	(entry) => (isMap(entry) && 'port' in entry ? `${entry.port}/${entry.protocol ?? 'TCP'}` : null),
	(entry) => (isMap(entry) ? fieldText(entry, 'ip') : null),
	(entry) => (isMap(entry) ? fieldText(entry, 'type') : null),
];

function fieldText(entry: Readonly<Record<string, unknown>>, field: string): string | null {
	const value = own(entry, field);
	return typeof value === 'string' && value !== '' ? value : null;
}

/** What an entry that came or left is called: its name, address or port, or the entry itself. */
export function knownBy(entry: unknown): unknown {
	if (!isMap(entry)) return entry;
	const address = isList(entry.addresses) ? entry.addresses[0] : undefined;
	return fieldText(entry, 'name') ?? address ?? fieldText(entry, 'ip') ?? entry.port ?? entry;
}
