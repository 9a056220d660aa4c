import { assemble } from '../compile/assemble.ts';
import type { TableUpdate } from '../incremental/follower.ts';
import { compareBytes } from '../model/order.ts';
import type { PortProgram } from '../model/program.ts';
import type { Table } from '../model/ruleset.ts';
import { type Holders, holdersOf } from '../plan/holders.ts';
import type { TableName } from '../plan/transaction.ts';
import { type Generation, withFence } from './fence.ts';

/** What a table holds, or should hold. */
export interface Content {
	readonly frame: Table;
	/** by name */
	readonly ports: ReadonlyMap<string, PortProgram>;
}

/** What is known to be in the kernel. */
export interface Applied {
	frame: Table;
	readonly ports: Map<string, PortProgram>;
	holders: Holders;
	generation: Generation;
}

/** A service port that the kernel does not take; it is left as it was until it changes. */
export interface Quarantined {
	/** what was refused */
	readonly program: PortProgram | null;
	readonly reason: string;
}

/** One table: what it should be, what it is, and what is between. */
export interface TableState {
	readonly name: TableName;
	frame: Table;
	readonly wanted: Map<string, PortProgram>;
	/** names of service ports that may be another in the kernel than wanted */
	readonly dirty: Set<string>;
	/** null while nobody knows what is in the kernel */
	applied: Applied | null;
	readonly quarantined: Map<string, Quarantined>;
	/** chains that are empty and that nothing leads to */
	readonly left: Set<string>;
	/** how heavy a transaction may be; less after the kernel found one too large */
	most: number;
	/** how often the table could not be taken over since it last was */
	strikes: number;
}

/** The rules and elements of one transaction, so that nft needs little memory and the kernel little time. */
const MOST_WEIGHT = 10_000;

/** A table of which nothing is known but what it should be. */
export function newTableState(update: TableUpdate): TableState {
	const frame = withFence(update.frame);
	const state: TableState = {
		name: { family: frame.family, table: frame.name },
		frame,
		wanted: new Map(),
		dirty: new Set(),
		applied: null,
		quarantined: new Map(),
		left: new Set(),
		most: MOST_WEIGHT,
		strikes: 0,
	};
	follow(state, update);
	return state;
}

/** Takes in what the table should be from now on. */
export function follow(state: TableState, update: TableUpdate): void {
	if (update.frame !== withoutFence.get(state.frame)) state.frame = withFence(update.frame);
	withoutFence.set(state.frame, update.frame);
	for (const [name, program] of update.ports) {
		if (program === null) state.wanted.delete(name);
		else state.wanted.set(name, program);
		state.dirty.add(name);
	}
}

/** The frame that each frame with a fence was made of, so that an unchanged one stays the same object. */
const withoutFence = new WeakMap<Table, Table>();

/** The whole table as it should be, but for what is in quarantine. */
export function wantedTable({ frame, wanted, quarantined }: TableState): Table {
	const names = [...wanted.keys()].filter((name) => !quarantined.has(name)).sort(compareBytes);
	return assemble({ frame, ports: names.flatMap((name) => wanted.get(name) ?? []) });
}

/** Something was done: what seemed too large before may have been bad luck, such as nft being killed for another's sake. */
export function trustAgain(state: TableState): void {
	state.most = Math.min(MOST_WEIGHT, state.most * 2);
}

/** The whole table as the kernel is thought to hold it. */
export function appliedTable({ frame, ports }: Applied): Table {
	return assemble({ frame, ports: [...ports.values()] });
}

/** Notes that the kernel holds everything that is wanted. */
export function adopt(state: TableState, generation: Generation): void {
	trustAgain(state);
	const ports = new Map([...state.wanted].filter(([name]) => !state.quarantined.has(name)));
	state.applied = { frame: state.frame, ports, holders: holdersOf(ports.values()), generation };
	state.dirty.clear();
	state.strikes = 0;
}
