import type { FollowedKind, ObjectChange } from '../../src/incremental/objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an object is called: `NAMESPACE/NAME`, or its name alone where it has no namespace. */
export function nameOf(object: Fields): string {
	const { namespace, name } = object.metadata as { namespace?: string; name: string };
	return namespace === undefined ? name : `${namespace}/${name}`;
}

/** An object comes, or changes. */
export function come(object: Fields): ObjectChange {
	return { kind: object.kind as FollowedKind, name: nameOf(object), value: object };
}

/** An object leaves. */
export function leave(object: Fields): ObjectChange {
	return { ...come(object), value: null };
}
