import { sortDocuments } from '../intake/documents.ts';
import type { Kind, KubeObject } from '../intake/kube-object.ts';
import type { Document } from '../model/document.ts';

/** The objects of the kinds we use, by kind and then by title. */
export type Objects = ReadonlyMap<Kind, ReadonlyMap<string, KubeObject>>;

/** The objects of documents. What cannot be read of them intake reports, when its time comes. */
export function objectsOf(documents: readonly Document[]): Objects {
	const { objects } = sortDocuments(documents, () => {});
	return new Map([...objects].map(([kind, found]) => [kind, new Map(found.map((object) => [object.title, object]))]));
}

/** The objects of one kind, by title. */
export function ofKind(objects: Objects, kind: Kind): ReadonlyMap<string, KubeObject> {
	return objects.get(kind) ?? NONE;
}

const NONE: ReadonlyMap<string, KubeObject> = new Map();

/** Whether there is an object of this kind and title. */
export function has(objects: Objects, { kind, title }: KubeObject): boolean {
	return ofKind(objects, kind).has(title);
}
