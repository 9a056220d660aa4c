import type { NftRun } from '../host/nft-process.ts';
import type { Transaction } from '../model/transaction.ts';
import { renderTransaction } from '../render/render.ts';
import type { Show } from '../render/templates.ts';
import { fenced, type Generation, newGeneration } from './fence.ts';
import type { Kernel } from './kernel.ts';

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
	/** of the table from now on, if it was done */
	readonly generation: Generation;
}

/** Told of every transaction. */
export type OnSent = (change: Transaction, text: string, run: NftRun) => void;

/** Sends transactions to the kernel, each behind the fence. */
export interface Sender {
	readonly kernel: Kernel;
	/** @param before the generation that the table must have; null where it has no fence yet */
	readonly send: (change: Transaction, before: Generation | null, whole?: Whole) => Promise<Sent>;
	/** without a fence: for what changes nothing that matters */
	readonly sendBare: (change: Transaction) => Promise<NftRun>;
}

/** A sender that spells transactions by templates. */
export function newSender(kernel: Kernel, show: Show, onSent: OnSent): Sender {
	const apply = async (change: Transaction, text: string): Promise<NftRun> => {
		const run = await kernel.apply(text);
		onSent(change, text, run);
		return run;
	};
	return {
		kernel,
		send: async (change, before, whole = 'keep') => {
			const generation = newGeneration();
			const behindFence = fenced(change, before, generation);
			const text = `${WHOLE[whole](change)}${renderTransaction(behindFence, show)}`;
			return { run: await apply(behindFence, text), generation };
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
