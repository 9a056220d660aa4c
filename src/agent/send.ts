import type { NftRun } from '../host/nft/nft-process.ts';
import { REAL_CLOCK } from '../host/watch/clock.ts';
import type { TableName, Transaction } from '../model/transaction.ts';
import { readElements } from '../readback/sets.ts';
import { renderTransaction } from '../render/render.ts';
import type { Show } from '../render/templates.ts';
import { FENCE, fenced, type Generation, generationOf, newGeneration } from './fence.ts';
import { hasDied, type Kernel } from './kernel.ts';

/** Why a table could not be brought to what it should be, in words for an operator. */
export class SyncError extends Error {
	override readonly name = 'SyncError';

	/** @param outOfStep whether somebody else had written to the table */
	constructor(
		message: string,
		readonly outOfStep = false,
	) {
		super(message);
	}
}

/** What a transaction does to the table as a whole, before its changes. */
export type Whole = 'keep' | 'create' | 'replace';

/** What became of a transaction. */
export interface Sent {
	readonly run: NftRun;
	/** whether the kernel has made it; nft may die before or after, and then the fence tells, if it can be looked at */
	readonly became: 'made' | 'not-made' | 'unknown';
	/** of the table from now on, if it was done */
	readonly generation: Generation;
}

/** Told of every transaction. */
export type OnSent = (change: Transaction, text: string, run: NftRun) => void;

/** Sends transactions to the kernel, each behind the fence. */
export interface Sender {
	readonly kernel: Kernel;
	/** in milliseconds, of a clock that never goes back */
	readonly now: () => number;
	/** @param before the generation that the table must have; null where it has no fence yet */
	readonly send: (change: Transaction, before: Generation | null, whole?: Whole) => Promise<Sent>;
	/** without a fence: for what changes nothing that matters */
	readonly sendBare: (change: Transaction) => Promise<NftRun>;
}

/** A sender that spells transactions by templates. */
export function newSender(kernel: Kernel, show: Show, onSent: OnSent, now: () => number = REAL_CLOCK.now): Sender {
	const apply = async (change: Transaction, text: string): Promise<NftRun> => {
		const run = await kernel.apply(text);
		onSent(change, text, run);
		return run;
	};
	return {
		kernel,
		now,
		send: async (change, before, whole = 'keep') => {
			const generation = newGeneration();
			const behindFence = fenced(change, before, generation);
			const text = `${WHOLE[whole](change)}${renderTransaction(behindFence, show)}`;
			const run = await apply(behindFence, text);
			return { run, generation, became: await becomeOf(run, kernel, change, before, generation) };
		},
		sendBare: (change) => apply(change, renderTransaction(change, show)),
	};
}

const WHOLE: Readonly<Record<Whole, (change: Transaction) => string>> = {
	keep: () => '',
	create: ({ family, table }) => `add table ${family} ${table}\n`,
	replace: ({ family, table }) =>
		`add table ${family} ${table}\ndelete table ${family} ${table}\nadd table ${family} ${table}\n`,
};

/** How often the fence is looked at before nobody knows: whoever kills one nft may kill the next. */
const LOOKS = 3;

/** What the kernel has done of a run: of one that died the fence tells, which each transaction that is made changes. */
async function becomeOf(
	run: NftRun,
	kernel: Kernel,
	name: TableName,
	before: Generation | null,
	after: Generation,
): Promise<Sent['became']> {
	if (!hasDied(run)) return run.outcome === 'done' ? 'made' : 'not-made';
	for (let look = 0; look < LOOKS; look++) {
		const listing = await kernel.listSet(name, FENCE);
		if (listing.kind === 'failed') continue;
		const found = listing.kind === 'listed' ? generationOf(readElements(listing.json)) : null;
		if (found?.join() === after.join()) return 'made';
		return before === null || found?.join() === before.join() ? 'not-made' : 'unknown';
	}
	return 'unknown';
}
