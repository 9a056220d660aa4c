import { hashSum } from '../../model/hash-sum.ts';
import { byFamily, type IpFamily } from '../../model/ip.ts';
import { known } from '../../model/known.ts';
import type { PortProgram } from '../../model/program.ts';
import type { MapElement, NamedSet, SetElement, Table } from '../../model/ruleset.ts';
import {
	listedChain,
	listedElement,
	listedHeader,
	listedMap,
	listedMapElement,
	listedSet,
	listedTable,
} from './listed-lines.ts';
import { elementHash, joinedNetworks, objectHash } from './listing-hash.ts';
import type { ListedText } from './text-listing.ts';

/** What a part of a table adds to the sum of its listing. */
interface Part {
	readonly sum: bigint;
	/** Elements of sets, which another part may have too: they count once. */
	readonly setElements: readonly bigint[];
}

/**
 * Whether a text listing is that of a table which holds exactly this. Programs never change, so each is spelled out once, and
 * after a change of a few only these are.
 * @param frame the table without any Service
 * @param ports what the service ports add, in whatever order
 * @param empty names of chains without rules that are there, too
 */
export function isListingOf(
	listed: ListedText,
	frame: Table,
	ports: Iterable<PortProgram>,
	empty: readonly string[],
): boolean {
	const [header = '', ...comment] = listedTable(frame);
	// A table that is made piece by piece has no comment.
	const isTable = [[header], [header, ...comment]].some((lines) => listed.table === objectHash(lines));
	return isTable && listed.sum === expectedSum(frame, ports, empty);
}

function expectedSum(frame: Table, ports: Iterable<PortProgram>, empty: readonly string[]): bigint {
	const { family } = frame;
	const ofFrame = known(FRAMES, frame, () => framePart(frame));
	const elements = new Set(ofFrame.setElements);
	let { sum } = ofFrame;
	for (const port of ports) {
		const part = known(PORTS[family], port, () => portPart(port, family));
		sum += part.sum;
		for (const element of part.setElements) elements.add(element);
	}
	for (const element of elements) sum += element;
	for (const name of empty) sum += objectHash([listedHeader({ kind: 'chain', name })]);
	return hashSum(sum);
}

const FRAMES = new WeakMap<Table, Part>();
const PORTS = byFamily(() => new WeakMap<PortProgram, Part>());

function framePart(frame: Table): Part {
	const { family } = frame;
	let sum = 0n;
	for (const set of frame.sets) sum += objectHash(listedSet(set, family));
	for (const map of frame.maps) {
		sum += objectHash(listedMap(map, family));
		for (const element of map.elements) sum += mapElementHash(map.name, element);
	}
	for (const chain of frame.chains) sum += objectHash(listedChain(chain, family));
	return { sum, setElements: frame.sets.flatMap((set) => ownElements(set, family)) };
}

function portPart({ chains, sets, setElements, mapElements }: PortProgram, family: IpFamily): Part {
	let sum = 0n;
	for (const chain of chains) sum += objectHash(listedChain(chain, family));
	for (const set of sets) sum += objectHash(listedSet(set, family));
	for (const [map, elements] of mapElements) for (const element of elements) sum += mapElementHash(map, element);
	const shared = [...setElements].flatMap(([set, elements]) => elements.map((each) => setElementHash(set, each)));
	return { sum, setElements: [...shared, ...sets.flatMap((set) => ownElements(set, family))] };
}

function mapElementHash(map: string, element: MapElement): bigint {
	return elementHash(listedHeader({ kind: 'map', name: map }), listedMapElement(element));
}

function setElementHash(set: string, element: SetElement): bigint {
	return elementHash(listedHeader({ kind: 'set', name: set }), listedElement(element));
}

/** The elements that a set has by itself. What packets fill may hold anything. */
function ownElements(set: NamedSet, family: IpFamily): readonly bigint[] {
	if (set.timeout !== null) return [];
	if (!set.interval) return set.elements.map((element) => setElementHash(set.name, element));
	const networks = joinedNetworks(
		family,
		set.elements.map(({ key }) => key.join()),
	);
	return networks.map((network) => elementHash(listedHeader(set), network));
}
