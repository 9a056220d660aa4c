import { assemble } from '../compile/assemble.ts';
import type { Listing } from '../host/nft/nft.ts';
import type { TableRecord } from '../host/table-records.ts';
import type { TableUpdate } from '../incremental/follower.ts';
import { compareBytes } from '../model/order.ts';
import type { PortProgram } from '../model/program.ts';
import type { Table } from '../model/ruleset.ts';
import type { TableName } from '../model/transaction.ts';
import { type Holders, holdersOf } from '../plan/holders.ts';
import { type Generation, withFence } from './fence.ts';
import { FIRST_HEAVIEST } from './heaviest.ts';

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
	/** what a look has read that found it wrong, for the repair that follows */
	found: Listing | null;
	/** whether it was made ahead of the first synchronisation, which has not told of it yet */
	madeAhead: boolean;
	/** what an agent before this one knew; null once it was looked at */
	record: TableRecord | null;
	readonly quarantined: Map<string, Quarantined>;
	/** chains that are empty and that nothing leads to, with the time since when, on the sender's clock */
	readonly left: Map<string, number>;
	/** how heavy a transaction may be: less after one was slow or too large */
	heaviest: number;
	/** how often in a row nft died over a transaction: once may be chance */
	kills: number;
	/** how often in a row nft died over reading the table, though it can read the fence */
	unread: number;
	/** how often in a row the kernel found the table another than it was read as, though nobody wrote to it meanwhile */
	misread: number;
	/** how often in a row its text was not what we expect, though the table was right */
	textMisread: number;
}

/** A table of which nothing is known but what it should be. */
export function newTableState(update: TableUpdate, record: TableRecord | null = null): TableState {
	const frame = withFence(update.frame);
	const state: TableState = {
		name: { family: frame.family, table: frame.name },
		frame,
		wanted: new Map(),
		dirty: new Set(),
		applied: null,
		found: null,
		madeAhead: false,
		record,
		quarantined: new Map(),
		left: new Map(),
		heaviest: FIRST_HEAVIEST,
		kills: 0,
		unread: 0,
		misread: 0,
		textMisread: 0,
	};
	follow(state, update);
	return state;
}

/** Takes in what the table should be from now on. */
export function follow(state: TableState, update: TableUpdate): void {
	if (update.frame !== withoutFence.get(state.frame)) {
		state.frame = withFence(update.frame);
		state.textMisread = 0;
	}
	withoutFence.set(state.frame, update.frame);
	for (const [name, program] of update.ports) {
		if (program === null) state.wanted.delete(name);
		else state.wanted.set(name, program);
		state.dirty.add(name);
	}
}

/** The frame that each frame with a fence was made of, so that an unchanged one stays the same object. */
const withoutFence = new WeakMap<Table, Table>();

/** Whether a service port stays as it is: what was refused is tried again only when it changed. */
export function isQuarantined({ quarantined, wanted }: TableState, name: string): boolean {
	return quarantined.get(name)?.program === (wanted.get(name) ?? null);
}

/** Whether all rules of a table are known: what a service port in quarantine has in the kernel is not known as rules. */
export function areRulesKnown(state: TableState): state is TableState & { readonly applied: Applied } {
	return state.applied !== null && state.quarantined.size === 0;
}

/** What should be in the table, sorted, but for what is in quarantine. */
export function wantedContent({ frame, wanted, quarantined }: TableState): Content {
	const kept = [...wanted].filter(([name]) => !quarantined.has(name));
	return { frame, ports: new Map(kept.sort(([a], [b]) => compareBytes(a, b))) };
}

/** A table of such a content. */
export function tableOf({ frame, ports }: Content): Table {
	return assemble({ frame, ports: [...ports.values()] });
}

/** Notes what the kernel holds. What is something else than wanted is to be programmed. */
export function takeAsApplied(
	state: TableState,
	ports: ReadonlyMap<string, PortProgram>,
	generation: Generation,
): void {
	state.applied = { frame: state.frame, ports: new Map(ports), holders: holdersOf(ports.values()), generation };
	state.dirty.clear();
	for (const name of new Set([...state.wanted.keys(), ...ports.keys()])) {
		if (ports.get(name) !== state.wanted.get(name)) state.dirty.add(name);
	}
}

/** Notes what is left over, or wanted again, once a service port has another program. */
export function noteLeft(
	{ left }: TableState,
	before: PortProgram | null,
	after: PortProgram | null,
	now: number,
): void {
	for (const chain of before?.chains ?? []) left.set(chain.name, now);
	for (const chain of after?.chains ?? []) left.delete(chain.name);
}
