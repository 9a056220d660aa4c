import { hashSum } from '../../model/hash-sum.ts';
import { byFamily, type IpFamily } from '../../model/ip.ts';
import { known } from '../../model/known.ts';
import type { PortProgram } from '../../model/program.ts';
import type { Chain, MapElement, NamedSet, SetElement, Table } from '../../model/ruleset.ts';
import {
	listedChain,
	listedElement,
	listedHeader,
	listedMap,
	listedMapElement,
	listedSet,
	listedTable,
	listedTableHeader,
} from './listed-lines.ts';
import { elementHash, joinedNetworks, objectHash } from './listing-hash.ts';
import type { ListedText } from './text-listing.ts';

/** What the frame or a service port adds to the sum of a listing. */
interface Sums {
	/** its chains with their rules */
	readonly chains: bigint;
	/** its chains as they would be listed without rules */
	readonly chainsAlone: bigint;
	readonly others: bigint;
	/** Elements of sets, which another one may have too: they count once. */
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
	return isTable && listed.sum === sumOfAll(frame, ports, empty, 'chains');
}

/** Whether a listing of everything but rules, in whatever pieces, is that of a table which holds exactly this. */
export function isListingWithoutRules(
	listed: ListedText,
	frame: Table,
	ports: Iterable<PortProgram>,
	empty: readonly string[],
): boolean {
	return isPiecesOf(listed, frame) && listed.sum === sumOfAll(frame, ports, empty, 'chainsAlone');
}

/** Whether a listing of some chains, and of a set whose elements were set aside, is that of chains which hold exactly this. */
export function isListingOfChains(
	listed: ListedText,
	frame: Table,
	aside: NamedSet,
	chains: 'of the frame' | readonly PortProgram[],
): boolean {
	let sum = objectHash(listedSet(aside, frame.family));
	if (chains === 'of the frame') sum += sumsOfFrame(frame).chains;
	else for (const port of chains) sum += sumsOfPort(port, frame.family).chains;
	return isPiecesOf(listed, frame) && listed.sum === hashSum(sum);
}

/** What is listed in pieces says nothing of the table itself. */
function isPiecesOf(listed: ListedText, { family, name }: Table): boolean {
	return listed.table === objectHash([listedTableHeader(family, name)]);
}

function sumOfAll(
	frame: Table,
	ports: Iterable<PortProgram>,
	empty: readonly string[],
	chains: 'chains' | 'chainsAlone',
): bigint {
	const ofFrame = sumsOfFrame(frame);
	const elements = new Set(ofFrame.setElements);
	let sum = ofFrame[chains] + ofFrame.others;
	for (const port of ports) {
		const ofPort = sumsOfPort(port, frame.family);
		sum += ofPort[chains] + ofPort.others;
		for (const element of ofPort.setElements) elements.add(element);
	}
	for (const element of elements) sum += element;
	for (const name of empty) sum += objectHash([listedHeader({ kind: 'chain', name })]);
	return hashSum(sum);
}

const FRAMES = new WeakMap<Table, Sums>();
const PORTS = byFamily(() => new WeakMap<PortProgram, Sums>());

function sumsOfFrame(frame: Table): Sums {
	return known(FRAMES, frame, () => {
		const { family, sets, maps, chains } = frame;
		let others = 0n;
		for (const set of sets) others += objectHash(listedSet(set, family));
		for (const map of maps) {
			others += objectHash(listedMap(map, family));
			for (const element of map.elements) others += mapElementHash(map.name, element);
		}
		return { ...chainSums(chains, family), others, setElements: sets.flatMap((set) => ownElements(set, family)) };
	});
}

function sumsOfPort(port: PortProgram, family: IpFamily): Sums {
	return known(PORTS[family], port, () => {
		const { chains, sets, setElements, mapElements } = port;
		let others = 0n;
		for (const set of sets) others += objectHash(listedSet(set, family));
		for (const [map, elements] of mapElements) {
			for (const element of elements) others += mapElementHash(map, element);
		}
		const shared = [...setElements].flatMap(([set, elements]) => elements.map((each) => setElementHash(set, each)));
		const own = sets.flatMap((set) => ownElements(set, family));
		return { ...chainSums(chains, family), others, setElements: [...shared, ...own] };
	});
}

function chainSums(all: readonly Chain[], family: IpFamily): Pick<Sums, 'chains' | 'chainsAlone'> {
	let [chains, chainsAlone] = [0n, 0n];
	for (const chain of all) {
		chains += objectHash(listedChain(chain, family));
		chainsAlone += objectHash(listedChain({ ...chain, rules: [] }, family));
	}
	return { chains, chainsAlone };
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
