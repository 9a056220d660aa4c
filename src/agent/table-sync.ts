import type { PortProgram } from '../model/program.ts';
import { frameChange } from '../plan/frame-change.ts';
import { cleanUp } from '../plan/plan.ts';
import { isEmpty } from '../plan/transaction.ts';
import { type Contact, firstContact } from './first-contact.ts';
import { isOutOfStep, whyNot } from './kernel.ts';
import { forgotten, syncPorts } from './port-sync.ts';
import { type Sender, SyncError } from './send.ts';
import { type Applied, isQuarantined, type TableState } from './table-state.ts';

/** A service port of which the kernel holds another program now. */
export interface Programmed {
	readonly name: string;
	readonly before: PortProgram | null;
	readonly after: PortProgram | null;
}

/** What a synchronisation did. */
export interface Synced {
	/** how the table was come by; null when it was known already */
	readonly contact: Contact | null;
	readonly programmed: readonly Programmed[];
}

/**
 * Brings a table in the kernel to what it should be, with as little as that takes. A service port that the kernel does
 * not take is put in quarantine; all others are programmed.
 * @throws SyncError when that cannot be done now; it may be later
 */
export async function syncTable(state: TableState, sender: Sender): Promise<Synced> {
	const ahead = state.madeAhead ? 'created' : null;
	const contact = state.applied === null ? await firstContact(state, sender) : ahead;
	state.madeAhead = false;
	const { applied } = state;
	if (applied === null) throw new SyncError('nobody knows what is in the table');
	await syncFrame(state, applied, sender);
	const open = openPorts(state, applied);
	const before = open.map((name) => [name, applied.ports.get(name) ?? null] as const);
	await syncPorts(state, applied, sender, open);
	state.misread = 0;
	state.kills = 0;
	return { contact, programmed: programmed(before, state, applied) };
}

async function syncFrame(state: TableState, applied: Applied, sender: Sender): Promise<void> {
	if (state.frame === applied.frame) return;
	const change = frameChange(applied.frame, state.frame);
	if (change === null) throw forgotten(state, 'the table has to be made anew');
	if (!isEmpty(change)) {
		const { run, became, generation } = await sender.send(change, applied.generation);
		if (became === 'not-made' && run.outcome !== 'refused') throw new SyncError(whyNot(run) ?? '');
		if (became !== 'made') throw forgotten(state, whyNot(run) ?? '');
		applied.generation = generation;
	}
	applied.frame = state.frame;
}

/** The names of service ports that are to be programmed; what was refused is tried again only when it changed. */
function openPorts(state: TableState, applied: Applied): readonly string[] {
	const { dirty, wanted, quarantined } = state;
	const open: string[] = [];
	for (const name of dirty) {
		if (isQuarantined(state, name)) continue;
		const after = wanted.get(name) ?? null;
		quarantined.delete(name);
		if (after !== (applied.ports.get(name) ?? null)) open.push(name);
	}
	dirty.clear();
	return open;
}

function programmed(
	before: readonly (readonly [name: string, program: PortProgram | null])[],
	{ wanted }: TableState,
	{ ports }: Applied,
): readonly Programmed[] {
	return before.flatMap(([name, program]) => {
		const after = ports.get(name);
		// One in quarantine is not as wanted.
		return after === wanted.get(name) ? [{ name, before: program, after: after ?? null }] : [];
	});
}

/** So long kernels before 6.2 may still count what led to a chain, after that is gone (trap T20). */
const REST_MS = 1000;

/**
 * Removes chains to which nothing has led for a second.
 * @returns whether the kernel took that; others, and those that it still counts, may be left
 */
export async function removeLeft(state: TableState, sender: Sender): Promise<boolean> {
	const ripe = [...state.left].filter(([, since]) => sender.now() - since >= REST_MS).map(([name]) => name);
	if (ripe.length === 0) return true;
	const run = await sender.sendBare(cleanUp(state.name, ripe));
	// One that somebody else has removed would keep all others: the table is read back.
	if (isOutOfStep(run)) state.applied = null;
	if (run.outcome !== 'done') return false;
	for (const name of ripe) state.left.delete(name);
	state.found = null;
	return true;
}
