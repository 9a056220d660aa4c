/** Some of a cluster's nodes, by their numbers: a bit for each, 32 in a word. */
export type NodeSet = Uint32Array;

/** @param count how many nodes the cluster has; every number is below it */
export function nodeSet(count: number, numbers: Iterable<number>): NodeSet {
	const set = new Uint32Array(Math.ceil(count / 32));
	for (const number of numbers) set[number >>> 5] = (set[number >>> 5] ?? 0) | (1 << (number & 31));
	return set;
}

export function hasNode(set: NodeSet, number: number): boolean {
	return ((set[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
}

/** The first number that is in `some` and not in `others`; null where there is none. */
export function firstBeyond(some: NodeSet, others: NodeSet): number | null {
	for (let word = 0; word < some.length; word++) {
		const bits = (some[word] ?? 0) & ~(others[word] ?? 0);
		if (bits !== 0) return word * 32 + (31 - Math.clz32(bits & -bits));
	}
	return null;
}

/** Those that both have. */
export function inBoth(a: NodeSet, b: NodeSet): NodeSet {
	return a.map((bits, index) => bits & (b[index] ?? 0));
}

/** Those of `all` that are not in `some`. */
export function without(all: NodeSet, some: NodeSet): NodeSet {
	return all.map((bits, index) => bits & ~(some[index] ?? 0));
}
