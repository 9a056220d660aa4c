import type { Cause, Finding, Places } from '../model/change-set.ts';
import type { Origin } from '../model/problem.ts';
import { plain } from './escape.ts';

/** `deploy/web.yaml:14:10`, or the file alone where the place is not known. */
function placeText(origin: Origin, places: Places): string {
	const place = places.get(origin);
	return place === undefined ? origin.file : `${origin.file}:${place.line}:${place.column}`;
}

/** Where a cause stands: `web.yaml:14:10 (before: 12:10)`; empty where nobody knows. */
export function placesText({ base, head }: Cause, places: Places): string {
	const before = base === null ? null : placeText(base, places);
	const after = head === null ? null : placeText(head, places);
	if (before === null || after === null || before === after) return after ?? before ?? '';
	const isSameFile = base?.file === head?.file && before.startsWith(`${base?.file}:`);
	return `${after} (before: ${isSameFile ? before.slice(`${base?.file}:`.length) : before})`;
}

/** What differs: its path, with the object where that is not what the finding is about. */
export function causePath(cause: Cause, { object }: Finding): string {
	const own = object.kind === 'Service' && cause.object === `Service ${object.namespace}/${object.name}`;
	return [...(own && cause.path !== '' ? [] : [cause.object]), ...(cause.path === '' ? [] : [cause.path])].join(' ');
}

/** How it differs: the value on each side, null where it has none. */
export type CauseValues =
	| { readonly kind: 'changed'; readonly before: string; readonly after: string }
	| { readonly kind: 'came' | 'left'; readonly value: string | null };

/** How a cause differs. Something that only one side has came or left. */
export function causeValues({ before, after, base }: Cause): CauseValues {
	if (before !== null && after !== null) return { kind: 'changed', before, after };
	if (before !== null) return { kind: 'left', value: before };
	if (after !== null) return { kind: 'came', value: after };
	return { kind: base === null ? 'came' : 'left', value: null };
}

/** A file as a part of an address; null where it is not below the repository's root, as far as its name tells. */
export function repositoryPath(file: string): string | null {
	const parts = file.replace(/^(?:\.\/)+/, '').split('/');
	const isInside = parts.every((part) => part !== '' && part !== '..' && part !== '.');
	return isInside && plain(file) === file ? parts.map(encodedPart).join('/') : null;
}

/** What would be markup in Markdown is encoded too. */
function encodedPart(part: string): string {
	return encodeURIComponent(part).replace(/[!'()*~_]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
