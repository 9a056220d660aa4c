import { asList, isObject, type Json, type JsonObject, textOrNull, unknownEntries } from '../model/json.ts';
import type { Drop, Goto } from '../model/ruleset.ts';
import type { Foreign, FoundElement, FoundMap, FoundMapElement, FoundSet } from './found.ts';
import { readFields } from './matches.ts';
import { partText, typesOf } from './spelling.ts';

// `count` is how many elements there are, as nft 1.1.7 prints it of a set with a size where the kernel says it.
const COMMON = ['family', 'table', 'name', 'handle', 'type', 'comment', 'elem', 'count'];
const SET_WORDS: ReadonlySet<string> = new Set([...COMMON, 'flags', 'timeout', 'size']);
const MAP_WORDS: ReadonlySet<string> = new Set([...COMMON, 'map']);

/** The size that the kernel gives to sets that packets add to. */
const DYNAMIC_SIZE = 65_535;

/** A set as nft prints it. */
export function readSet(set: JsonObject): FoundSet {
	const types = readTypes(set);
	const flags = asList(set.flags);
	const timeout = typeof set.timeout === 'number' ? set.timeout : null;
	// nft 1.0.6 does not print `dynamic`; where it is printed it says nothing that the timeout does not.
	const known: readonly Json[] = timeout === null ? ['interval'] : ['interval', 'timeout', 'dynamic'];
	const foreign = [...unknownEntries(set, SET_WORDS)];
	for (const flag of flags) if (!known.includes(flag)) foreign.push(`flags ${JSON.stringify(flag)}`);
	if (set.size !== undefined && (timeout === null || set.size !== DYNAMIC_SIZE)) {
		foreign.push(`size ${JSON.stringify(set.size)}`);
	}
	return {
		kind: 'set',
		name: textOrNull(set.name) ?? '',
		comment: textOrNull(set.comment),
		types,
		interval: flags.includes('interval'),
		timeout,
		foreign,
		elements: asList(set.elem).map((element) => readElement(element, types)),
	};
}

/** A map as nft prints it; a map to anything but verdicts is foreign. */
export function readMap(map: JsonObject): FoundMap {
	const types = readTypes(map);
	const foreign = [...unknownEntries(map, MAP_WORDS)];
	if (map.map !== 'verdict') foreign.push(`map ${JSON.stringify(map.map ?? null)}`);
	return {
		kind: 'map',
		name: textOrNull(map.name) ?? '',
		comment: textOrNull(map.comment),
		types,
		foreign,
		elements: asList(map.elem).map((element) => readMapElement(element, types)),
	};
}

/** The keys of one set as nft lists it: each key has a text for each field. */
export function readElements(listing: unknown): readonly (readonly string[])[] {
	const objects = isObject(listing as Json) ? asList((listing as JsonObject).nftables) : [];
	return objects.flatMap((object) =>
		isObject(object) && isObject(object.set) ? readSet(object.set).elements.map((element) => element.key) : [],
	);
}

/** The type of each field; none where one is not known. Newer nfts print which fields were named, older ones their types. */
function readTypes({ type, family }: JsonObject): readonly string[] {
	if (isObject(type)) {
		const ours = family === 'ip6' ? 'ip6' : 'ip';
		return typesOf(readFields(type.typeof, ours) ?? [], ours);
	}
	const types = asList(type);
	return types.every((each) => typeof each === 'string') ? types : [];
}

function readElement(element: Json, types: readonly string[]): FoundElement {
	if (!isObject(element) || !isObject(element.elem)) return { key: readKey(element, types), note: null, foreign: null };
	// `expires` counts down, and only in sets whose elements packets add.
	const { val = null, comment, expires, ...others } = element.elem;
	return {
		key: readKey(val, types),
		note: textOrNull(comment),
		foreign: Object.keys(others).length === 0 ? null : JSON.stringify(others),
	};
}

function readKey(key: Json, types: readonly string[]): readonly string[] {
	const parts = isObject(key) && key.concat !== undefined ? asList(key.concat) : [key];
	return parts.map((part, index) => partText(part, types[index]));
}

function readMapElement(element: Json, types: readonly string[]): FoundMapElement {
	const [key = null, verdict = null] = asList(element);
	return { ...readElement(key, types), verdict: readVerdict(verdict) };
}

function readVerdict(verdict: Json): Goto | Drop | Foreign {
	if (isObject(verdict)) {
		if (isObject(verdict.goto) && typeof verdict.goto.target === 'string') {
			return { kind: 'goto', chain: verdict.goto.target };
		}
		if (verdict.drop === null) return { kind: 'drop' };
	}
	return { kind: 'foreign', text: JSON.stringify(verdict), note: null };
}
