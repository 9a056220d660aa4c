import { hashSum } from '../../model/hash-sum.ts';
import type { IpFamily } from '../../model/ip.ts';
import { listedTableHeader } from './listed-lines.ts';
import { objectHash } from './listing-hash.ts';
import { newObjectReader, type ObjectReader } from './object-reader.ts';

// A table as `nft --numeric list table` prints it, or `list chain` and the like one after another, summed up piece by piece: a
// large table is some MB of text, of which nothing is kept. Every line counts as it is, whether it is understood or not, and so
// what a stranger's rule, flag or object says makes another sum. Only the order of objects and of elements does not count, nor
// what sets hold that packets fill.
//
// nft prints comments and names as they are. What is written in nft's own language can have no quote in it, and so cannot look
// like other lines; whoever writes past it (by nft's JSON, or to the kernel itself) can make a comment that looks like the lines
// that it takes the place of. A look finds mistakes and other writers. Whoever is root on the node and hides needs none of our
// tables for that: his own may come before them.

/** What a table's listing comes to. */
export interface ListedText {
	/** the hash of the lines that are about the table itself */
	readonly table: bigint;
	/** the sum of the hashes of its objects and their elements */
	readonly sum: bigint;
	/** the names of its chains that have neither hook nor rules, which are in the sum too */
	readonly emptyChains: readonly string[];
	/** elements of the set that was to be set aside, which are not in the sum; of many the first ones */
	readonly aside: readonly string[];
}

/** Reads a listing piece by piece. */
export interface TextReader {
	readonly add: (piece: Buffer) => void;
	/** What was read; null when it was not whole. */
	readonly end: () => ListedText | null;
}

const MOST_ASIDE = 4;

/** Begins to read one whole table. @param setAside the name of a set whose elements are told, not summed */
export function newTextReader(family: IpFamily, setAside: string): TextReader {
	return newReader(family, setAside, (line, count) => (count === 0 && line.startsWith('table ') ? 'ours' : 'lost'));
}

/**
 * Begins to read what nft prints of parts of one table: it begins a table for each of them. Other tables are passed over, and the
 * set that is set aside counts once, however often it comes.
 */
export function newPartsReader(family: IpFamily, table: string, setAside: string): TextReader {
	const header = listedTableHeader(family, table);
	return newReader(family, setAside, (line) => {
		if (line === header) return 'ours';
		return line.startsWith('table ') ? 'other' : 'lost';
	});
}

/** Which table a line begins, after so many that were ours. */
type Begin = (line: string, count: number) => 'ours' | 'other' | 'lost';

function newReader(family: IpFamily, setAside: string, begin: Begin): TextReader {
	const table: string[] = [];
	const emptyChains: string[] = [];
	const aside: string[] = [];
	let sum = 0n;
	let count = 0;
	let asides = 0;
	let place: 'outside' | 'ours' | 'other' | 'lost' | ObjectReader = 'outside';
	const take = {
		hash: (hash: bigint) => {
			sum += hash;
		},
		aside: (element: string) => {
			if (aside.length < MOST_ASIDE) aside.push(element);
		},
		emptyChain: (name: string) => emptyChains.push(name),
	};
	const again = { ...take, hash: () => {} };

	const takeFirstLine = (line: string): typeof place => {
		const became = begin(line, count);
		if (became === 'ours' && count++ === 0) table.push(line);
		return became;
	};

	const takeTableLine = (line: string): typeof place => {
		if (line === '}') return 'outside';
		if (line === `\tset ${setAside} {`) return newObjectReader(line, family, true, asides++ === 0 ? take : again);
		if (isHeader(line)) return newObjectReader(line, family, false, take);
		if (line !== '') table.push(line);
		return 'ours';
	};

	const takeLine = (line: string): typeof place => {
		if (place === 'lost') return 'lost';
		if (place === 'outside') return takeFirstLine(line);
		if (place === 'ours') return takeTableLine(line);
		if (place === 'other') return line === '}' ? 'outside' : 'other';
		const became = place.takeLine(line);
		if (became === 'more') return place;
		return became === 'closed' ? 'ours' : 'lost';
	};

	const lines = newLines((line) => {
		place = takeLine(line);
	});
	return {
		add: lines.add,
		end: () => {
			if (place !== 'outside' || count === 0 || lines.rest() !== '') return null;
			return { table: objectHash(table, 'latin1'), sum: hashSum(sum), emptyChains, aside };
		},
	};
}

/** Whether a line of a table begins something that has lines of its own. */
function isHeader(line: string): boolean {
	return line.startsWith('\t') && !line.startsWith('\t\t') && line.endsWith(' {');
}

/** Cuts what comes piece by piece into lines: of bytes, whatever they mean, or what is no UTF-8 would become alike. */
function newLines(take: (line: string) => void) {
	let rest = '';
	const add = (piece: Buffer) => {
		const text = rest + piece.toString('latin1');
		let start = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
			take(text.slice(start, end));
			start = end + 1;
		}
		rest = text.slice(start);
	};
	return { add, rest: () => rest };
}
