import { type Group, groupBy } from '../model/group-by.ts';
import type { Chain } from '../model/ruleset.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../model/transaction.ts';

/** Whether a transaction does nothing. */
export function isEmpty(each: Transaction): boolean {
	return weight(each) === 0;
}

/** An element is less work for nft and the kernel than a rule; more where it is the first to lead to a chain, which is checked then. */
const ELEMENT = 3 / 4;

/** How much nft and the kernel have to do for a transaction, in rules; a chain or a set is as much as one. */
export function weight(each: Transaction): number {
	const elements = (lists: readonly Elements[]) => lists.reduce((sum, list) => sum + list.elements.length, 0) * ELEMENT;
	return (
		elements(each.removedElements) +
		elements(each.addedElements) +
		each.flushedChains.length +
		each.removedChains.length +
		each.removedSets.length +
		each.removedMaps.length +
		each.addedSets.length +
		each.addedMaps.length +
		chainsWeight(each.chains)
	);
}

/** The same of chains that are made. */
export function chainsWeight(chains: readonly Chain[]): number {
	return chains.reduce((sum, chain) => sum + 1 + chain.rules.length, 0);
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
	const byContainer = groupBy(lists, ({ container }) => container);
	return [...byContainer.values()].map(joined);
}

function joined(lists: Group<Elements>): Elements {
	const [{ container }] = lists;
	const sets = lists.filter((list) => list.kind === 'set-elements');
	const maps = lists.filter((list) => list.kind === 'map-elements');
	if (sets.length > 0 && maps.length > 0) throw new Error(`${container} cannot be a set and a map`);
	return maps.length > 0
		? { kind: 'map-elements', container, elements: maps.flatMap(({ elements }) => elements) }
		: { kind: 'set-elements', container, elements: sets.flatMap(({ elements }) => elements) };
}
