import type { Generation } from './fence.ts';
import type { Applied, Content, TableState } from './table-state.ts';

/** What was thought of a table when a look at it began. */
export interface Snapshot extends Content {
	readonly generation: Generation;
	readonly left: ReadonlySet<string>;
	readonly quarantined: ReadonlySet<string>;
}

/** Keeps what is thought of a table now. */
export function snapshotOf({ left, quarantined }: TableState, applied: Applied): Snapshot {
	return {
		frame: applied.frame,
		ports: new Map(applied.ports),
		generation: applied.generation,
		left: new Set(left.keys()),
		quarantined: new Set(quarantined.keys()),
	};
}

/** What the table should have been when it was of a generation; null when that is not known any more, or a stranger's. */
export function asOf(generation: Generation | null, applied: Applied, before: Snapshot): Content | null {
	return [applied, before].find((each) => each.generation.join() === generation?.join()) ?? null;
}

/** Whether a chain is one that was left empty, and may be there or not. */
export function isLeft(name: string, state: TableState, before: Snapshot): boolean {
	return state.left.has(name) || before.left.has(name);
}
