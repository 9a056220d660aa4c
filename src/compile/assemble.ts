import { joinedLists } from '../model/joined-lists.ts';
import { compareBytes, sortedBy } from '../model/order.ts';
import { elementKey, type PortProgram, type TableProgram } from '../model/program.ts';
import type { NamedSet, SetElement, Table } from '../model/ruleset.ts';

/** Puts the parts of a table together. Elements and the service ports' own sets come sorted bytewise. */
export function assemble({ frame, ports }: TableProgram): Table {
	return {
		...frame,
		sets: [...frame.sets.map((set) => filled(set, ports, (port) => port.setElements.get(set.name))), ...ownSets(ports)],
		maps: frame.maps.map((map) => filled(map, ports, (port) => port.mapElements.get(map.name))),
		chains: joinedLists([frame.chains, ...ports.map((port) => port.chains)]),
	};
}

/** The service ports' own sets, sorted bytewise. */
export function ownSets(ports: readonly PortProgram[]): readonly NamedSet[] {
	return sortedBy(joinedLists(ports.map((port) => port.sets)), (set) => set.name);
}

/** A set or map of the frame with the elements of all service ports. */
export function filled<E extends SetElement, T extends { readonly elements: readonly E[] }>(
	container: T,
	ports: readonly PortProgram[],
	pick: (port: PortProgram) => readonly E[] | undefined,
): T {
	const all = joinedLists([container.elements, ...ports.map((port) => pick(port) ?? [])]);
	return { ...container, elements: byKey(all) };
}

/** One element for each key: ports of a Service share its ClusterIP, Services may share a pod. */
function byKey<E extends SetElement>(elements: readonly E[]): readonly E[] {
	const keyed = new Map(elements.map((element) => [elementKey(element), element]));
	return [...keyed.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, element]) => element);
}
