import type { Elements, Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../model/transaction.ts';

/** Whether a transaction does nothing. */
export function isEmpty(each: Transaction): boolean {
	return weight(each) === 0;
}

/** How much the kernel has to do for a transaction: rules, elements, chains and sets. */
export function weight(each: Transaction): number {
	const elements = (lists: readonly Elements[]) => lists.reduce((sum, list) => sum + list.elements.length, 0);
	return (
		elements(each.removedElements) +
		elements(each.addedElements) +
		each.flushedChains.length +
		each.removedChains.length +
		each.removedSets.length +
		each.removedMaps.length +
		each.addedSets.length +
		each.addedMaps.length +
		each.chains.reduce((sum, chain) => sum + 1 + chain.rules.length, 0)
	);
}

/** Several transactions of one table as one. */
export function merged(name: TableName, list: readonly Transaction[]): Transaction {
	return transaction(name, {
		removedElements: mergedElements(list.flatMap((each) => each.removedElements)),
		flushedChains: list.flatMap((each) => each.flushedChains),
		removedChains: list.flatMap((each) => each.removedChains),
		removedSets: list.flatMap((each) => each.removedSets),
		removedMaps: list.flatMap((each) => each.removedMaps),
		addedSets: list.flatMap((each) => each.addedSets),
		addedMaps: list.flatMap((each) => each.addedMaps),
		chains: list.flatMap((each) => each.chains),
		addedElements: mergedElements(list.flatMap((each) => each.addedElements)),
	});
}

/** nft looks a set up once for each command: one command for each set is enough. */
function mergedElements(lists: readonly Elements[]): readonly Elements[] {
	const byContainer = new Map<string, Elements>();
	for (const list of lists) {
		const known = byContainer.get(list.container);
		byContainer.set(list.container, known === undefined ? list : joined(known, list));
	}
	return [...byContainer.values()];
}

function joined(a: Elements, b: Elements): Elements {
	if (a.kind === 'map-elements' && b.kind === 'map-elements') return { ...a, elements: [...a.elements, ...b.elements] };
	if (a.kind === 'set-elements' && b.kind === 'set-elements') return { ...a, elements: [...a.elements, ...b.elements] };
	throw new Error(`${a.container} cannot be a set and a map`);
}
