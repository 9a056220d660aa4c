import type { IpFamily } from '../../model/ip.ts';
import { asListedByBoth } from '../spelling.ts';
import { newElementSplitter } from './element-splitter.ts';
import { elementHash, joinedNetworks, objectHash } from './listing-hash.ts';

/** A set, a map, a chain or whatever else a table has, as its lines come. */
export interface ObjectReader {
	/** @returns whether it was its last line, more is to come, or nobody understands it */
	readonly takeLine: (line: string) => 'closed' | 'more' | 'lost';
}

/** What is told of an object. */
export interface Take {
	/** Given the hash of the object, and those of its elements. */
	readonly hash: (hash: bigint) => void;
	/** Given the elements that are set aside. */
	readonly aside: (element: string) => void;
	/** Given the name of a chain that has neither hook nor rules. */
	readonly emptyChain: (name: string) => void;
}

const ELEMENTS = '\t\telements = {';
const CHAIN = '\tchain ';

/** Begins one. @param isAside whether its elements are set aside, and have no hash */
export function newObjectReader(header: string, family: IpFamily, isAside: boolean, take: Take): ObjectReader {
	const hasElements = header.startsWith('\tset ') || header.startsWith('\tmap ');
	const lines = [header];
	const networks: string[] = [];
	let isInterval = false;
	let isFilledByPackets = false;
	let isInElements = false;

	const splitter = newElementSplitter((element) => {
		if (isAside) take.aside(element);
		else if (isInterval) networks.push(element);
		else if (!isFilledByPackets) take.hash(elementHash(header, element, 'latin1'));
	});

	const takeElements = (text: string) => {
		const state = splitter.add(text);
		isInElements = state === 'more';
		return state === 'lost' ? 'lost' : 'more';
	};

	const close = () => {
		for (const network of joinedNetworks(family, networks)) take.hash(elementHash(header, network, 'latin1'));
		take.hash(objectHash(lines, 'latin1'));
		if (header.startsWith(CHAIN) && lines.length === 1) take.emptyChain(header.slice(CHAIN.length, -' {'.length));
	};

	const takeLine = (line: string) => {
		if (isInElements) return takeElements(line);
		if (line === '\t}') {
			close();
			return 'closed';
		}
		if (hasElements && line.startsWith(ELEMENTS)) return takeElements(line.slice(ELEMENTS.length));
		lines.push(asListedByBoth(line));
		if (line === '\t\tflags interval') isInterval = true;
		if (line.startsWith('\t\ttimeout ')) isFilledByPackets = true;
		return 'more';
	};
	return { takeLine };
}
