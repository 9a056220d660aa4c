import { rule } from '../compile/rules.ts';
import { type ServicePortId, servicePortName } from '../model/cluster-state.ts';
import { elementKey, type PortProgram } from '../model/program.ts';
import type { Chain, MapElement, NamedSet, SetElement } from '../model/ruleset.ts';
import type { Difference, ObjectDifference, RuleDifference } from '../readback/differences.ts';
import type { ElementDifference } from '../readback/element-differences.ts';
import type { FoundTable } from '../readback/found.ts';
import { ownerOf } from './owner-of.ts';

/** A found table in parts. */
export interface FoundParts {
	/** What it holds of each service port, by name: the wanted object itself where that is what it holds. */
	readonly ports: ReadonlyMap<string, PortProgram>;
	/** What differs and is no service port's: the frame, and what a stranger made. */
	readonly rest: readonly Difference[];
}

/**
 * Says what a found table holds of each service port, so that each can be brought to what it should be on its own. A service
 * port that nobody wants any more is known by the names of its chains and sets. What a chain or element that differs says is
 * not known; it is another than every wanted one, so that whoever plans a change rewrites it.
 * @param differences of the table from all that is wanted
 */
export function foundParts(
	found: FoundTable,
	differences: readonly Difference[],
	wanted: ReadonlyMap<string, PortProgram>,
): FoundParts {
	const ports = new Map(wanted);
	const rest: Difference[] = [];
	const change: Change = (owner, change) => {
		const name = servicePortName(owner);
		ports.set(name, change(ports.get(name) ?? emptyProgram(owner)));
	};
	const elementOwners = ownersOfElements(wanted, differences);
	for (const each of differences) {
		if (each.kind === 'elements') rest.push(...takeElements(each, found, elementOwners, change));
		else {
			const owner = ownerOf(each.kind === 'rules' ? each.chain : each.name);
			if (owner === null || (each.kind === 'remade' && each.what !== 'set')) rest.push(each);
			else change(owner, (program) => withObject(program, each));
		}
	}
	return { ports, rest };
}

/** Changes what the table is thought to hold of a service port. */
type Change = (owner: ServicePortId, change: (program: PortProgram) => PortProgram) => void;

function emptyProgram(owner: ServicePortId): PortProgram {
	return { owner, chains: [], sets: [], setElements: new Map(), mapElements: new Map() };
}

/** A rule that no wanted chain has. */
const OTHER_RULES = [rule([], [], 'not as wanted')];

function otherChain(name: string, owner: ServicePortId): Chain {
	return { kind: 'chain', name, comment: null, hook: null, owner, rules: OTHER_RULES };
}

function otherSet(name: string): NamedSet {
	return { kind: 'set', name, comment: null, fields: [], interval: false, timeout: null, elements: [] };
}

function withObject(program: PortProgram, each: ObjectDifference | RuleDifference): PortProgram {
	const { owner, sets } = program;
	// A set can be made anew only while no rule looks into it.
	const isSetRemade = each.kind === 'remade' && each.what === 'set';
	const chains = isSetRemade ? program.chains.map(({ name }) => otherChain(name, owner)) : program.chains;
	if (each.kind === 'rules') {
		return {
			...program,
			chains: chains.map((chain) => (chain.name === each.chain ? otherChain(chain.name, owner) : chain)),
		};
	}
	const { name } = each;
	const without = <T extends { readonly name: string }>(list: readonly T[]) => list.filter((one) => one.name !== name);
	if (each.what === 'chain') {
		return { ...program, chains: [...without(chains), ...(each.kind === 'extra' ? [otherChain(name, owner)] : [])] };
	}
	return { ...program, chains, sets: [...without(sets), ...(each.kind === 'missing' ? [] : [otherSet(name)])] };
}

/** By set or map and key, the service ports that want an element there. */
type ElementOwners = (container: string, key: SetElement['key']) => readonly ServicePortId[];

function ownersOfElements(wanted: ReadonlyMap<string, PortProgram>, differences: readonly Difference[]): ElementOwners {
	const owners = new Map<string, ServicePortId[]>();
	const isNeeded = differences.some((each) => each.kind === 'elements');
	for (const { owner, setElements, mapElements } of isNeeded ? wanted.values() : []) {
		for (const [container, elements] of [...setElements, ...mapElements]) {
			for (const element of elements) {
				const name = `${container} ${elementKey(element)}`;
				owners.set(name, [...(owners.get(name) ?? []), owner]);
			}
		}
	}
	return (container, key) => owners.get(`${container} ${elementKey({ key })}`) ?? [];
}

/** Gives service ports what is theirs of differing elements. @returns what is nobody's */
function takeElements(
	each: ElementDifference,
	found: FoundTable,
	owners: ElementOwners,
	change: Change,
): readonly ElementDifference[] {
	const nobodys = (keys: ElementDifference['missing'], take: (key: SetElement['key']) => boolean) =>
		keys.filter((key) => !take(key));
	const missing = nobodys(each.missing, (key) => {
		const wanting = owners(each.name, key);
		for (const owner of wanting) change(owner, (program) => withoutElement(program, each.name, key));
		return wanting.length > 0;
	});
	if (each.what === 'set') return isNothing({ ...each, missing }) ? [] : [{ ...each, missing }];
	const changed = nobodys(each.changed, (key) => {
		const [owner] = owners(each.name, key);
		if (owner !== undefined) change(owner, (program) => withOther(program, each.name, key));
		return owner !== undefined;
	});
	const leads = destinations(found, each.name, each.extra.length > 0);
	const extra = nobodys(each.extra, (key) => {
		const owner = ownerOf(leads.get(elementKey({ key })) ?? '');
		if (owner !== null) change(owner, (program) => withOther(program, each.name, key));
		return owner !== null;
	});
	const rest = { ...each, missing, changed, extra };
	return isNothing(rest) ? [] : [rest];
}

function isNothing({ missing, extra, changed }: ElementDifference): boolean {
	return missing.length + extra.length + changed.length === 0;
}

/** The chains that the elements of a found map lead to, by key. */
function destinations(found: FoundTable, map: string, isNeeded: boolean): ReadonlyMap<string, string> {
	const elements = (isNeeded && found.maps.find(({ name }) => name === map)?.elements) || [];
	return new Map(
		elements.flatMap((each) => (each.verdict.kind === 'goto' ? [[elementKey(each), each.verdict.chain]] : [])),
	);
}

function withoutElement(program: PortProgram, container: string, key: SetElement['key']): PortProgram {
	const text = elementKey({ key });
	const without = <E extends SetElement>(lists: ReadonlyMap<string, readonly E[]>) =>
		new Map(
			[...lists].map(([name, elements]) => [
				name,
				name === container ? elements.filter((element) => elementKey(element) !== text) : elements,
			]),
		);
	return { ...program, setElements: without(program.setElements), mapElements: without(program.mapElements) };
}

/** With an element of a map that is another than wanted. */
function withOther(program: PortProgram, container: string, key: SetElement['key']): PortProgram {
	const { owner, mapElements } = withoutElement(program, container, key);
	const other: MapElement = { key, verdict: { kind: 'drop' }, owner, note: 'not as wanted' };
	return {
		...program,
		mapElements: new Map([...mapElements, [container, [...(mapElements.get(container) ?? []), other]]]),
	};
}
