import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidrContains, cidrText, parseAddress, parseCidr, specialUse, withoutOverlaps } from '../../src/model/ip.ts';

function address(text: string): string {
	const parsed = parseAddress(text);
	return 'invalid' in parsed ? `invalid: ${parsed.invalid}` : parsed.address;
}

function network(text: string): string {
	const parsed = parseCidr(text);
	return 'invalid' in parsed ? `invalid: ${parsed.invalid}` : `${parsed.cidr.address}/${parsed.cidr.prefix}`;
}

describe('addresses', () => {
	it.each([
		['10.0.0.1', '10.0.0.1'],
		['255.255.255.255', '255.255.255.255'],
		['010.096.000.001', '10.96.0.1'],
		['0000010.1.1.1', '10.1.1.1'],
		['::ffff:10.0.0.1', '10.0.0.1'],
		['::FFFF:0a00:0001', '10.0.0.1'],
		['FD00:0:0:0:0:0:0:1', 'fd00::1'],
		['::', '::'],
		['1::', '1::'],
		['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
		['::1.2.3.4', '::102:304'],
	])('fault 61, fault 62: %s is %s', (text, canonical) => {
		expect(address(text)).toBe(canonical);
	});

	it.each([
		'1.2.3',
		'1.2.3.4.5',
		'256.1.1.1',
		'0x7f.0.0.1',
		'0x7f.1',
		'1.2.3.4 ',
		' 1.2.3.4',
		'1.2.3.4\n',
		'2130706433',
		'localhost',
		'',
		'1.2.3.-4',
		'1.2.3.4/32',
		'１.2.3.4',
		':::',
		'1:2:3:4:5:6:7:8:9',
		'g::1',
		'[::1]',
		'::ffff:010.0.0.1',
		'0.0.0.00000000000000000000000000000000000001',
	])('fault 62: %j is no address', (text) => {
		expect(address(text)).toBe('invalid: is not an IP address');
	});

	it('fault 62: of IPv6 are those that Node knows, too', () => {
		const part = fc.constantFrom(
			':',
			'::',
			'0',
			'ffff',
			'A1',
			'12345',
			'g',
			'1.2.3.4',
			'01.2.3.4',
			'1.2.3.256',
			'.',
			' ',
		);
		const near = fc.array(part, { minLength: 1, maxLength: 18 }).map((parts) => parts.join(''));
		const grouped = fc
			.array(fc.constantFrom('1', 'fd00', '', '10.0.0.1'), { maxLength: 10 })
			.map((all) => all.join(':'));
		const written = fc.oneof(fc.ipV6(), near, grouped).filter((text) => text.includes(':'));
		fc.assert(
			fc.property(written, (text) => {
				expect('invalid' in parseAddress(text)).toBe(!isIPv6(text));
			}),
			{ numRuns: 2000 },
		);
	});

	it.each(['fe80::1%eth0', '::1%', '%'])('fault 62: %j has a zone', (text) => {
		expect(address(text)).toMatch(/^invalid: has a zone/);
	});
});

describe('networks', () => {
	it.each([
		['10.0.0.0/8', '10.0.0.0/8'],
		['10.1.2.3/8', '10.0.0.0/8'],
		['010.1.2.3/8', '10.0.0.0/8'],
		['10.1.2.3/0', '0.0.0.0/0'],
		['10.1.2.3/32', '10.1.2.3/32'],
		['FD00::1/64', 'fd00::/64'],
		['2001:db8:ffff::/33', '2001:db8:8000::/33'],
	])('fault 66: %s is %s', (text, canonical) => {
		expect(network(text)).toBe(canonical);
	});

	it.each([
		'',
		'10.0.0.0',
		'10.0.0.0/',
		'/8',
		'10.0.0.0/8/8',
		'10.0.0.0/-1',
		'10.0.0.0/8.5',
		'10.0.0.0/ 8',
		'x/8',
		'fe80::%1/64',
		'10.0.0.0/0x8',
	])('fault 66: %j is no network', (text) => {
		expect(network(text)).toBe('invalid: is not a network such as 10.0.0.0/8');
	});

	it.each([
		['10.0.0.0/33', 'invalid: has a prefix above 32'],
		['fd00::/129', 'invalid: has a prefix above 128'],
		['::ffff:10.0.0.0/104', 'invalid: is an IPv4-mapped network, which is ambiguous'],
	])('%s: %s', (text, why) => {
		expect(network(text)).toBe(why);
	});

	it('those that others hold are left out, so that nft takes the rest (trap T19)', () => {
		const cidrs = ['10.1.0.0/16', '10.0.0.0/8', '10.0.0.0/8', '11.0.0.1/32', 'fd00::/64'].flatMap((text) => {
			const parsed = parseCidr(text);
			return 'cidr' in parsed ? [parsed.cidr] : [];
		});
		expect(withoutOverlaps(cidrs).map(cidrText)).toEqual(['10.0.0.0/8', '11.0.0.1', 'fd00::/64']);
	});

	it('hold addresses of their own family only', () => {
		const cidr = { family: 'ip', address: '0.0.0.0', prefix: 0 } as const;
		expect(cidrContains(cidr, 'ip', '1.2.3.4')).toBe(true);
		expect(cidrContains(cidr, 'ip6', '::1')).toBe(false);
	});
});

describe('special addresses', () => {
	it.each([
		['ip', '127.1.2.3', 'loopback'],
		['ip', '169.254.0.1', 'link-local'],
		['ip', '239.255.255.255', 'multicast'],
		['ip6', 'febf::1', 'link-local'],
		['ip6', 'ff02::1', 'multicast'],
		['ip', '240.0.0.1', null],
		['ip', '223.255.255.255', null],
		['ip6', 'fec0::1', null],
		['ip6', 'fd00::1', null],
	] as const)('%s %s is %s', (family, text, use) => {
		expect(specialUse(family, text)).toBe(use);
	});
});
