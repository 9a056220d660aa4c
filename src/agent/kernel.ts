import type { Listing } from '../host/nft/nft.ts';
import { crashSentence, type NftRun } from '../host/nft/nft-process.ts';
import type { IpFamily } from '../model/ip.ts';
import type { TableName } from '../model/transaction.ts';

/** The kernel's tables, as an agent reads and changes them. */
export interface Kernel {
	/** Makes one transaction of a text. */
	readonly apply: (text: string) => Promise<NftRun>;
	/** Whether there is such a table; null when nft cannot say. */
	readonly exists: (name: TableName) => Promise<boolean | null>;
	/** A whole table. */
	readonly list: (name: TableName) => Promise<Listing>;
	/** A whole table as text, piece by piece, for much less memory and time; it is not whole unless the run is done. */
	readonly listText: (name: TableName, onPiece: (piece: Buffer) => void) => Promise<NftRun>;
	/** Whether listing parts takes no more than these parts do. */
	readonly canListParts: () => Promise<boolean>;
	/** Parts as text, one after another: what is behind the word `list`. What is not there is missing from the text. */
	readonly listParts: (lists: readonly string[], onPiece: (piece: Buffer) => void) => Promise<NftRun>;
	/** The tables of a family, without what is in them. */
	readonly listTables: (family: IpFamily) => Promise<Listing>;
	readonly listSet: (name: TableName, set: string) => Promise<Listing>;
}

/** Why a run did not do what it was told, in words for an operator; null when it did. */
export function whyNot(run: NftRun): string | null {
	switch (run.outcome) {
		case 'done':
			return null;
		case 'refused':
			return (
				run.messages.map(({ message, text }) => (text === null ? message : `${message}: ${text.trim()}`))[0] ??
				'nft refused'
			);
		case 'missing':
		case 'not-started':
			return run.reason;
		case 'killed':
			return `nft was killed by ${run.signal}`;
		case 'crashed':
			return crashSentence(run.signal);
		case 'timed-out':
			return 'nft took too long and was killed';
	}
}

/** Whether the kernel holds something else than was thought: it misses what should be there, or has what should not. */
export function isOutOfStep(run: NftRun): boolean {
	return run.outcome === 'refused' && run.messages.some(({ reason }) => reason === 'ENOENT' || reason === 'EEXIST');
}

/** Whether the transaction was too large to be sent or held. */
export function isTooLarge(run: NftRun): boolean {
	const reasons = ['EMSGSIZE', 'ENOBUFS', 'ENOMEM', 'E2BIG'];
	return run.outcome === 'refused'
		? run.messages.some(({ reason }) => reasons.includes(reason))
		: run.outcome === 'killed';
}

/** Whether nft ended in a way that does not say what the kernel has done. */
export function hasDied({ outcome }: NftRun): boolean {
	return outcome === 'killed' || outcome === 'crashed' || outcome === 'timed-out';
}
