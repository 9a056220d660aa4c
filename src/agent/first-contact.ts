import type { NftRun } from '../host/nft-process.ts';
import type { Table } from '../model/ruleset.ts';
import { frameChange } from '../plan/frame-change.ts';
import { isEmpty, transaction } from '../plan/transaction.ts';
import type { FoundTable } from '../readback/found.ts';
import { readTable } from '../readback/read-table.ts';
import { compare } from './fence.ts';
import { isOutOfStep, whyNot } from './kernel.ts';
import { repair } from './repair.ts';
import { type Sender, SyncError, type Whole } from './send.ts';
import { adopt, type TableState, wantedTable } from './table-state.ts';

/** How the agent came by its table. */
export type Contact = 'adopted' | 'repaired' | 'replaced' | 'created';

/**
 * Finds out what is in the kernel and takes it over: as it is when it is what should be, repaired when it is not; made
 * anew when nobody can tell or the kernel does not take the repair.
 * @throws SyncError when the kernel takes nothing
 */
export async function firstContact(state: TableState, sender: Sender): Promise<Contact> {
	const listing = await sender.kernel.list(state.name);
	// What is left over is found out anew: some of it may be gone, or wanted again.
	state.left.clear();
	if (listing.kind === 'failed') return afterFailedReading(state, listing.run, sender);
	if (listing.kind === 'absent') return createFrame(state, sender, 'create');
	const found = listing.kind === 'listed' ? readTable(listing.json) : null;
	const contact = found !== null && 'chains' in found ? await takeOver(state, found, sender) : null;
	return contact ?? replaceTable(state, sender);
}

/** Reading a large table back takes much memory and time: where they are not to be had, it is made anew, piece by piece. */
function afterFailedReading(state: TableState, run: NftRun, sender: Sender): Promise<Contact> {
	const died = run.outcome === 'killed' || run.outcome === 'crashed' || run.outcome === 'timed-out';
	if (died) state.strikes++;
	if (state.strikes < REPAIRS) throw new SyncError(`the table cannot be read: ${whyNot(run)}`);
	return createFrame(state, sender, 'replace');
}

/** Null where that does not work. */
async function takeOver(state: TableState, found: FoundTable, sender: Sender): Promise<Contact | null> {
	const wanted = wantedTable(state);
	const { generation, differences } = compare(found, wanted);
	if (differences.length === 0 && generation !== null) {
		adopt(state, generation);
		return 'adopted';
	}
	const todo = repair(differences, wanted);
	if (todo === null) return null;
	const sent = await sender.send(todo.change, generation);
	if (sent.run.outcome !== 'done') return giveUp(state, sent.run, REPAIRS);
	adopt(state, sent.generation);
	for (const chain of todo.left) state.left.add(chain);
	return 'repaired';
}

/** After so many attempts that came to nothing a new table is made, in one transaction; later in several. */
const REPAIRS = 6;
const REPLACEMENTS = 8;

/**
 * What the kernel refuses as it is has to be done in another way (null). Where somebody else was quicker, or nft was
 * killed and nobody knows what it did, the table is read back first: a new one forgets clients and meets packets midway.
 * @throws SyncError when it is worth another attempt
 */
function giveUp(state: TableState, run: NftRun, attempts: number): null {
	state.strikes++;
	const isRefused = run.outcome === 'refused' && !isOutOfStep(run);
	if (isRefused || state.strikes >= attempts) return null;
	throw new SyncError(`the table could not be taken over: ${whyNot(run)}`, isOutOfStep(run));
}

/** One transaction, so that traffic meets the old table or the new one; the frame alone where the kernel refuses the whole. */
async function replaceTable(state: TableState, sender: Sender): Promise<Contact> {
	const sent = await sender.send(wholeTable(state, wantedTable(state)), null, 'replace');
	if (sent.run.outcome !== 'done') {
		giveUp(state, sent.run, REPLACEMENTS);
		return createFrame(state, sender, 'replace');
	}
	adopt(state, sent.generation);
	return 'replaced';
}

function wholeTable(state: TableState, { sets, maps, chains }: Table) {
	return transaction(state.name, { addedSets: sets, addedMaps: maps, chains });
}

/** Makes the table without any Service; these follow in transactions of a bounded size. */
async function createFrame(state: TableState, sender: Sender, whole: Whole): Promise<Contact> {
	const change = frameChange(null, state.frame);
	if (change === null || isEmpty(change)) throw new SyncError('there is no table to make');
	const { run, generation } = await sender.send(change, null, whole);
	if (run.outcome !== 'done') throw new SyncError(`the kernel refuses the table: ${whyNot(run)}`);
	state.applied = { frame: state.frame, ports: new Map(), holders: new Map(), generation };
	for (const name of state.wanted.keys()) state.dirty.add(name);
	state.strikes = 0;
	return whole === 'create' ? 'created' : 'replaced';
}
