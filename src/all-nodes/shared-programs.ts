import type { TableCompiler } from '../compile/compile.ts';
import type { Behaviour } from '../model/behaviour.ts';
import type { Service } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import type { PortProgram } from '../model/program.ts';
import { servicePortViews } from '../view/node-view.ts';
import type { Here } from '../view/service-port-view.ts';
import { namedNodes, nodeKey } from './node-key.ts';

/** What each Service puts into a node's table. Equal programs, and equal parts of unlike ones, are the same objects for all nodes. */
export type ProgramsOf = (service: Service) => readonly PortProgram[];

interface Known {
	readonly named: ReadonlySet<string>;
	/** by where the node is, then by what is the node's own */
	readonly programs: Map<string, Map<string, readonly PortProgram[]>>;
	/** by their text */
	readonly parts: Map<string, unknown>;
}

/** Compiles the Services of one family, each once for all nodes that are alike for it. Given a node, it gives its programs. */
export function sharedPrograms(
	family: IpFamily,
	behaviour: Behaviour,
): (here: Here, compiler: TableCompiler) => ProgramsOf {
	const all = new Map<Service, Known>();
	const placeKeys = new Map<string, string>();
	return (here, compiler) => {
		const { fromPod, mark } = compiler.surroundings;
		const text = JSON.stringify([here.zone, fromPod, mark]);
		// One object for equal texts: its hash is computed once, and asked for by every Service of every node.
		const placeKey = known(placeKeys, text, () => text);
		return (service) => {
			const own = known(all, service, () => newKnown(service, family));
			const programs = known(own.programs, placeKey, () => new Map<string, readonly PortProgram[]>());
			return known(programs, nodeKey(service, own.named, here), () =>
				servicePortViews(service, here, behaviour).map((view) =>
					withSharedParts(compiler.compilePort(view), own.parts),
				),
			);
		};
	};
}

function newKnown(service: Service, family: IpFamily): Known {
	return { named: namedNodes(service, family), programs: new Map(), parts: new Map() };
}

function known<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
	const found = map.get(key);
	if (found !== undefined) return found;
	const made = make();
	map.set(key, made);
	return made;
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
		sets: program.sets.map(shared),
		setElements: sharedValues(program.setElements),
		mapElements: sharedValues(program.mapElements),
	};
}
