import {
	addressNumber,
	addressOf,
	type ByFamily,
	byFamily,
	type Cidr,
	cidrBounds,
	type IpFamily,
} from '../model/ip.ts';

/** Neighbouring addresses that lie in the same of several lists of networks. */
export interface Region {
	readonly first: bigint;
	readonly last: bigint;
	/** which lists: bit n for list n */
	readonly flags: number;
}

/** All addresses of a family in regions, sorted. */
export interface Regions {
	readonly family: IpFamily;
	readonly regions: readonly Region[];
}

/** Cuts the whole family at every border of the lists' networks: nothing can tell addresses of one region apart. */
export function regionsOf(family: IpFamily, lists: readonly (readonly Cidr[])[]): Regions {
	const borders = lists.flatMap((cidrs, list) =>
		cidrs.flatMap((cidr) => {
			const [first, last] = cidrBounds(cidr);
			return [
				{ at: first, list, step: 1 },
				{ at: last + 1n, list, step: -1 },
			];
		}),
	);
	borders.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
	const end = family === 'ip' ? 1n << 32n : 1n << 128n;
	const depth = lists.map(() => 0);
	const regions: Region[] = [];
	let first = 0n;
	for (const { at, list, step } of borders) {
		if (at > first) regions.push({ first, last: at - 1n, flags: flagsOf(depth) });
		first = at;
		depth[list] = (depth[list] ?? 0) + step;
	}
	if (first < end) regions.push({ first, last: end - 1n, flags: flagsOf(depth) });
	return { family, regions };
}

function flagsOf(depth: readonly number[]): number {
	return depth.reduce((flags, count, list) => (count > 0 ? flags | (1 << list) : flags), 0);
}

/** In which lists an address lies. */
export function flagsAt({ regions }: Regions, address: string): number {
	const number = addressNumber(address);
	let low = 0;
	let high = regions.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((regions[middle]?.first ?? 0n) <= number) low = middle;
		else high = middle - 1;
	}
	return regions[low]?.flags ?? 0;
}

/** Every combination of lists in which addresses lie, each with an address that stands for them, sorted. */
export function witnesses({ family, regions }: Regions, taken: ReadonlySet<string>): ReadonlyMap<number, string> {
	const found = new Map<number, string>();
	const onlyTaken = new Map<number, string>();
	for (const region of regions) {
		if (found.has(region.flags)) continue;
		const free = firstFree(family, region, taken);
		if (free !== null) found.set(region.flags, free);
		else onlyTaken.set(region.flags, addressOf(family, region.first) ?? '');
	}
	// Where every address belongs to somebody, that somebody has to do.
	for (const [flags, address] of onlyTaken) if (!found.has(flags)) found.set(flags, address);
	return new Map([...found.entries()].sort(([a], [b]) => a - b));
}

/** Addresses that no packet from a network has as its source: rules know loopback for the node itself. */
const NO_SENDERS: ByFamily<readonly Cidr[]> = {
	ip: [
		{ family: 'ip', address: '127.0.0.0', prefix: 8 },
		{ family: 'ip', address: '224.0.0.0', prefix: 4 },
	],
	ip6: [
		{ family: 'ip6', address: '::', prefix: 127 },
		{ family: 'ip6', address: 'ff00::', prefix: 8 },
	],
};

const NO_SENDER_BOUNDS = byFamily((family) => NO_SENDERS[family].map(cidrBounds));

/** Not the first one, which is the network's own name. */
function firstFree(family: IpFamily, { first, last }: Region, taken: ReadonlySet<string>): string | null {
	for (let number = first < last ? first + 1n : first; number <= last; number++) {
		const skipped = NO_SENDER_BOUNDS[family].find((bounds) => bounds[0] <= number && number <= bounds[1]);
		if (skipped !== undefined) {
			number = skipped[1];
			continue;
		}
		const address = addressOf(family, number);
		if (address !== null && !taken.has(address)) return address;
	}
	return null;
}
