import { filled, ownSets } from '../compile/assemble.ts';
import { joinedLists } from '../model/joined-lists.ts';
import type { PortProgram } from '../model/program.ts';
import type { SetElement, Table } from '../model/ruleset.ts';
import type { NodePrograms, Usual } from './shared-programs.ts';

/** What of a service port's program goes into a set, a map, or the list of sets. */
type Pick<Part> = (port: PortProgram) => Part | undefined;

/**
 * Puts tables of one family together as `assemble` does. Sets and maps into which a node's own programs put nothing else than those of
 * its zone are the same objects for all nodes of the zone, so that their text need not be written again.
 */
export function sharedTables(): (frame: Table, programs: NodePrograms) => Table {
	const zones = new WeakMap<Usual, Map<string, unknown>>();
	return (frame, programs) => {
		const { usual, own } = programs;
		const ports = joinedLists(usual.map((each, index) => own.get(index) ?? each));
		const ofZone = zones.get(usual) ?? new Map<string, unknown>();
		zones.set(usual, ofZone);
		const shared = <Made>(key: string, pick: Pick<unknown>, make: (all: readonly PortProgram[]) => Made): Made => {
			if (!isAsUsual(programs, pick)) return make(ports);
			if (!ofZone.has(key)) ofZone.set(key, make(joinedLists(usual)));
			return ofZone.get(key) as Made;
		};
		const full = <E extends SetElement, T extends { readonly elements: readonly E[] }>(
			empty: T,
			pick: Pick<readonly E[]>,
		): T => shared(JSON.stringify(empty), pick, (all) => filled(empty, all, pick));
		return {
			...frame,
			sets: [
				...frame.sets.map((set) => full(set, (port) => port.setElements.get(set.name))),
				...shared('own sets', (port) => port.sets, ownSets),
			],
			maps: frame.maps.map((map) => full(map, (port) => port.mapElements.get(map.name))),
			chains: joinedLists([frame.chains, ...ports.map((port) => port.chains)]),
		};
	};
}

/** Whether what is picked of a node's own programs is the same as of those in their place. */
function isAsUsual({ usual, own }: NodePrograms, pick: Pick<unknown>): boolean {
	for (const [index, programs] of own) {
		const others = usual[index] ?? [];
		if (others.length !== programs.length) return false;
		// Parts that are equal are one object.
		if (programs.some((program, place) => pick(program) !== pick(others[place] ?? program))) return false;
	}
	return true;
}
