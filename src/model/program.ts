import type { ServicePortId } from './cluster-state.ts';
import type { Chain, MapElement, NamedSet, SetElement, Table } from './ruleset.ts';

/** What one service port puts into a table. It depends on nothing of another service port. */
export interface PortProgram {
	readonly owner: ServicePortId;
	readonly chains: readonly Chain[];
	/** its own sets, whose elements packets make */
	readonly sets: readonly NamedSet[];
	/** what it puts into sets and maps of the frame, by their names; other service ports may put the same into a set */
	readonly setElements: ReadonlyMap<string, readonly SetElement[]>;
	readonly mapElements: ReadonlyMap<string, readonly MapElement[]>;
}

/** A table in parts: what it has without any Service, and what each service port adds. */
export interface TableProgram {
	readonly frame: Table;
	/** sorted bytewise by namespace, service and port */
	readonly ports: readonly PortProgram[];
}

/** An element's key as nft writes it; what tells it from others of its set or map. */
export function elementKey(element: SetElement): string {
	return element.key.join(' . ');
}

/** A program whose chains and sets are there, but to which nothing leads. */
export function withoutElements(program: PortProgram): PortProgram {
	return { ...program, setElements: new Map(), mapElements: new Map() };
}
