import type { NamedSet, Table } from '../model/ruleset.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import { differences } from '../readback/differences.ts';
import type { FoundTable } from '../readback/found.ts';

// A set with one element, another one after every transaction. Each transaction removes the element that it expects: when
// somebody else has written to the table, or it was flushed, the kernel refuses the whole transaction (trap T22).

export const FENCE = 'generation';

/** The fence as nothing is in it. */
export const FENCE_SET: NamedSet = {
	kind: 'set',
	name: FENCE,
	comment: 'changes with every transaction, so that two writers notice each other',
	fields: ['dport', 'dport'],
	interval: false,
	timeout: null,
	elements: [],
};

/** Two numbers; in nft's words two ports. */
export type Generation = readonly [string, string];

/** A generation that nobody else has. */
export function newGeneration(random: () => number = Math.random): Generation {
	const number = () => String(1 + Math.floor(random() * 65535));
	return [number(), number()];
}

/** The generation that the fence's elements, or what was found instead of them, stand for; null where they are none. */
export function generationOf(keys: readonly (readonly string[])[]): Generation | null {
	const [first, second] = keys[0] ?? [];
	return keys.length === 1 && first !== undefined && second !== undefined ? [first, second] : null;
}

/** The generation that a found table is of; null where it has no fence, or one that stands for none. */
export function foundGeneration(found: FoundTable): Generation | null {
	const fence = found.sets.find((set) => set.name === FENCE);
	return generationOf((fence?.elements ?? []).map(({ key }) => key));
}

/** What is wrong with a found table, and the generation it is of; a fence that stands for none is wrong too. */
export function compare(found: FoundTable, wanted: Table) {
	const generation = foundGeneration(found);
	const ignored = new Set(generation === null ? [] : [FENCE]);
	const sets = wanted.sets.filter((set) => !ignored.has(set.name));
	return { generation, differences: differences(found, { ...wanted, sets }, { ignoredSets: ignored }) };
}

/** A frame with the fence in it. */
export function withFence(frame: Table): Table {
	return { ...frame, sets: [...frame.sets, FENCE_SET] };
}

/** A transaction that the kernel makes only while the table is as it was left. @param before null when nobody has written yet */
export function fenced(change: Transaction, before: Generation | null, after: Generation): Transaction {
	return {
		...change,
		removedElements: [...(before === null ? [] : [element(before)]), ...change.removedElements],
		addedElements: [...change.addedElements, element(after)],
	};
}

function element(generation: Generation): Elements {
	return { kind: 'set-elements', container: FENCE, elements: [{ key: generation }] };
}
