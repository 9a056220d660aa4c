import { readElements } from '../readback/sets.ts';
import { FENCE, type Generation, generationOf } from './fence.ts';
import type { Sender } from './send.ts';
import type { TableState } from './table-state.ts';

/**
 * Notes that the kernel found a table another than we thought, unless somebody else wrote to it: that can happen any number of
 * times, and says nothing of how well it was read.
 * @param before the generation that it was thought to have
 */
export async function noteMisreading(state: TableState, before: Generation | null, { kernel }: Sender): Promise<void> {
	const listing = await kernel.listSet(state.name, FENCE);
	if (listing.kind === 'failed') return;
	const found = listing.kind === 'listed' ? generationOf(readElements(listing.json)) : null;
	if (found?.join() === before?.join()) state.misread++;
}
