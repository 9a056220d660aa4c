import type { TableRecord } from '../host/table-records.ts';
import type { Table } from '../model/ruleset.ts';
import { readElements } from '../readback/sets.ts';
import { digestOf } from './digest.ts';
import { FENCE, generationOf } from './fence.ts';
import type { Sender } from './send.ts';
import { type TableState, takeAsApplied } from './table-state.ts';

// What an agent knew of its tables when it ended is kept on disk, so that the next one need not read them back: that takes
// seconds and much memory. The fence changes with every transaction, so while it is the recorded one nobody else has written
// there by our rules, nor has the machine started anew: generations are drawn at random. What a stranger changed without
// the fence is found by the next look at the whole table.

/** The record of a table, if there is one. */
export function recordOf(records: readonly TableRecord[], { family, name }: Table): TableRecord | null {
	return records.find((each) => each.family === family && each.table === name) ?? null;
}

/** What there is to record of a table; null while nobody knows what it holds. */
export function newRecord({ name, applied, left }: TableState): TableRecord | null {
	if (applied === null) return null;
	return { ...name, generation: applied.generation, digest: digestOf(applied), left: [...left.keys()] };
}

/** Whether a table is what is wanted, by its record. It is taken over then. A record is looked at once, at the start. */
export async function isAsRecorded(state: TableState, { kernel, now }: Sender): Promise<boolean> {
	const { record, frame, wanted } = state;
	state.record = null;
	if (record === null || record.digest !== digestOf({ frame, ports: wanted })) return false;
	const listing = await kernel.listSet(state.name, FENCE);
	const found = listing.kind === 'listed' ? generationOf(readElements(listing.json)) : null;
	if (found === null || found.join() !== record.generation.join()) return false;
	for (const chain of record.left) state.left.set(chain, now());
	takeAsApplied(state, wanted, found);
	return true;
}
