import type { NftRun } from '../host/nft-process.ts';
import { servicePortName } from '../model/cluster-state.ts';
import type { PortProgram } from '../model/program.ts';
import { chunks } from '../plan/chunks.ts';
import { frameChange } from '../plan/frame-change.ts';
import { holdersOf } from '../plan/holders.ts';
import { cleanUp, portUnits } from '../plan/plan.ts';
import { isEmpty, merged } from '../plan/transaction.ts';
import { type Contact, firstContact } from './first-contact.ts';
import { isOutOfStep, isTooLarge, whyNot } from './kernel.ts';
import { type Sender, SyncError } from './send.ts';
import { type Applied, type TableState, trustAgain } from './table-state.ts';

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
	const contact = state.applied === null ? await firstContact(state, sender) : null;
	const { applied } = state;
	if (applied === null) throw new SyncError('nobody knows what is in the table');
	await syncFrame(state, applied, sender);
	const programmed: Programmed[] = [];
	await syncPorts({ state, applied, sender, programmed }, openPorts(state, applied));
	return { contact, programmed };
}

async function syncFrame(state: TableState, applied: Applied, sender: Sender): Promise<void> {
	if (state.frame === applied.frame) return;
	const change = frameChange(applied.frame, state.frame);
	if (change === null) throw forgotten(state, 'the table has to be made anew');
	if (!isEmpty(change)) {
		const { run, generation } = await sender.send(change, applied.generation);
		if (run.outcome !== 'done') throw forgotten(state, whyNot(run) ?? '');
		applied.generation = generation;
	}
	applied.frame = state.frame;
}

/** The table is read back at the next attempt. */
function forgotten(state: TableState, why: string): SyncError {
	state.applied = null;
	return new SyncError(why);
}

/** The names of service ports that are to be programmed; what was refused is tried again only when it changed. */
function openPorts({ dirty, wanted, quarantined }: TableState, applied: Applied): readonly string[] {
	const open: string[] = [];
	for (const name of dirty) {
		const after = wanted.get(name) ?? null;
		if (quarantined.get(name)?.program === after) continue;
		quarantined.delete(name);
		if (after !== (applied.ports.get(name) ?? null)) open.push(name);
	}
	dirty.clear();
	return open;
}

interface Work {
	readonly state: TableState;
	readonly applied: Applied;
	readonly sender: Sender;
	readonly programmed: Programmed[];
}

/** Programs service ports; where the kernel refuses several together, it is asked again with half of them at a time. */
async function syncPorts(work: Work, names: readonly string[]): Promise<void> {
	const { state, applied, sender } = work;
	const pairs = names.map((name) => [applied.ports.get(name) ?? null, state.wanted.get(name) ?? null] as const);
	const units = portUnits(state.name, pairs, applied.holders);
	const open = new Set(names);
	for (const group of chunks(units, state.most)) {
		const change = merged(
			state.name,
			group.map((unit) => unit.change),
		);
		const { run, generation } = await sender.send(change, applied.generation);
		const inGroup = group.map(({ owner }) => servicePortName(owner));
		if (run.outcome !== 'done') {
			applied.holders = holdersOf(applied.ports.values());
			const rest = [...open].filter((name) => !inGroup.includes(name));
			await afterRefusal(work, run, inGroup);
			return syncPorts(work, rest);
		}
		applied.generation = generation;
		trustAgain(state);
		for (const name of inGroup) {
			commit(work, name);
			open.delete(name);
		}
	}
	for (const name of open) commit(work, name);
}

/** @throws SyncError when nobody knows what the kernel holds now, or nft cannot be used */
async function afterRefusal(work: Work, run: NftRun, names: readonly string[]): Promise<void> {
	const { state } = work;
	const why = whyNot(run) ?? '';
	if (isTooLarge(run) && names.length > 1) state.most = Math.max(1, Math.floor(state.most / 2));
	if (run.outcome !== 'refused') throw reopened(work, why, run.outcome !== 'missing' && run.outcome !== 'not-started');
	if (isOutOfStep(run)) {
		reopened(work, why, true);
		throw new SyncError(`somebody else changed the table: ${why}`, true);
	}
	if (names.length > 1) {
		const half = Math.ceil(names.length / 2);
		await syncPorts(work, names.slice(0, half));
		return syncPorts(work, names.slice(half));
	}
	for (const name of names) {
		state.quarantined.set(name, { program: state.wanted.get(name) ?? null, reason: why });
	}
}

function reopened({ state, applied }: Work, why: string, forget: boolean): SyncError {
	for (const name of new Set([...state.wanted.keys(), ...applied.ports.keys()])) {
		if (state.wanted.get(name) !== applied.ports.get(name)) state.dirty.add(name);
	}
	return forget ? forgotten(state, why) : new SyncError(why);
}

function commit({ state, applied, programmed }: Work, name: string): void {
	const before = applied.ports.get(name) ?? null;
	const after = state.wanted.get(name) ?? null;
	if (after === null) applied.ports.delete(name);
	else applied.ports.set(name, after);
	for (const chain of before?.chains ?? []) state.left.add(chain.name);
	for (const chain of after?.chains ?? []) state.left.delete(chain.name);
	programmed.push({ name, before, after });
}

/** Removes chains that nothing leads to any more. @returns whether they are gone; a kernel that still counts them needs time */
export async function removeLeft(state: TableState, sender: Sender): Promise<boolean> {
	const left = [...state.left];
	if (left.length === 0) return true;
	const run = await sender.sendBare(cleanUp(state.name, left));
	// One that somebody else has removed would keep all others: the table is read back.
	if (isOutOfStep(run)) state.applied = null;
	if (run.outcome !== 'done') return false;
	for (const name of left) state.left.delete(name);
	return true;
}
