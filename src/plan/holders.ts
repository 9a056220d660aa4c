import { elementKey, type PortProgram } from '../model/program.ts';
import type { SetElement } from '../model/ruleset.ts';

/** How many service ports put an element into a set: set, then key, then their number. */
export type Holders = Map<string, Map<string, number>>;

/** Counts the holders of every element. */
export function holdersOf(ports: Iterable<PortProgram>): Holders {
	const holders: Holders = new Map();
	for (const { setElements } of ports) {
		for (const [set, elements] of setElements) for (const element of elements) take(holders, set, element);
	}
	return holders;
}

/** Counts one holder more. @returns whether it is the first */
export function take(holders: Holders, set: string, element: SetElement): boolean {
	const counts = holders.get(set) ?? new Map<string, number>();
	holders.set(set, counts);
	const key = elementKey(element);
	const count = (counts.get(key) ?? 0) + 1;
	counts.set(key, count);
	return count === 1;
}

/** Counts one holder less. @returns whether it was the last */
export function release(holders: Holders, set: string, element: SetElement): boolean {
	const counts = holders.get(set);
	const key = elementKey(element);
	const count = (counts?.get(key) ?? 0) - 1;
	if (count > 0) counts?.set(key, count);
	else counts?.delete(key);
	return count === 0;
}
