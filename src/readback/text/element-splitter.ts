/** Splits the elements of a set or map, as nft lists them between braces, line by line. */
export interface ElementSplitter {
	/** Takes a line. @returns whether the brace was closed, more is to come, or nobody understands it */
	readonly add: (line: string) => 'closed' | 'more' | 'lost';
}

const QUOTE = '"'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const OPEN = '{'.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);

/** Begins to split. What is between quotes is part of its element, whatever it is. @param take is given every element */
export function newElementSplitter(take: (element: string) => void): ElementSplitter {
	let part = '';
	let isQuoted = false;
	const finish = (text: string) => {
		take(trimmed(part + text));
		part = '';
	};
	const add = (line: string) => {
		let start = 0;
		for (let at = 0; at < line.length; at++) {
			const code = line.charCodeAt(at);
			if (code === QUOTE) isQuoted = !isQuoted;
			else if (isQuoted) continue;
			else if (code === COMMA) {
				finish(line.slice(start, at));
				start = at + 1;
			} else if (code === OPEN) return 'lost';
			else if (code === CLOSE) {
				finish(line.slice(start, at));
				return at === line.length - 1 ? 'closed' : 'lost';
			}
		}
		part += `${line.slice(start)}\n`;
		return 'more';
	};
	return { add };
}

/** Without the white space of the listing. Not `trim`, which knows many more kinds of it. */
function trimmed(element: string): string {
	return element.replace(/^[\t\n ]+|[\t\n ]+$/g, '');
}
