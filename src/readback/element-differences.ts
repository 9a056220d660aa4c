import { commentText } from '../model/comment.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Drop, Goto, MapElement, NamedSet, VerdictMap } from '../model/ruleset.ts';
import type { Foreign, FoundMap, FoundMapElement, FoundSet } from './found.ts';
import { fewestNetworks } from './networks.ts';

type Key = readonly string[];

/** Keys of a set or map that are missing, too much, or have another verdict or comment than wanted. */
export interface ElementDifference {
	readonly kind: 'elements';
	readonly what: 'set' | 'map';
	readonly name: string;
	readonly missing: readonly Key[];
	readonly extra: readonly Key[];
	readonly changed: readonly Key[];
}

/** How the elements of a set differ: not at all where packets add them, nor where networks only are joined otherwise. */
export function setElementDifference(is: FoundSet, should: NamedSet, family: IpFamily): readonly ElementDifference[] {
	if (should.timeout !== null) return [];
	const difference = compareElements(
		is.elements,
		should.elements,
		(found) => found.note === null && found.foreign === null,
	);
	if (difference === null || (difference.changed.length === 0 && is.interval && sameNetworks(is, should, family))) {
		return [];
	}
	return [{ kind: 'elements', what: 'set', name: is.name, ...difference }];
}

function sameNetworks(is: FoundSet, should: NamedSet, family: IpFamily): boolean {
	const [found, wanted] = [is, should].map((set) =>
		fewestNetworks(
			family,
			set.elements.map(({ key }) => key.join()),
		),
	);
	return found != null && wanted != null && found.join() === wanted.join();
}

/** How the elements of a map differ. */
export function mapElementDifference(is: FoundMap, should: VerdictMap): readonly ElementDifference[] {
	const difference = compareElements(is.elements, should.elements, sameElement);
	return difference === null ? [] : [{ kind: 'elements', what: 'map', name: is.name, ...difference }];
}

function sameElement(found: FoundMapElement, wanted: MapElement): boolean {
	const note = wanted.note === null ? null : commentText(wanted.note);
	return found.foreign === null && found.note === note && sameVerdict(found.verdict, wanted.verdict);
}

function sameVerdict(found: Goto | Drop | Foreign, wanted: Goto | Drop): boolean {
	if (found.kind === 'goto') return wanted.kind === 'goto' && found.chain === wanted.chain;
	return found.kind === wanted.kind;
}

function compareElements<Found extends { readonly key: Key }, Wanted extends { readonly key: Key }>(
	found: readonly Found[],
	wanted: readonly Wanted[],
	same: (found: Found, wanted: Wanted) => boolean,
): Pick<ElementDifference, 'missing' | 'extra' | 'changed'> | null {
	const left = new Map(found.map((element) => [element.key.join(' . '), element]));
	const missing: Key[] = [];
	const changed: Key[] = [];
	for (const element of wanted) {
		const text = element.key.join(' . ');
		const is = left.get(text);
		if (is === undefined) missing.push(element.key);
		else if (!same(is, element)) changed.push(element.key);
		left.delete(text);
	}
	const extra = [...left.values()].map((element) => element.key);
	return missing.length + changed.length + extra.length === 0 ? null : { missing, extra, changed };
}
