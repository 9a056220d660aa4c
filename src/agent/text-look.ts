import { isListingOf } from '../readback/text/expected-listing.ts';
import { type ListedText, newTextReader } from '../readback/text/text-listing.ts';
import { FENCE, generationOf } from './fence.ts';
import type { Kernel } from './kernel.ts';
import { asOf, isLeft, type Snapshot, snapshotOf } from './snapshot.ts';
import { areRulesKnown, type TableState } from './table-state.ts';

/**
 * What the text of a table tells: that the table is right, that our own transactions came between, that it is not the text
 * that we expect, or nothing. After the last two only a reading as JSON tells what is there.
 */
export type TextVerdict = 'right' | 'overtaken' | 'unlike' | 'nothing';

/** Reads a whole table as text, and keeps none of it: what a large one says is compared by a sum. */
export async function lookAtText(state: TableState, kernel: Kernel): Promise<TextVerdict> {
	if (!areRulesKnown(state)) return 'nothing';
	const before = snapshotOf(state, state.applied);
	const reader = newTextReader(state.name.family, FENCE);
	const { outcome } = await kernel.listText(state.name, reader.add);
	if (outcome !== 'done') return 'nothing';
	const listed = reader.end();
	return listed === null ? 'unlike' : judge(state, before, listed);
}

function judge(state: TableState, before: Snapshot, listed: ListedText): TextVerdict {
	if (!areRulesKnown(state)) return 'nothing';
	const { applied } = state;
	const wanted = asOf(generationOf(listed.aside.map((element) => element.split(' . '))), applied, before);
	if (wanted === null) return applied.generation === before.generation ? 'nothing' : 'overtaken';
	const left = listed.emptyChains.filter((name) => isLeft(name, state, before));
	return isListingOf(listed, wanted.frame, wanted.ports.values(), left) ? 'right' : 'unlike';
}
