import { addressNumber, addressOf, type IpFamily } from '../model/ip.ts';
import { sortedBy } from '../model/order.ts';
import { NO_SYMBOLS, type Symbols } from '../model/symbols.ts';
import type { Allocator } from './allocated.ts';

/** Addresses that no network uses (RFC 1112 class E, RFC 6666 discard-only). */
const FIRST_ADDRESS: Readonly<Record<IpFamily, string>> = { ip: '240.0.0.1', ip6: '100::1' };
const LAST_PORT = 65535;

/** What was made with symbols, and what they are. */
export interface WithSymbols<T> {
	readonly made: T;
	readonly symbols: Symbols;
}

/**
 * Makes something with symbols, each with a value of its own that does not occur in the input: sorted by name, so that equal input
 * has equal values.
 * @param make asks for symbols, the same ones each time; it is called twice where there are some, to know them all first
 * @param inputs whose values are left alone
 */
export function withSymbols<T>(make: (allocator: Allocator) => T, inputs: readonly unknown[]): WithSymbols<T> {
	const asked = { ip: new Set<string>(), ip6: new Set<string>(), ports: new Set<string>() };
	const made = make({
		address: (family, symbol) => {
			asked[family].add(symbol);
			return FIRST_ADDRESS[family];
		},
		nodePort: (symbol) => {
			asked.ports.add(symbol);
			return LAST_PORT;
		},
	});
	if (asked.ip.size + asked.ip6.size + asked.ports.size === 0) return { made, symbols: NO_SYMBOLS };
	const taken = reservedIn(inputs);
	const values = {
		ip: numbered(asked.ip, (place) => addressAfter('ip', place), taken),
		ip6: numbered(asked.ip6, (place) => addressAfter('ip6', place), taken),
		ports: numbered(asked.ports, (place) => String(LAST_PORT - place), taken),
	};
	return {
		made: make({
			address: (family, symbol) => values[family].get(symbol) ?? '',
			nodePort: (symbol) => Number(values.ports.get(symbol)),
		}),
		symbols: {
			addresses: new Map([...values.ip, ...values.ip6].map(([symbol, address]) => [address, symbol])),
			nodePorts: new Map([...values.ports].map(([symbol, port]) => [Number(port), symbol])),
		},
	};
}

function addressAfter(family: IpFamily, place: number): string {
	return addressOf(family, addressNumber(FIRST_ADDRESS[family]) + BigInt(place)) ?? '';
}

function numbered(
	symbols: ReadonlySet<string>,
	valueAt: (place: number) => string,
	taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
	let place = 0;
	return new Map(
		sortedBy(symbols, (symbol) => symbol).map((symbol) => {
			while (taken.has(valueAt(place))) place += 1;
			return [symbol, valueAt(place++)];
		}),
	);
}

/** What of our values the input has already, as addresses or numbers of whatever. */
function reservedIn(inputs: readonly unknown[]): ReadonlySet<string> {
	const found = new Set<string>();
	const look = (value: unknown, depth: number): void => {
		if (typeof value === 'number' && value > LAST_PORT - RESERVED_PORTS) found.add(String(value));
		else if (typeof value === 'string' && /^(?:240\.|100::|\d{5}$)/.test(value)) found.add(value.replace(/\/\d+$/, ''));
		else if (typeof value === 'object' && value !== null && depth < MOST_DEEP) {
			for (const inner of Object.values(value)) look(inner, depth + 1);
		}
	};
	for (const input of inputs) look(input, 0);
	return found;
}

/** What is deeper no object has. */
const MOST_DEEP = 50;

/** More NodePorts than that are no symbols: a cluster has 2,768. */
const RESERVED_PORTS = 30_000;
