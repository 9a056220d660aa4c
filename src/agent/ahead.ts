import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Update } from '../incremental/follower.ts';
import { joined } from '../incremental/joined.ts';
import { type ObjectChange, serviceOf } from '../incremental/objects.ts';
import { groupBy } from '../model/group-by.ts';
import { createFrame } from './first-contact.ts';
import { makeChains } from './port-sync.ts';
import { type Sender, SyncError } from './send.ts';
import type { TableState } from './table-state.ts';

/** Gives back what was only needed on the way. What is compiled and not kept is otherwise as much again as what is kept. */
export type Tidy = () => void;

/** So many Services are compiled at a time: between two times others have their turn, such as an nft that ended. */
const PART = 100;

/** Fewer objects are compiled before nft could have started. */
const MUCH = 2000;

/** Whether there is enough to compile that the kernel should not wait for all of it. */
export function isMuch(changes: readonly ObjectChange[]): boolean {
	return changes.length > MUCH;
}

/**
 * Takes in all there is at the start, part by part; where there is no table yet, nft and the kernel make the chains of one
 * part while the next is compiled. What leads to chains comes when everything is known, with the synchronisation that follows.
 * @param takeIn compiles some changes
 * @param states the tables there are, once the first part is taken in
 * @param tidy asked half way, and when all is compiled: then nft has work for some time
 */
export async function followAhead(
	changes: readonly ObjectChange[],
	takeIn: (changes: readonly ObjectChange[]) => Update,
	states: () => readonly TableState[],
	sender: Sender,
	tidy: Tidy,
): Promise<Update> {
	const { surroundings, services } = inParts(changes);
	const updates = [takeIn(surroundings)];
	const absent = await thoseAbsent(states(), sender);
	if (absent.length === 0) return joined([...updates, takeIn(services.flat())]);
	const progress = { compiled: false };
	const making = Promise.all(absent.map((state) => makeMeanwhile(state, sender, progress)));
	const half = Math.floor(services.length / 2);
	for (const [index, part] of services.entries()) {
		updates.push(takeIn(part));
		await othersTurn();
		if (index === half) tidy();
	}
	progress.compiled = true;
	tidy();
	await making;
	return joined(updates);
}

interface Parts {
	/** what is no Service's */
	readonly surroundings: readonly ObjectChange[];
	/** so many Services each, with their slices */
	readonly services: readonly (readonly ObjectChange[])[];
}

/** No Service is called so. */
const NO_SERVICE = '';

function inParts(changes: readonly ObjectChange[]): Parts {
	const byService = groupBy(changes, (change) => serviceNamed(change) ?? NO_SERVICE);
	const all = [...byService].flatMap(([name, group]) => (name === NO_SERVICE ? [] : [group]));
	const starts = Array.from({ length: Math.ceil(all.length / PART) }, (_, index) => index * PART);
	return {
		surroundings: byService.get(NO_SERVICE) ?? [],
		services: starts.map((start) => all.slice(start, start + PART).flat()),
	};
}

function serviceNamed({ kind, name, value }: ObjectChange): string | null {
	if (kind === 'Service') return name;
	return kind === 'EndpointSlice' ? serviceOf(name, value) : null;
}

/** One that somebody left, or of which a record tells, is taken over as a whole. */
async function thoseAbsent(states: readonly TableState[], { kernel }: Sender): Promise<readonly TableState[]> {
	const isAbsent = await Promise.all(
		states.map(async ({ record, name }) => record === null && (await kernel.exists(name)) === false),
	);
	return states.filter((_state, index) => isAbsent[index]);
}

/** Makes the chains of what is compiled, over and over, until everything is. What goes wrong the synchronisation finds out again. */
async function makeMeanwhile(
	state: TableState,
	sender: Sender,
	progress: { readonly compiled: boolean },
): Promise<void> {
	try {
		await createFrame(state, sender, 'create');
		state.madeAhead = true;
		for (let isLast = false; !isLast && state.applied !== null; await othersTurn()) {
			isLast = progress.compiled;
			await makeChains(state, state.applied, sender, state.dirty);
		}
	} catch (error) {
		if (!(error instanceof SyncError)) throw error;
	}
}
