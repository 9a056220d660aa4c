import { compileServicePort, type Surroundings } from '../compile/service-port.ts';
import type { Behaviour } from '../model/behaviour.ts';
import type { Service } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import { known } from '../model/known.ts';
import type { PortProgram } from '../model/program.ts';
import { servicePortViews } from '../view/node-view.ts';
import type { Here } from '../view/service-port-view.ts';
import { inRanges, namedNodes } from './node-ties.ts';

/** What each Service puts into a table, in the order of Services. */
export type Usual = readonly (readonly PortProgram[])[];

/** What all Services put into a node's table. Equal programs, and equal parts of unlike ones, are the same objects for all nodes. */
export interface NodePrograms {
	/** the same object for all nodes of a zone */
	readonly usual: Usual;
	/** by the place of a Service among all: what differs on this node */
	readonly own: ReadonlyMap<number, readonly PortProgram[]>;
}

/** A node that no Service knows anything of. */
const NOBODY: Pick<Here, 'node' | 'primaryIp'> = { node: '', primaryIp: null };

/** Where a node is, as far as rules depend on it, and what was compiled for it. */
interface Place {
	readonly usual: Usual;
	/** of Services with source ranges: by their place among all, for a node whose address is in them */
	readonly within: Map<number, readonly PortProgram[]>;
}

/**
 * Compiles the Services of one family, each once for all nodes that are alike for it. Given a node, it gives its programs: those of
 * its zone, but for the Services whose endpoints or hints name the node, and those with source ranges that its address is in.
 */
export function sharedPrograms(
	family: IpFamily,
	services: readonly Service[],
	behaviour: Behaviour,
): (here: Here, surroundings: Surroundings) => NodePrograms {
	const naming = servicesByNode(family, services);
	const ranged = services.flatMap((service, index) => (service.sourceRanges[family] === null ? [] : [index]));
	const parts = services.map(() => new Map<string, unknown>());
	const places = new Map<string, Place>();
	return (here, surroundings) => {
		const compileOne = (index: number, at: Here) => {
			const service = services[index];
			const views = service === undefined ? [] : servicePortViews(service, at, behaviour);
			const place = { ...surroundings, node: at.node };
			return views.map((view) => withSharedParts(compileServicePort(view, place), parts[index] ?? new Map()));
		};
		const { fromPod, mark } = surroundings;
		const { usual, within } = known(places, JSON.stringify([here.zone, fromPod, mark]), () => ({
			usual: services.map((_service, index) => compileOne(index, { ...here, ...NOBODY })),
			within: new Map<number, readonly PortProgram[]>(),
		}));
		const own = new Map<number, readonly PortProgram[]>();
		for (const index of ranged) {
			const ranges = services[index]?.sourceRanges[family] ?? [];
			if (!inRanges(ranges, here)) continue;
			own.set(
				index,
				known(within, index, () => compileOne(index, { ...here, node: NOBODY.node })),
			);
		}
		for (const index of naming.get(here.node) ?? []) own.set(index, compileOne(index, here));
		return { usual, own };
	};
}

/** By the name of a node: the places of the Services that name it. */
function servicesByNode(family: IpFamily, services: readonly Service[]): ReadonlyMap<string, readonly number[]> {
	const found = new Map<string, number[]>();
	for (const [index, service] of services.entries()) {
		for (const node of namedNodes(service, family)) known(found, node, (): number[] => []).push(index);
	}
	return found;
}

function withSharedParts(program: PortProgram, parts: Map<string, unknown>): PortProgram {
	const shared = <Part>(part: Part): Part => {
		const text = JSON.stringify(part);
		if (!parts.has(text)) parts.set(text, part);
		return parts.get(text) as Part;
	};
	const sharedValues = <Part>(map: ReadonlyMap<string, Part>) =>
		new Map([...map].map(([name, part]) => [name, shared(part)]));
	return {
		owner: program.owner,
		chains: program.chains.map(shared),
		sets: shared(program.sets),
		setElements: sharedValues(program.setElements),
		mapElements: sharedValues(program.mapElements),
	};
}
