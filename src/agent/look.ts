import type { Listing } from '../host/nft/nft.ts';
import type { FoundTable } from '../readback/found.ts';
import { readTable } from '../readback/read-table.ts';
import { compare, foundGeneration } from './fence.ts';
import { foundParts } from './found-ports.ts';
import type { Kernel } from './kernel.ts';
import { lookAtPart } from './part-look.ts';
import type { Part } from './parts.ts';
import { asOf, isLeft, type Snapshot, snapshotOf } from './snapshot.ts';
import { type Content, isQuarantined, type TableState, tableOf } from './table-state.ts';
import { lookAtText, type TextVerdict } from './text-look.ts';

/** What came of comparing a table with what we think it is. It is overtaken when our own transactions came between. */
export type Verdict = 'right' | 'wrong' | 'overtaken';

/** Says what came of a look; a table that is wrong is read back at the next sync. Not while a transaction is being made. */
export type Judge = () => Verdict;

/** After so many a table's text is not asked for any more: another nft may spell it otherwise. */
const MOST_TEXT_MISREAD = 2;

/**
 * Reads a table, or a part of it: as text, which is cheap and nearly always all that is needed, and the whole of it as JSON where
 * the text is not what we expect. Only what was read as JSON is ever called wrong.
 */
export async function look(state: TableState, kernel: Kernel, part: Part): Promise<Judge> {
	const text = state.textMisread < MOST_TEXT_MISREAD ? await readText(state, kernel, part) : 'nothing';
	if (text === 'unlike' || text === 'nothing') return lookAtAll(state, kernel, text === 'unlike');
	state.textMisread = 0;
	return () => (state.applied === null ? 'wrong' : text);
}

async function readText(state: TableState, kernel: Kernel, part: Part): Promise<TextVerdict> {
	const verdict = await lookAtPart(state, kernel, part);
	return verdict === 'nothing' ? lookAtText(state, kernel) : verdict;
}

/** @param isUnlike whether its text is not what we expect */
async function lookAtAll(state: TableState, kernel: Kernel, isUnlike: boolean): Promise<Judge> {
	if (state.applied === null) return () => 'wrong';
	const before = snapshotOf(state, state.applied);
	const listing = await kernel.list(state.name);
	return () => {
		const verdict = judge(state, before, listing);
		if (verdict === 'wrong') {
			// It is of no use when it is known that the table is another by now.
			state.found = state.applied?.generation === before.generation ? listing : null;
			state.applied = null;
			state.textMisread = 0;
		} else if (verdict === 'right' && listing.kind === 'listed' && isUnlike) state.textMisread++;
		return verdict;
	};
}

/** The verdict on several tables. */
export function worst(verdicts: readonly Verdict[]): Verdict {
	return (['wrong', 'overtaken'] as const).find((each) => verdicts.includes(each)) ?? 'right';
}

function judge(state: TableState, before: Snapshot, listing: Listing): Verdict {
	const { applied } = state;
	if (applied === null) return 'wrong';
	if (listing.kind === 'failed' || listing.kind === 'no-json') return 'right';
	// What was read piece by piece is of one generation when there was no other meanwhile.
	const isTorn = listing.kind === 'listed' && !listing.isOneMoment && applied.generation !== before.generation;
	if (isTorn) return 'overtaken';
	const found = listing.kind === 'listed' ? readTable(listing.json) : null;
	const isKnown = found !== null && 'chains' in found;
	const wanted = isKnown ? asOf(foundGeneration(found), applied, before) : null;
	// The fence is found out at once; what it is not about is a matter of the listing's own generation.
	if (!isKnown || wanted === null) return applied.generation === before.generation ? 'wrong' : 'overtaken';
	return isSame(state, found, wanted, before) ? 'right' : 'wrong';
}

function isSame(state: TableState, found: FoundTable, wanted: Content, before: Snapshot): boolean {
	const chains = found.chains.filter(({ name, rules }) => rules.length > 0 || !isLeft(name, state, before));
	const { differences } = compare({ ...found, chains }, tableOf(wanted));
	const { ports, rest } = foundParts(found, differences, wanted.ports);
	// What a service port in quarantine has in the kernel was found there, and is not known as rules.
	const isKnown = (name: string) => !before.quarantined.has(name) && !isQuarantined(state, name);
	return rest.length === 0 && [...ports].every(([name, port]) => port === wanted.ports.get(name) || !isKnown(name));
}
