import { shownQuoted } from '../model/names.ts';
import { compareBytes } from '../model/order.ts';

/** A name around its number: the last one before the first dot. Fifteen digits are exact as a number. */
const NUMBERED = /^([^.]*?)(\d{1,15})([^.\d]*(?:\..*)?)$/;

/** Nothing in such a name, or symbol of a node, can be taken for a part of a range. */
const PLAIN = /^(?:[\w.-]+|‹[\w ]+›)$/;

/** Names that differ in a number only. */
interface Series {
	readonly prefix: string;
	readonly suffix: string;
	readonly numbers: string[];
}

interface Run {
	readonly first: string;
	last: string;
}

/**
 * Names of nodes in short: `n[1-16,18], n21.example`. A range counts up from its first number, with the zeros it starts
 * with: `n[08-10]` is n08, n09 and n10.
 * @param names sorted, each once; one that no node can have is shown quoted and cut
 */
export function nodeRanges(names: readonly string[]): string {
	const series = new Map<string, Series>();
	for (const name of names) {
		const [, prefix = name, number, suffix = ''] = (PLAIN.test(name) && NUMBERED.exec(name)) || [];
		const key = JSON.stringify(number === undefined ? [name] : [prefix, suffix]);
		const found = series.get(key);
		if (found === undefined) series.set(key, { prefix, suffix, numbers: number === undefined ? [] : [number] });
		else if (number !== undefined) found.numbers.push(number);
	}
	return [...series.values()].map(seriesText).join(', ');
}

function seriesText({ prefix, suffix, numbers }: Series): string {
	const [only = '', ...others] = numbers;
	if (others.length === 0) return nameText(`${prefix}${only}${suffix}`);
	const ranges = runs(numbers).map(({ first, last }) => (first === last ? first : `${first}-${last}`));
	return `${prefix}[${ranges.join(',')}]${suffix}`;
}

function nameText(name: string): string {
	return PLAIN.test(name) ? name : shownQuoted(name);
}

/** Numbers that follow each other, joined; `9` is followed by `10`, `09` as well, `009` by `010`. */
function runs(numbers: readonly string[]): readonly Run[] {
	const found: Run[] = [];
	const awaiting = new Map<string, Run>();
	for (const number of [...numbers].sort(byNumber)) {
		const run = awaiting.get(number);
		if (run === undefined) found.push({ first: number, last: number });
		else run.last = number;
		const current = run ?? found.at(-1);
		const next = String(Number(number) + 1).padStart(number.length, '0');
		if (current !== undefined && !awaiting.has(next)) awaiting.set(next, current);
	}
	return found;
}

function byNumber(a: string, b: string): number {
	return Number(a) - Number(b) || a.length - b.length || compareBytes(a, b);
}
