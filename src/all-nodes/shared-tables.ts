import { filled, ownSets } from '../compile/assemble.ts';
import type { TableProgram } from '../model/program.ts';
import type { NamedSet, SetElement, Table, VerdictMap } from '../model/ruleset.ts';

/** A set or map that some node has, and what it was put together of. */
interface Known<Container> {
	readonly parts: readonly (readonly SetElement[])[];
	readonly container: Container;
}

/** So many are compared with; a set of what is on the node itself is another on each. */
const MOST_KNOWN = 8;

/**
 * Puts tables of one family together as `assemble` does. Sets and maps that are made of the same parts are the same objects for
 * all nodes, so that their text need not be written again.
 */
export function sharedTables(): (program: TableProgram) => Table {
	const sets = new Map<string, Known<NamedSet>[]>();
	const maps = new Map<string, Known<VerdictMap>[]>();
	return ({ frame, ports }) => ({
		...frame,
		sets: [
			...frame.sets.map((set) =>
				shared(
					set,
					sets,
					ports.map((port) => port.setElements.get(set.name) ?? NONE),
					() => filled(set, ports, (port) => port.setElements.get(set.name)),
				),
			),
			...ownSets(ports),
		],
		maps: frame.maps.map((map) =>
			shared(
				map,
				maps,
				ports.map((port) => port.mapElements.get(map.name) ?? NONE),
				() => filled(map, ports, (port) => port.mapElements.get(map.name)),
			),
		),
		chains: [...frame.chains, ...ports.flatMap((port) => port.chains)],
	});
}

const NONE: readonly SetElement[] = [];

function shared<Container extends object>(
	empty: Container,
	known: Map<string, Known<Container>[]>,
	parts: Known<Container>['parts'],
	make: () => Container,
): Container {
	const key = JSON.stringify(empty);
	const list = known.get(key) ?? [];
	known.set(key, list);
	const found = list.find((each) => isSame(each.parts, parts));
	if (found !== undefined) return found.container;
	const container = make();
	list.unshift({ parts, container });
	list.length = Math.min(list.length, MOST_KNOWN);
	return container;
}

function isSame(some: readonly object[], others: readonly object[]): boolean {
	if (some.length !== others.length) return false;
	for (let index = 0; index < some.length; index++) if (some[index] !== others[index]) return false;
	return true;
}
