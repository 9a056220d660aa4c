import ipaddr from 'ipaddr.js';
import { addressOf, type Cidr, cidrText, type IpFamily } from '../model/ip.ts';

/** Addresses from `first` to `last`, as numbers. */
interface Range {
	readonly first: bigint;
	readonly last: bigint;
}

const BITS: Readonly<Record<IpFamily, number>> = { ip: 32, ip6: 128 };

/**
 * The same addresses as the fewest networks, in order: the kernel and nft join networks that touch and print what comes
 * of it as networks or ranges. Null when a text is no address, network or range of the family.
 */
export function fewestNetworks(family: IpFamily, texts: readonly string[]): readonly string[] | null {
	return joinedRanges(family, texts)?.flatMap((range) => networksIn(family, range)) ?? null;
}

/**
 * The same addresses as nft lists them in a rule, in order: what touches is one network, or a range where that is none.
 * Null as above.
 */
export function fewestRanges(family: IpFamily, texts: readonly string[]): readonly string[] | null {
	return joinedRanges(family, texts)?.map((range) => rangeText(family, range)) ?? null;
}

function rangeText(family: IpFamily, range: Range): string {
	const [network = '', ...others] = networksIn(family, range);
	return others.length === 0 ? network : `${addressAt(family, range.first)}-${addressAt(family, range.last)}`;
}

function joinedRanges(family: IpFamily, texts: readonly string[]): readonly Range[] | null {
	const ranges: Range[] = [];
	for (const text of texts) {
		const range = rangeOf(family, text);
		if (range === null) return null;
		ranges.push(range);
	}
	return merged(ranges);
}

function merged(ranges: readonly Range[]): readonly Range[] {
	const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
	const joined: Range[] = [];
	for (const range of sorted) {
		const before = joined.at(-1);
		if (before === undefined || before.last + 1n < range.first) joined.push(range);
		else if (range.last > before.last) joined[joined.length - 1] = { first: before.first, last: range.last };
	}
	return joined;
}

function rangeOf(family: IpFamily, text: string): Range | null {
	const [first = '', last] = text.split('-');
	if (last !== undefined) {
		const ends = { first: numberOf(family, first), last: numberOf(family, last) };
		return ends.first === null || ends.last === null ? null : { first: ends.first, last: ends.last };
	}
	const [address = '', length = String(BITS[family])] = text.split('/');
	const start = numberOf(family, address);
	const free = BITS[family] - Number(length);
	if (start === null || !/^\d+$/.test(length) || free < 0) return null;
	const mask = (1n << BigInt(free)) - 1n;
	return { first: start & ~mask, last: start | mask };
}

function numberOf(family: IpFamily, text: string): bigint | null {
	const parser = family === 'ip' ? ipaddr.IPv4 : ipaddr.IPv6;
	if (!parser.isValid(text)) return null;
	return parser
		.parse(text)
		.toByteArray()
		.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** The largest network that begins at the range's first address, then the same for what is left. */
function networksIn(family: IpFamily, { first, last }: Range): readonly string[] {
	const networks: string[] = [];
	let start = first;
	while (start <= last) {
		let free = 0;
		while (free < BITS[family]) {
			const size = 1n << BigInt(free + 1);
			if (start % size !== 0n || start + size - 1n > last) break;
			free++;
		}
		networks.push(cidrText(networkAt(family, start, BITS[family] - free)));
		start += 1n << BigInt(free);
	}
	return networks;
}

function networkAt(family: IpFamily, start: bigint, prefix: number): Cidr {
	return { family, prefix, address: addressAt(family, start) };
}

/** No number here is past the family's last address. */
function addressAt(family: IpFamily, number: bigint): string {
	return addressOf(family, number) ?? '';
}
