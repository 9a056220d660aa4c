import { listsOfChains, listsWithoutRules } from '../host/nft/lists.ts';
import { isListedPlain } from '../readback/read-table.ts';
import { isListingOfChains, isListingWithoutRules } from '../readback/text/expected-listing.ts';
import { type ListedText, newPartsReader } from '../readback/text/text-listing.ts';
import { FENCE, FENCE_SET } from './fence.ts';
import type { Kernel } from './kernel.ts';
import type { Part } from './parts.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { areRulesKnown, type Content, type TableState } from './table-state.ts';
import type { TextVerdict } from './text-look.ts';

// A large table is read in parts, each of which takes nft some MB, where all at once takes it 3 KB for each rule. Each part is
// read between two readings of the fence: where one is not as it was, our own transactions came between, or a stranger's, which
// the next look at the fence finds.

/** Reads a part of a table as text. It tells what a reading of the whole table would, of that part; nothing of the whole. */
export async function lookAtPart(state: TableState, kernel: Kernel, part: Part): Promise<TextVerdict> {
	if (part.kind === 'whole' || !areRulesKnown(state)) return 'nothing';
	const { applied, name } = state;
	const before = snapshotOf(state, applied);
	if (part.kind === 'objects') {
		const tables = await kernel.listTables(name.family);
		if (tables.kind === 'listed' && !isListedPlain(tables.json, name.table)) return 'unlike';
	}
	const reader = newPartsReader(name.family, name.table, FENCE);
	const fence = `set ${name.family} ${name.table} ${FENCE}`;
	const { outcome } = await kernel.listParts([fence, ...listsOf(part, state, before), fence], reader.add);
	if (outcome !== 'done') return 'nothing';
	const listed = reader.end();
	return listed === null ? 'unlike' : judge(state, before, listed, part);
}

function listsOf(part: Part, { name: { family, table } }: TableState, { frame, ports }: Content): readonly string[] {
	if (part.kind === 'objects') return listsWithoutRules(family, table);
	const chains = part.kind === 'ports' ? part.names.flatMap((name) => ports.get(name)?.chains ?? []) : frame.chains;
	return listsOfChains(
		family,
		table,
		chains.map(({ name }) => name),
	);
}

function judge(state: TableState, before: Snapshot, listed: ListedText, part: Part): TextVerdict {
	if (!areRulesKnown(state)) return 'nothing';
	const generation = before.generation.join(' . ');
	if (listed.aside.length < 2 || listed.aside.some((each) => each !== generation)) return 'overtaken';
	return isAsBefore(before, listed, part) ? 'right' : 'unlike';
}

function isAsBefore(before: Snapshot, listed: ListedText, part: Part): boolean {
	const { frame, ports } = before;
	if (part.kind === 'objects') {
		const empty = listed.emptyChains.filter((name) => before.left.has(name));
		return isListingWithoutRules(listed, frame, ports.values(), empty);
	}
	const chains = part.kind === 'ports' ? part.names.flatMap((name) => ports.get(name) ?? []) : 'of the frame';
	return isListingOfChains(listed, frame, FENCE_SET, chains);
}
