import type { NftRun } from '../host/nft/nft-process.ts';
import type { Table } from '../model/ruleset.ts';
import { transaction } from '../model/transaction.ts';
import { frameChange } from '../plan/frame-change.ts';
import { isEmpty } from '../plan/transaction.ts';
import { readTable } from '../readback/read-table.ts';
import { FENCE } from './fence.ts';
import { hasDied, whyNot } from './kernel.ts';
import { isAsRecorded } from './recorded.ts';
import { type Sender, SyncError, type Whole } from './send.ts';
import { type TableState, tableOf, takeAsApplied, wantedContent } from './table-state.ts';
import { takeOver } from './take-over.ts';

/** How the agent came by its table. */
export type Contact = 'adopted' | 'repaired' | 'replaced' | 'created';

/**
 * Finds out what is in the kernel and takes it over: as it is when it is what should be, repaired when it is not; made
 * anew when nobody can tell or the kernel does not take the repair.
 * @throws SyncError when the kernel takes nothing
 */
export async function firstContact(state: TableState, sender: Sender): Promise<Contact> {
	if (await isAsRecorded(state, sender)) return 'adopted';
	const listing = state.found ?? (await sender.kernel.list(state.name));
	state.found = null;
	// What is left over is found out anew: some of it may be gone, or wanted again.
	state.left.clear();
	if (listing.kind === 'failed') return afterFailedReading(state, listing.run, sender);
	state.unread = 0;
	if (listing.kind === 'absent') return createFrame(state, sender, 'create');
	const found = listing.kind === 'listed' ? readTable(listing.json) : null;
	const contact = found !== null && 'chains' in found ? await takeOver(state, found, sender) : null;
	return contact ?? replaceTable(state, sender);
}

/** After so many attempts in a row a table that cannot be read, or made in one transaction, is made in several. */
const MOST_DEATHS = 6;

/**
 * Reading a large table back takes much memory and time: where they are not to be had, it is made anew, piece by piece.
 * Not so where somebody kills any nft that comes by, the small ones too: that passes.
 */
async function afterFailedReading(state: TableState, run: NftRun, sender: Sender): Promise<Contact> {
	const isFenceRead = hasDied(run) && (await sender.kernel.listSet(state.name, FENCE)).kind !== 'failed';
	if (isFenceRead) state.unread++;
	if (state.unread < MOST_DEATHS) throw new SyncError(`the table cannot be read: ${whyNot(run)}`);
	return createFrame(state, sender, 'replace');
}

/** One transaction, so that traffic meets the old table or the new one; the frame alone where the kernel refuses the whole. */
async function replaceTable(state: TableState, sender: Sender): Promise<Contact> {
	const content = wantedContent(state);
	const { run, became, generation } = await sender.send(wholeTable(state, tableOf(content)), null, 'replace');
	if (became === 'made') {
		takeAsApplied(state, content.ports, generation);
		return 'replaced';
	}
	if (hasDied(run)) state.kills++;
	const isRefused = run.outcome === 'refused';
	if (!isRefused && state.kills < MOST_DEATHS) throw new SyncError(`the table could not be made: ${whyNot(run)}`);
	return createFrame(state, sender, 'replace');
}

function wholeTable(state: TableState, { sets, maps, chains }: Table) {
	return transaction(state.name, { addedSets: sets, addedMaps: maps, chains });
}

/** Makes the table without any Service; these follow in transactions of a bounded size. */
export async function createFrame(state: TableState, sender: Sender, whole: Whole): Promise<Contact> {
	const change = frameChange(null, state.frame);
	if (change === null || isEmpty(change)) throw new SyncError('there is no table to make');
	const { run, became, generation } = await sender.send(change, null, whole);
	if (became !== 'made') throw new SyncError(`the kernel refuses the table: ${whyNot(run)}`);
	takeAsApplied(state, new Map(), generation);
	state.unread = 0;
	return whole === 'create' ? 'created' : 'replaced';
}
