import { hashNumber } from '../../model/hash-sum.ts';
import type { IpFamily } from '../../model/ip.ts';
import { fewestNetworks } from '../networks.ts';
import { addressText } from '../spelling.ts';

// What counts of a text listing: objects without elements, and elements one by one. A listing is read byte by byte, as latin1.

type Encoding = 'utf8' | 'latin1';

/** The hash of an object: its lines from the first one to the last but `}`, without elements. */
export function objectHash(lines: readonly string[], encoding: Encoding = 'utf8'): bigint {
	return hashNumber(lines.join('\n'), encoding);
}

/** The hash of an element. @param header the first line of its set or map */
export function elementHash(header: string, element: string, encoding: Encoding = 'utf8'): bigint {
	// Objects begin with `table` or a tab.
	return hashNumber(`element ${header}\n${element}`, encoding);
}

/** Elements of an interval set as they count: the same addresses may be listed as other networks. */
export function joinedNetworks(family: IpFamily, elements: readonly string[]): readonly string[] {
	const isPlain = elements.every((element) => NETWORK.test(element));
	return (isPlain ? fewestNetworks(family, elements.map(ourSpelling)) : null) ?? elements;
}

/** An address, a network or a range, and nothing more. */
const NETWORK = /^[0-9a-f.:]+(?:\/\d+|-[0-9a-f.:]+)?$/;

function ourSpelling(element: string): string {
	const parts = element.split(/([/-])/);
	return parts.map(addressText).join('');
}
