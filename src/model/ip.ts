import ipaddr from 'ipaddr.js';

/** An address family, in nft's word for it. */
export type IpFamily = 'ip' | 'ip6';

export const IP_FAMILIES: readonly IpFamily[] = ['ip', 'ip6'];

/** One value for each family. */
export type ByFamily<T> = Readonly<Record<IpFamily, T>>;

/** Builds a value for each family. */
export function byFamily<T>(build: (family: IpFamily) => T): ByFamily<T> {
	return { ip: build('ip'), ip6: build('ip6') };
}

/** The name Kubernetes gives a family. */
export function familyName(family: IpFamily): 'IPv4' | 'IPv6' {
	return family === 'ip' ? 'IPv4' : 'IPv6';
}

/**
 * An address in its one canonical spelling.
 * `oddity` says what about the original text deserves a warning; null when nothing does.
 */
export interface ParsedAddress {
	readonly family: IpFamily;
	readonly address: string;
	readonly oddity: string | null;
}

/** Why a text is not an address or a network. */
export interface NotAnAddress {
	readonly invalid: string;
}

const CANONICAL_IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?=\d)|$)){4}$/;
const DOTTED = /^\d{1,32}(?:\.\d{1,32}){3}$/;
const HEXADECIMAL = /^[\da-f]{1,4}$/i;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Reads an address as Kubernetes does (`ParseIPSloppy`: leading zeros are decimal, IPv4-mapped IPv6 is IPv4)
 * and spells it canonically, so that nft, which reads leading zeros as octal and resolves names, never sees the original.
 */
export function parseAddress(text: string): ParsedAddress | NotAnAddress {
	if (CANONICAL_IPV4.test(text)) return { family: 'ip', address: text, oddity: null };
	if (DOTTED.test(text)) return parseDotted(text);
	if (text.includes('%')) return { invalid: 'has a zone, which is meaningless outside its own machine' };
	if (!isIpv6(text)) return { invalid: 'is not an IP address' };
	const parsed = ipaddr.IPv6.parse(withoutDots(text));
	if (parsed.isIPv4MappedAddress()) {
		const address = parsed.toIPv4Address().toString();
		return { family: 'ip', address, oddity: `is an IPv4-mapped address and is read as ${address}, as Kubernetes does` };
	}
	return { family: 'ip6', address: parsed.toRFC5952String(), oddity: null };
}

/**
 * Whether a text without a zone is an IPv6 address (RFC 4291, 2.2). Node's own `isIPv6` says the same, but compiling its pattern takes
 * as long as all the rules of a small cluster.
 */
function isIpv6(text: string): boolean {
	const [before = '', after = null, ...others] = withHexadecimalEnd(text).split('::');
	const groups = [before, after ?? ''].flatMap((half) => (half === '' ? [] : half.split(':')));
	if (others.length > 0 || (after === null ? groups.length !== 8 : groups.length > 7)) return false;
	return groups.every((group) => HEXADECIMAL.test(group));
}

/** Its last four bytes may be written as an IPv4 address: they are two groups. */
function withHexadecimalEnd(text: string): string {
	const end = text.lastIndexOf(':') + 1;
	return CANONICAL_IPV4.test(text.slice(end)) ? `${text.slice(0, end)}0:0` : text;
}

/** The last four bytes in hexadecimal: ipaddr.js takes `::1.2.3.4` for an IPv4-mapped address, which it is not. */
function withoutDots(text: string): string {
	return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_dotted, ...octets: readonly string[]) => {
		const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number);
		return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
	});
}

function parseDotted(text: string): ParsedAddress | NotAnAddress {
	const octets = text.split('.').map(Number);
	if (octets.some((octet) => octet > 255)) return { invalid: 'is not an IP address' };
	const address = octets.join('.');
	return {
		family: 'ip',
		address,
		oddity: `has leading zeros and is read as decimal ${address}, as Kubernetes does`,
	};
}

/** A network: its canonical first address and its prefix length in bits. */
export interface Cidr {
	readonly family: IpFamily;
	readonly address: string;
	readonly prefix: number;
}

/** A parsed network, with what about its original text deserves a warning. */
export interface ParsedCidr {
	readonly cidr: Cidr;
	readonly oddity: string | null;
}

/** Reads `ADDRESS/PREFIX` and masks its host bits, as Kubernetes does (`ParseCIDRSloppy`). */
export function parseCidr(text: string): ParsedCidr | NotAnAddress {
	const [addressText = '', prefixText = '', ...rest] = text.split('/');
	if (rest.length > 0 || !/^\d{1,3}$/.test(prefixText)) return { invalid: 'is not a network such as 10.0.0.0/8' };
	const parsed = parseAddress(addressText);
	if ('invalid' in parsed) return { invalid: 'is not a network such as 10.0.0.0/8' };
	if (MAPPED.test(addressText)) return { invalid: 'is an IPv4-mapped network, which is ambiguous' };
	const prefix = Number(prefixText);
	if (prefix > addressBits(parsed.family)) return { invalid: `has a prefix above ${addressBits(parsed.family)}` };
	const cidr = { family: parsed.family, address: networkAddress(parsed.address, prefix), prefix };
	const masked = cidr.address !== parsed.address;
	return { cidr, oddity: masked ? `has host bits set and is read as ${cidrText(cidr)}` : parsed.oddity };
}

/** The network of exactly one address. */
export function hostCidr(family: IpFamily, address: string): Cidr {
	return { family, address, prefix: addressBits(family) };
}

/** A network as nft and people write it; a network of one address is that address. */
export function cidrText(cidr: Cidr): string {
	return isSingleAddress(cidr) ? cidr.address : `${cidr.address}/${cidr.prefix}`;
}

/** An address with a port: `10.0.0.1:80`, `[fd00::1]:80`. */
export function socketText(address: string, port: number): string {
	return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The parts of an address with a port. @param socket as `socketText` makes it */
export function parseSocket(socket: string): { readonly address: string; readonly port: string } {
	const colon = socket.lastIndexOf(':');
	return { address: socket.slice(0, colon).replace(/^\[|\]$/g, ''), port: socket.slice(colon + 1) };
}

/** Whether the network holds one address only. */
export function isSingleAddress(cidr: Cidr): boolean {
	return cidr.prefix === addressBits(cidr.family);
}

/** Whether a canonical address lies in the network. */
export function cidrContains(cidr: Cidr, family: IpFamily, address: string): boolean {
	return cidr.family === family && networkAddress(address, cidr.prefix) === cidr.address;
}

/** The networks without duplicates and without those another one holds, in bytewise order: nft refuses overlaps (T19). */
export function withoutOverlaps(cidrs: readonly Cidr[]): Cidr[] {
	const unique = [...new Map(cidrs.map((cidr) => [cidrText(cidr), cidr])).entries()];
	return unique
		.filter(([, cidr]) => !unique.some(([, other]) => other.prefix < cidr.prefix && holds(other, cidr)))
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([, cidr]) => cidr);
}

function holds(outer: Cidr, inner: Cidr): boolean {
	return cidrContains(outer, inner.family, inner.address);
}

function addressBits(family: IpFamily): 32 | 128 {
	return family === 'ip' ? 32 : 128;
}

function networkAddress(address: string, prefix: number): string {
	if (!address.includes(':')) return dotted((ipv4Number(address) & (prefix === 0 ? 0 : -1 << (32 - prefix))) >>> 0);
	const parsed = ipaddr.parse(address);
	const bytes = parsed.toByteArray().map((byte, index) => byte & maskByte(prefix - index * 8));
	const masked = ipaddr.fromByteArray(bytes);
	return masked instanceof ipaddr.IPv6 ? masked.toRFC5952String() : masked.toString();
}

/** A canonical IPv4 address as a number. They are by far the most, and the library takes much longer. */
function ipv4Number(address: string): number {
	let number = 0;
	for (const octet of address.split('.')) number = number * 256 + Number(octet);
	return number;
}

function dotted(number: number): string {
	return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

function maskByte(bits: number): number {
	if (bits >= 8) return 0xff;
	return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

/** The first and the last address of a network, as numbers. */
export function cidrBounds(cidr: Cidr): readonly [bigint, bigint] {
	const first = addressNumber(cidr.address);
	return [first, first + (1n << BigInt(addressBits(cidr.family) - cidr.prefix)) - 1n];
}

/** An address as a number, to compare it and to count on from it. */
export function addressNumber(address: string): bigint {
	if (!address.includes(':')) return BigInt(ipv4Number(address));
	return ipaddr
		.parse(address)
		.toByteArray()
		.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

/** The canonical address of a number; null past the family's last one. */
export function addressOf(family: IpFamily, number: bigint): string | null {
	const bits = addressBits(family);
	if (number >> BigInt(bits) !== 0n) return null;
	if (family === 'ip') return dotted(Number(number));
	const bytes = Array.from({ length: bits / 8 }, (_, index) =>
		Number((number >> BigInt(bits - 8 - index * 8)) & 0xffn),
	);
	const address = ipaddr.fromByteArray(bytes);
	return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

const SPECIAL_IPV4: readonly (readonly [RegExp, string])[] = [
	[/^0\.0\.0\.0$/, 'unspecified'],
	[/^127\./, 'loopback'],
	[/^169\.254\./, 'link-local'],
	[/^2(?:2[4-9]|3\d)\./, 'multicast'],
	[/^255\.255\.255\.255$/, 'broadcast'],
];

const SPECIAL_IPV6: readonly (readonly [RegExp, string])[] = [
	[/^::$/, 'unspecified'],
	[/^::1$/, 'loopback'],
	[/^fe[89ab][0-9a-f]:/, 'link-local'],
	[/^ff[0-9a-f]{2}:/, 'multicast'],
];

/**
 * What makes a canonical address unfit to be the target of a rule, or null when nothing does.
 * A rule that rewrites to one of these would reach services of the node itself (CVE-2021-25737).
 */
export function specialUse(family: IpFamily, address: string): string | null {
	const table = family === 'ip' ? SPECIAL_IPV4 : SPECIAL_IPV6;
	return table.find(([pattern]) => pattern.test(address))?.[1] ?? null;
}
