import { type ServicePortId, servicePortName } from '../model/cluster-state.ts';
import type { PortProgram, TableProgram } from '../model/program.ts';
import type { Transaction } from '../model/transaction.ts';
import { frameChange } from './frame-change.ts';
import { type Holders, holdersOf } from './holders.ts';
import { portChange } from './port-change.ts';
import { isEmpty, type TableName, transaction } from './transaction.ts';

/** A change that stands for itself: of one service port, or of what every table has. */
export interface Unit {
	/** null for the frame */
	readonly owner: ServicePortId | null;
	readonly change: Transaction;
}

/** Everything to be done to a table. */
export interface Plan {
	/** to be done in this order, in one transaction or in several */
	readonly units: readonly Unit[];
	/** chains that nothing leads to any more; to be removed in a transaction of its own, later */
	readonly left: readonly string[];
}

/**
 * What takes a table from one program to another. Null where only a new table will do.
 * @param before null when there is no table yet
 */
export function plan(before: TableProgram | null, after: TableProgram): Plan | null {
	const frame = frameChange(before?.frame ?? null, after.frame);
	if (frame === null) return null;
	const old = byName(before?.ports ?? []);
	const kept = byName(after.ports);
	const pairs: PortPair[] = [
		...(before?.ports ?? [])
			.filter((port) => !kept.has(servicePortName(port.owner)))
			.map((port) => [port, null] as const),
		...after.ports.map((port) => [old.get(servicePortName(port.owner)) ?? null, port] as const),
	];
	const name: TableName = { family: after.frame.family, table: after.frame.name };
	const ports = portUnits(name, pairs, holdersOf(before?.ports ?? []));
	const all: readonly Unit[] = [{ owner: null, change: frame }, ...ports.units];
	return { units: all.filter(({ change }) => !isEmpty(change)), left: ports.left };
}

function byName(ports: readonly PortProgram[]): ReadonlyMap<string, PortProgram> {
	return new Map(ports.map((port) => [servicePortName(port.owner), port]));
}

/** A service port's program before and after; one of them may be null. */
export type PortPair = readonly [before: PortProgram | null, after: PortProgram | null];

/**
 * The changes of some service ports; of those that are the same object before and after there are none.
 * @param holders of the table as it is before; of the table as it is after when this returns
 */
export function portUnits(name: TableName, pairs: readonly PortPair[], holders: Holders): Plan {
	const units: Unit[] = [];
	const left: string[] = [];
	for (const [before, after] of pairs) {
		if (before === after) continue;
		const owner = (after ?? before)?.owner ?? null;
		const change = portChange(name, before, after, holders);
		if (!isEmpty(change)) units.push({ owner, change });
		const stays = new Set(after?.chains.map((chain) => chain.name));
		left.push(...(before?.chains ?? []).map((chain) => chain.name).filter((chain) => !stays.has(chain)));
	}
	return { units, left };
}

/** Removes chains that left. */
export function cleanUp(name: TableName, left: readonly string[]): Transaction {
	return transaction(name, { removedChains: left });
}
