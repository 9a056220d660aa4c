import ipaddr from 'ipaddr.js';
import type { Protocol } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Json } from '../model/json.ts';
import type { Field } from '../model/ruleset.ts';

/** nft's spelling of the last 32 bits of an IPv6 address that may hold an IPv4 address, as in `::1.2.3.4`. */
const DOTTED_END = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/;

/** An address in our spelling. nft's differs in that one case only. */
export function addressText(text: string): string {
	if (!text.includes(':') || !text.includes('.')) return text;
	const hexadecimal = text.replace(DOTTED_END, (_, ...bytes: readonly string[]) => {
		const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
		return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
	});
	return ipaddr.IPv6.isValid(hexadecimal) ? ipaddr.IPv6.parse(hexadecimal).toRFC5952String() : text;
}

/** Our spelling of an address that nft ends as an IPv4 address; behind `ffff:` is a mapped one. */
const HEXADECIMAL_END = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** An address or network of ours in nft's spelling, which is that of glibc's inet_ntop. */
export function listedAddress(text: string): string {
	if (!text.startsWith('::')) return text;
	const [address = '', prefix] = text.split('/');
	const dotted = address.replace(HEXADECIMAL_END, (_, mapped = '', ...groups: readonly string[]) => {
		const [high = 0, low = 0] = groups.slice(0, 2).map((group) => Number.parseInt(group, 16));
		return `::${mapped}${[high >> 8, high & 255, low >> 8, low & 255].join('.')}`;
	});
	return prefix === undefined ? dotted : `${dotted}/${prefix}`;
}

/** How many elements there are, as nft 1.1.7 adds it to the size of a set. */
const COUNT = /^(\t\tsize \d+)\t# count \d+$/;

/** A mask of the highest bit alone is also a prefix, and nft 1.0.6 lists it as that. */
const HIGHEST_BIT = /^\t\tmeta mark != 0x00000000\/1 /;

/** A line of a text listing of nft 1.0.6 or 1.1.7 in words that both have. */
export function asListedByBoth(line: string): string {
	return line.replace(COUNT, '$1').replace(HIGHEST_BIT, '\t\tmeta mark & 0x80000000 != 0x00000000 ');
}

const PROTOCOLS: ReadonlyMap<Json, Protocol> = new Map<Json, Protocol>([
	['tcp', 'tcp'],
	[6, 'tcp'],
	['udp', 'udp'],
	[17, 'udp'],
	['sctp', 'sctp'],
	[132, 'sctp'],
]);

/** nft prints names or, asked for numbers or without /etc/protocols, numbers. Null for other protocols. */
export function protocolOf(value: Json | undefined): Protocol | null {
	return value === undefined ? null : (PROTOCOLS.get(value) ?? null);
}

/** nft's types of the fields of a set or map. */
export function typesOf(fields: readonly Field[], family: IpFamily): readonly string[] {
	return fields.map((field) => typeOf(field, family));
}

function typeOf(field: Field, family: IpFamily): string {
	if (field === 'protocol') return 'inet_proto';
	if (field === 'dport') return 'inet_service';
	return family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
}

/** One part of an element's key; the text is as we write it, or any other that tells it from those. */
export function partText(part: Json, type: string | undefined): string {
	if (typeof part === 'string') return type === 'ipv6_addr' ? addressText(part) : part;
	if (typeof part === 'number') return type === 'inet_proto' ? (protocolOf(part) ?? String(part)) : String(part);
	return networkText(part) ?? JSON.stringify(part);
}

/** `{"prefix": …}` and `{"range": …}` as texts; null for what is neither. */
export function networkText(value: Json): string | null {
	if (typeof value === 'string') return addressText(value);
	if (typeof value !== 'object' || value === null) return null;
	const { prefix, range } = value as { readonly prefix?: Json; readonly range?: Json };
	if (Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === 'string')) {
		return range.map(addressText).join('-');
	}
	if (typeof prefix !== 'object' || prefix === null) return null;
	const { addr, len } = prefix as { readonly addr?: Json; readonly len?: Json };
	return typeof addr === 'string' && typeof len === 'number' ? `${addressText(addr)}/${len}` : null;
}
