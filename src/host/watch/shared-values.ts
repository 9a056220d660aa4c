// Of what comes with every endpoint there are few values, such as names of nodes: of equal ones the first is kept in memory.

/** Nodes come and go: what is known for long is forgotten now and then. */
const MOST_KNOWN = 20_000;

const TEXTS = new Map<string, unknown>();

/** A text that many others are equal to; what is no text as it is. */
export function sharedText(value: unknown): unknown {
	return typeof value === 'string' ? shared(value, value, TEXTS) : value;
}

/** The value that came first with a key, which is this one where there was none. @param known what came before */
export function shared(key: string, value: unknown, known: Map<string, unknown>): unknown {
	const found = known.get(key);
	if (found !== undefined) return found;
	if (known.size >= MOST_KNOWN) known.clear();
	known.set(key, value);
	return value;
}
