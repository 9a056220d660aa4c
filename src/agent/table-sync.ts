import type { NftRun } from '../host/nft/nft-process.ts';
import { servicePortName } from '../model/cluster-state.ts';
import type { PortProgram } from '../model/program.ts';
import { chunks } from '../plan/chunks.ts';
import { frameChange } from '../plan/frame-change.ts';
import { holdersOf } from '../plan/holders.ts';
import { cleanUp, portUnits } from '../plan/plan.ts';
import { isEmpty, merged, weight } from '../plan/transaction.ts';
import { type Contact, firstContact } from './first-contact.ts';
import { nextHeaviest } from './heaviest.ts';
import { hasDied, isOutOfStep, isTooLarge, whyNot } from './kernel.ts';
import { noteMisreading } from './misreading.ts';
import { type Sender, SyncError } from './send.ts';
import { type Applied, isQuarantined, noteLeft, type TableState } from './table-state.ts';

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
	state.misread = 0;
	state.kills = 0;
	return { contact, programmed };
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

/** The table is read back at the next attempt. */
function forgotten(state: TableState, why: string, outOfStep = false): SyncError {
	state.applied = null;
	return new SyncError(why, outOfStep);
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
	for (const group of chunks(units, () => state.heaviest)) {
		const change = merged(
			state.name,
			group.map((unit) => unit.change),
		);
		const { run, became, generation } = await sender.send(change, applied.generation);
		const inGroup = group.map(({ owner }) => servicePortName(owner));
		if (became !== 'made') {
			applied.holders = holdersOf(applied.ports.values());
			const rest = [...open].filter((name) => !inGroup.includes(name));
			await afterFailure(work, run, became, inGroup);
			return syncPorts(work, rest);
		}
		applied.generation = generation;
		state.kills = 0;
		state.heaviest = nextHeaviest(state.heaviest, weight(change), run);
		for (const name of inGroup) {
			commit(work, name);
			open.delete(name);
		}
	}
	for (const name of open) commit(work, name);
}

/**
 * Finds out who is to blame for a transaction that the kernel did not make.
 * @throws SyncError when nobody knows what the kernel holds now, or nft cannot be used
 */
async function afterFailure(
	work: Work,
	run: NftRun,
	became: 'not-made' | 'unknown',
	names: readonly string[],
): Promise<void> {
	const { state } = work;
	const why = whyNot(run) ?? '';
	if (hasDied(run)) state.kills++;
	// One nft may be killed by chance; the next one, over the same, is too large for the machine.
	const isBlamed = isTooLarge(run) && (run.outcome === 'refused' || state.kills > 1);
	if (isBlamed && names.length > 1) state.heaviest = Math.max(1, Math.floor(state.heaviest / 2));
	if (run.outcome !== 'refused') {
		reopen(work);
		throw became === 'unknown' ? forgotten(state, why) : new SyncError(why);
	}
	if (isOutOfStep(run)) {
		await noteMisreading(state, work.applied.generation, work.sender);
		throw forgotten(state, `somebody else changed the table: ${why}`, true);
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

/** What is not programmed yet is to be programmed at the next attempt. */
function reopen({ state, applied }: Work): void {
	for (const name of new Set([...state.wanted.keys(), ...applied.ports.keys()])) {
		if (state.wanted.get(name) !== applied.ports.get(name)) state.dirty.add(name);
	}
}

function commit({ state, applied, sender, programmed }: Work, name: string): void {
	const before = applied.ports.get(name) ?? null;
	const after = state.wanted.get(name) ?? null;
	if (after === null) applied.ports.delete(name);
	else applied.ports.set(name, after);
	noteLeft(state, before, after, sender.now());
	programmed.push({ name, before, after });
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
	return true;
}
