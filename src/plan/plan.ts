import type { ServicePortId } from '../model/cluster-state.ts';
import type { PortProgram } from '../model/program.ts';
import type { Transaction } from '../model/transaction.ts';
import { type TableName, transaction } from '../model/transaction.ts';
import type { Holders } from './holders.ts';
import { portChange } from './port-change.ts';
import { isEmpty } from './transaction.ts';

/** The change of one service port. It stands for itself: others can be made without it. */
export interface Unit {
	readonly owner: ServicePortId;
	readonly change: Transaction;
}

/** A service port's program before and after; one of them may be null. */
export type PortPair = readonly [before: PortProgram | null, after: PortProgram | null];

/**
 * The changes of some service ports, to be made in this order, in one transaction or in several; of those that are the same
 * object before and after there are none.
 * @param holders of the table as it is before; of the table as it is after when this returns
 */
export function portUnits(name: TableName, pairs: readonly PortPair[], holders: Holders): readonly Unit[] {
	return pairs.flatMap(([before, after]) => {
		const owner = (after ?? before)?.owner;
		if (before === after || owner === undefined) return [];
		const change = portChange(name, before, after, holders);
		return isEmpty(change) ? [] : [{ owner, change }];
	});
}

/** Removes chains that are empty and that nothing leads to. */
export function cleanUp(name: TableName, left: readonly string[]): Transaction {
	return transaction(name, { removedChains: left });
}
