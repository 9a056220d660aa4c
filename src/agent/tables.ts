import type { TableRecord } from '../host/table-records.ts';
import type { Follower, Update } from '../incremental/follower.ts';
import type { ObjectChange } from '../incremental/objects.ts';
import type { IpFamily } from '../model/ip.ts';
import { readElements } from '../readback/sets.ts';
import { followAhead, isMuch, type Tidy } from './ahead.ts';
import { FENCE, generationOf } from './fence.ts';
import { type Judge, look, worst } from './look.ts';
import { newRound, type Round } from './look-round.ts';
import { isSeenWhole, PART_SIZES, type PartSizes, partsOf, WHOLE } from './parts.ts';
import { recordOf } from './recorded.ts';
import type { Sender } from './send.ts';
import { SyncError } from './send.ts';
import { follow, newTableState, type TableState } from './table-state.ts';
import { removeLeft, type Synced, syncTable } from './table-sync.ts';

/** What became of bringing one table to what it should be. */
export type TableResult =
	| { readonly family: IpFamily; readonly kind: 'synced'; readonly synced: Synced; readonly milliseconds: number }
	| {
			readonly family: IpFamily;
			readonly kind: 'failed';
			readonly reason: string;
			/** whether somebody else had written to the table */
			readonly outOfStep: boolean;
			readonly milliseconds: number;
	  };

/** The node's tables, one for each family, each synchronised on its own: one that fails does not hold the other up. */
export interface Tables {
	/** Compiles what changed. Where it is much and there is no table yet, chains to which nothing leads are made meanwhile. */
	readonly follow: (changes: readonly ObjectChange[]) => Promise<Update>;
	readonly sync: () => Promise<readonly TableResult[]>;
	/** Whether nobody else has written to a table since we did. A table that somebody has is read back at the next sync. */
	readonly isFenced: () => Promise<boolean>;
	/**
	 * Reads the tables, or the next parts of large ones, which may take seconds. They may be changed meanwhile, but not while the result
	 * is judged.
	 */
	readonly look: () => Promise<Judge>;
	/** How many looks it takes to see all of the tables once. */
	readonly looksInARound: () => number;
	/** Removes chains that nothing has led to for a second. @returns whether the kernel took that */
	readonly cleanUp: () => Promise<boolean>;
	readonly states: () => readonly TableState[];
}

/**
 * Tables of which nothing is known yet.
 * @param records what an agent before this one knew of them
 * @param tidy gives memory back in the course of much work
 * @param sizes in what parts they are looked at, where nft can be asked for parts
 */
export function newTables(
	follower: Follower,
	sender: Sender,
	records: readonly TableRecord[] = [],
	tidy: Tidy = () => {},
	sizes: PartSizes = PART_SIZES,
): Tables {
	const states = new Map<IpFamily, TableState>();
	const all = () => [...states.values()];
	const each = async (work: (state: TableState) => Promise<boolean>) =>
		(await Promise.all(all().map(work))).every(Boolean);
	const takeIn = (changes: readonly ObjectChange[]): Update => {
		const update = follower.update(changes);
		for (const table of update.tables) {
			const state = states.get(table.family);
			if (state !== undefined) follow(state, table);
			else states.set(table.family, newTableState(table, recordOf(records, table.frame)));
		}
		return update;
	};
	let round: Round | null = null;
	let looksInARound = 1;
	const currentRound = async (): Promise<Round> => {
		if (round !== null) return round;
		const canListParts = await sender.kernel.canListParts();
		round = newRound(new Map(all().map((state) => [state, canListParts ? partsOf(state, sizes) : WHOLE])));
		looksInARound = round.looks;
		return round;
	};
	return {
		follow: async (changes) =>
			isMuch(changes) && all().every(({ applied }) => applied === null)
				? followAhead(changes, takeIn, all, sender, tidy)
				: takeIn(changes),
		sync: () => Promise.all(all().map((state) => syncOne(state, sender))),
		isFenced: () => each((state) => isFenced(state, sender)),
		look: async () => {
			const { next, judged } = await currentRound();
			const judges = await Promise.all([...next()].map(([state, part]) => look(state, sender.kernel, part)));
			return () => {
				const verdict = worst(judges.map((judge) => judge()));
				if (!judged(verdict) || all().some(isSeenWhole)) round = null;
				return verdict;
			};
		},
		looksInARound: () => looksInARound,
		cleanUp: () => each((state) => removeLeft(state, sender)),
		states: all,
	};
}

async function syncOne(state: TableState, sender: Sender): Promise<TableResult> {
	const start = performance.now();
	const { family } = state.name;
	try {
		const synced = await syncTable(state, sender);
		return { family, kind: 'synced', synced, milliseconds: performance.now() - start };
	} catch (error) {
		if (!(error instanceof SyncError)) throw error;
		const { message: reason, outOfStep } = error;
		return { family, kind: 'failed', reason, outOfStep, milliseconds: performance.now() - start };
	}
}

async function isFenced(state: TableState, { kernel }: Sender): Promise<boolean> {
	if (state.applied === null) return false;
	const listing = await kernel.listSet(state.name, FENCE);
	if (listing.kind === 'failed' || listing.kind === 'no-json') return true;
	const found = listing.kind === 'listed' ? generationOf(readElements(listing.json)) : null;
	if (found?.join() === state.applied.generation.join()) return true;
	state.applied = null;
	return false;
}
