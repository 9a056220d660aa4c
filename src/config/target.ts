import { LineCounter } from 'yaml';
import { type Ignores, readIgnore } from '../findings/ignores.ts';
import type { TextPlace } from '../model/problem.ts';
import type { OptionSetting, Target, Written } from './config.ts';
import { OPTION_KEYS, type Settings } from './shape.ts';

type Path = readonly PropertyKey[];

/** Where values stand. */
export interface Places {
	/** of the whole file */
	readonly text: string;
	/** of the value at a path, or of what is around it */
	readonly at: (path: Path) => TextPlace;
}

/**
 * A target with what the defaults say where it says nothing.
 * @param index of the target in its list
 */
export function targetOf(
	{ name, ...own }: Settings & { readonly name: string },
	index: number,
	defaults: Settings,
	places: Places,
): Target {
	const all: Settings = { ...defaults, ...own };
	const pathOf = (key: keyof Settings): Path => (key in own ? ['targets', index, key] : ['defaults', key]);
	const written = (key: keyof Settings, text: string | undefined): Written | null =>
		text === undefined ? null : { text, place: places.at(pathOf(key)) };
	const options = OPTION_KEYS.flatMap((key): readonly OptionSetting[] => {
		const value = all[key];
		return value === undefined ? [] : [{ key, value: inWords(key, value), place: places.at(pathOf(key)) }];
	});
	return {
		name,
		path: written('path', all.path),
		cluster: written('cluster', all.cluster),
		base: all.base ?? null,
		ignore: ignoreOf(all.ignore, pathOf('ignore'), places),
		assertions: written('assertions', all.assertions),
		options,
	};
}

function ignoreOf(ignore: Settings['ignore'], path: Path, places: Places): Target['ignore'] {
	if (ignore === undefined) return null;
	if (typeof ignore === 'string') return { file: { text: ignore, place: places.at(path) } };
	const lines = lineCounter(places.text);
	const read = ignore.map((entry, index): Ignores => {
		const { file, offset } = places.at([...path, index]);
		return readIgnore(entry, `${file}:${lines.linePos(offset).line}`);
	});
	return {
		entries: { entries: read.flatMap(({ entries }) => entries), problems: read.flatMap(({ problems }) => problems) },
	};
}

function lineCounter(text: string): LineCounter {
	const lines = new LineCounter();
	lines.addNewLine(0);
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
	return lines;
}

/** Options that are given once for each of their values; lists of others have commas between. */
const REPEATED: ReadonlySet<string> = new Set(['severity', 'only-affects']);

function inWords(
	key: OptionSetting['key'],
	value: NonNullable<Settings[OptionSetting['key']]>,
): OptionSetting['value'] {
	if (typeof value === 'boolean') return value;
	const words = wordsOf(value);
	return REPEATED.has(key) ? words : [words.join(',')];
}

/** A map is `NAME=VALUE`. */
function wordsOf(value: string | number | readonly string[] | Readonly<Record<string, unknown>>): readonly string[] {
	if (typeof value !== 'object') return [String(value)];
	return Array.isArray(value) ? value : Object.entries(value).map(([name, each]) => `${name}=${each}`);
}
