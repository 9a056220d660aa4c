import type { Listing } from '../host/nft/nft.ts';
import type { FoundTable } from '../readback/found.ts';
import { readTable } from '../readback/read-table.ts';
import { compare, foundGeneration, type Generation } from './fence.ts';
import { foundParts } from './found-ports.ts';
import type { Kernel } from './kernel.ts';
import { type Applied, type Content, isQuarantined, type TableState, tableOf } from './table-state.ts';

/** What came of comparing a table with what we think it is. It is overtaken when our own transactions came between. */
export type Verdict = 'right' | 'wrong' | 'overtaken';

/** Says what came of a look; a table that is wrong is read back at the next sync. Not while a transaction is being made. */
export type Judge = () => Verdict;

/** What was thought of a table when the look began. */
interface Snapshot extends Content {
	readonly generation: Generation;
	readonly left: ReadonlySet<string>;
	readonly quarantined: ReadonlySet<string>;
}

/** Reads a whole table. */
export async function look(state: TableState, kernel: Kernel): Promise<Judge> {
	const { applied, left, quarantined } = state;
	if (applied === null) return () => 'wrong';
	const before: Snapshot = {
		frame: applied.frame,
		ports: new Map(applied.ports),
		generation: applied.generation,
		left: new Set(left.keys()),
		quarantined: new Set(quarantined.keys()),
	};
	const listing = await kernel.list(state.name);
	return () => {
		const verdict = judge(state, before, listing);
		if (verdict === 'wrong') state.applied = null;
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
	const found = listing.kind === 'listed' ? readTable(listing.json) : null;
	const isKnown = found !== null && 'chains' in found;
	const wanted = isKnown ? asOf(found, applied, before) : null;
	// The fence is found out at once; what it is not about is a matter of the listing's own generation.
	if (!isKnown || wanted === null) return applied.generation === before.generation ? 'wrong' : 'overtaken';
	return isSame(state, found, wanted, before) ? 'right' : 'wrong';
}

/** What the table should have been when it was read; null when that is not known any more, or the fence is a stranger's. */
function asOf(found: FoundTable, applied: Applied, before: Snapshot): Content | null {
	const generation = foundGeneration(found)?.join();
	return [applied, before].find((each) => each.generation.join() === generation) ?? null;
}

function isSame(state: TableState, found: FoundTable, wanted: Content, before: Snapshot): boolean {
	const isLeft = (name: string) => state.left.has(name) || before.left.has(name);
	const chains = found.chains.filter(({ name, rules }) => rules.length > 0 || !isLeft(name));
	const { differences } = compare({ ...found, chains }, tableOf(wanted));
	const { ports, rest } = foundParts(found, differences, wanted.ports);
	// What a service port in quarantine has in the kernel was found there, and is not known as rules.
	const isKnown = (name: string) => !before.quarantined.has(name) && !isQuarantined(state, name);
	return rest.length === 0 && [...ports].every(([name, port]) => port === wanted.ports.get(name) || !isKnown(name));
}
