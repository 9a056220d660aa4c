import { describe, expect, it } from 'vitest';
import { fewestNetworks } from '../../src/readback/networks.ts';
import { addressText } from '../../src/readback/spelling.ts';

describe('networks', () => {
	it('become the fewest that hold the same addresses', () => {
		expect(fewestNetworks('ip', ['10.0.0.128/25', '10.0.0.0/25'])).toEqual(['10.0.0.0/24']);
		expect(fewestNetworks('ip', ['192.168.0.1-192.168.0.3'])).toEqual(['192.168.0.1', '192.168.0.2/31']);
		expect(fewestNetworks('ip', ['0.0.0.0/1', '128.0.0.0/1'])).toEqual(['0.0.0.0/0']);
		expect(fewestNetworks('ip', ['10.0.0.0/8', '10.1.0.0/16', '255.255.255.255'])).toEqual([
			'10.0.0.0/8',
			'255.255.255.255',
		]);
		expect(fewestNetworks('ip6', ['2001:db8::/33', '2001:db8:8000::/33', '::1'])).toEqual(['::1', '2001:db8::/32']);
		expect(fewestNetworks('ip6', ['::/0'])).toEqual(['::/0']);
		expect(fewestNetworks('ip', [])).toEqual([]);
	});

	it.each(['10.0.0.1/33', 'x', '::1', '10.0.0.1-', '10.0.0.1/x', ''])('%j is none', (text) => {
		expect(fewestNetworks('ip', [text])).toBe(null);
	});

	it('addresses are spelled as we do', () => {
		expect(addressText('::1.2.3.4')).toBe('::102:304');
		expect(addressText('64:ff9b::1.2.3.4')).toBe('64:ff9b::102:304');
		expect(addressText('::ffff:1.2.3.4')).toBe('::ffff:102:304');
		expect(addressText('2001:db8::1')).toBe('2001:db8::1');
		expect(addressText('10.0.0.1')).toBe('10.0.0.1');
	});
});
