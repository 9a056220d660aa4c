import type { NftRun } from '../host/nft/nft-process.ts';
import { servicePortName } from '../model/cluster-state.ts';
import { type PortProgram, withoutElements } from '../model/program.ts';
import { chunks } from '../plan/chunks.ts';
import { holdersOf } from '../plan/holders.ts';
import { portUnits } from '../plan/plan.ts';
import { chainsWeight, merged, weight } from '../plan/transaction.ts';
import { nextHeaviest } from './heaviest.ts';
import { hasDied, isOutOfStep, isTooLarge, whyNot } from './kernel.ts';
import { noteMisreading } from './misreading.ts';
import { type Sender, SyncError } from './send.ts';
import { type Applied, isQuarantined, noteLeft, type TableState } from './table-state.ts';

interface Work {
	readonly state: TableState;
	readonly applied: Applied;
	readonly sender: Sender;
	/** what service ports become; one that is not there leaves */
	readonly target: ReadonlyMap<string, PortProgram>;
}

/**
 * Brings service ports to what they should be. Where many are new, all their chains come first and what leads to them last: for
 * a transaction that makes chains the kernel follows every way that leads from a hook through the table, and later ones would
 * take longer and longer. A service port that the kernel does not take is put in quarantine.
 * @param names of those that are another in the kernel than wanted
 * @throws SyncError when nobody knows what the kernel holds now, or nft cannot be used
 */
export async function syncPorts(
	state: TableState,
	applied: Applied,
	sender: Sender,
	names: readonly string[],
): Promise<void> {
	await makeChains(state, applied, sender, names, state.heaviest);
	const open = names.filter((name) => !isQuarantined(state, name));
	await program({ state, applied, sender, target: state.wanted }, open);
}

/**
 * Makes the chains of those service ports that are new. Nothing leads to them yet.
 * @param names of service ports
 * @param least nothing is done for chains that are not heavier together, as `weight` counts
 * @throws SyncError as `syncPorts` does
 */
export async function makeChains(
	state: TableState,
	applied: Applied,
	sender: Sender,
	names: Iterable<string>,
	least = 0,
): Promise<void> {
	const unreached = new Map<string, PortProgram>();
	let heavy = 0;
	for (const name of names) {
		const wanted = state.wanted.get(name);
		if (wanted === undefined || applied.ports.has(name) || isQuarantined(state, name)) continue;
		unreached.set(name, withoutElements(wanted));
		heavy += chainsWeight(wanted.chains);
	}
	if (heavy > least) await program({ state, applied, sender, target: unreached }, [...unreached.keys()]);
}

/** In as few transactions as may be; where the kernel refuses one, it is asked again with half of it at a time. */
async function program(work: Work, names: readonly string[]): Promise<void> {
	const { state, applied, sender, target } = work;
	const pairs = names.map((name) => [applied.ports.get(name) ?? null, target.get(name) ?? null] as const);
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
			return program(work, rest);
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
		await program(work, names.slice(0, half));
		return program(work, names.slice(half));
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

function commit({ state, applied, sender, target }: Work, name: string): void {
	const before = applied.ports.get(name) ?? null;
	const after = target.get(name) ?? null;
	if (after === null) applied.ports.delete(name);
	else applied.ports.set(name, after);
	noteLeft(state, before, after, sender.now());
}

/** What is to be thrown when a table has to be read back: nobody knows what is in it. */
export function forgotten(state: TableState, why: string, outOfStep = false): SyncError {
	state.applied = null;
	return new SyncError(why, outOfStep);
}
