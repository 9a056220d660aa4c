/** A chain, set, map or table of a file of rules, with its own lines as they are compared. */
export interface Block {
	/** `table ip nft-gen chain cluster/shop/web/http`; empty for what stands in no block */
	readonly name: string;
	/** those that draw one of several endpoints come sorted */
	readonly lines: readonly string[];
}

/** A line as it is compared, and whether it is one of several of which one is drawn. */
interface Line {
	readonly text: string;
	readonly drawn: boolean;
}

/**
 * Takes a file of rules apart, whoever wrote it: a block begins with a line that ends with `{`. What has no meaning of its own is
 * left out: indentation, the commas of elements, how many endpoints are left to draw from, and the place of an endpoint in a map
 * that draws. A rule's comment is a line of its own: the comment of a chain stands at its first rule, whichever that is.
 */
export function blocksOf(text: string): ReadonlyMap<string, Block> {
	const found = new Map<string, Line[]>();
	const path: string[] = [];
	for (const line of text.split('\n').map((each) => each.trim())) {
		if (line === '') continue;
		if (line === '}' || line === '};') path.pop();
		else if (line.endsWith('{')) path.push(opened(line));
		else {
			const name = path.filter((each) => each !== ELEMENTS).join(' ');
			const lines = found.get(name) ?? [];
			found.set(name, lines);
			lines.push(...compared(line, path.at(-1) ?? ''));
		}
	}
	return new Map([...found].map(([name, lines]) => [name, { name, lines: withDrawsSorted(lines) }]));
}

const ELEMENTS = 'elements =';

/** The name of a block. One that draws says of how many, which changes with each of them. */
function opened(line: string): string {
	return line.slice(0, -1).trim().replace(DRAWING_MAP, 'numgen random map');
}

const DRAWING_MAP = /numgen random mod \d+ map$/;
const DRAW = /^numgen random mod \d+ == 0 /;
const COMMENT = / (comment "[^"]*")$/;

function compared(line: string, block: string): readonly Line[] {
	const text = line.replace(/,$/, '').replace(block.endsWith('numgen random map') ? /^\d+ : / : /^$/, '');
	const [, comment] = COMMENT.exec(text) ?? [];
	const drawn = DRAW.test(text);
	const rule = { text: text.replace(DRAW, '').replace(COMMENT, ''), drawn };
	return comment === undefined ? [rule] : [{ text: comment, drawn }, rule];
}

/** The last of those to draw from is the line after, which is unconditional. */
function withDrawsSorted(lines: readonly Line[]): readonly string[] {
	const sorted: string[] = [];
	let draws: string[] = [];
	for (const { text, drawn } of lines) {
		draws.push(text);
		if (drawn) continue;
		sorted.push(...draws.sort());
		draws = [];
	}
	return [...sorted, ...draws.sort()];
}
