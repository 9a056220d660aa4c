import type { Ruleset, Table } from '../model/ruleset.ts';
import { type Elements, type TableName, type Transaction, transaction } from '../model/transaction.ts';

/** Rules or elements in one transaction: few enough for a kernel that takes 200 kB at once, whatever they hold. */
const MOST = 150;

/**
 * A ruleset in small transactions, in the order in which an empty kernel takes them: first all sets, maps and chains without
 * anything in them, then rules and elements. In a user namespace nft may not send large messages.
 */
export function pieces({ tables }: Ruleset, most: number = MOST): readonly Transaction[] {
	return tables.flatMap((table) => [
		...grouped(table.chains, () => 1, most).map((chains, index) =>
			transaction(nameOf(table), {
				...(index === 0 ? emptied(table) : {}),
				chains: chains.map((chain) => ({ ...chain, rules: [] })),
			}),
		),
		...grouped(
			table.chains.filter(({ rules }) => rules.length > 0),
			({ rules }) => rules.length,
			most,
		).map((chains) => transaction(nameOf(table), { chains })),
		...elementsOf(table, most).map((elements) => transaction(nameOf(table), { addedElements: [elements] })),
	]);
}

function emptied({ sets, maps }: Table): Partial<Transaction> {
	return {
		addedSets: sets.map((set) => ({ ...set, elements: [] })),
		addedMaps: maps.map((map) => ({ ...map, elements: [] })),
	};
}

function elementsOf({ sets, maps }: Table, most: number): readonly Elements[] {
	const one = () => 1;
	return [
		...sets.flatMap(({ name, elements }) =>
			grouped(elements, one, most).map(
				(group): Elements => ({ kind: 'set-elements', container: name, elements: group }),
			),
		),
		...maps.flatMap(({ name, elements }) =>
			grouped(elements, one, most).map(
				(group): Elements => ({ kind: 'map-elements', container: name, elements: group }),
			),
		),
	];
}

function nameOf({ family, name }: Table): TableName {
	return { family, table: name };
}

/** Neighbours together while their weights are not above the limit; one that is heavier is alone. */
function grouped<T>(items: readonly T[], weightOf: (item: T) => number, most: number): readonly (readonly T[])[] {
	const groups: T[][] = [];
	let free = 0;
	for (const item of items) {
		const weight = weightOf(item);
		const last = groups.at(-1);
		if (last === undefined || weight > free) {
			groups.push([item]);
			free = most - weight;
		} else {
			last.push(item);
			free -= weight;
		}
	}
	return groups;
}
