import { describe, expect, it } from 'vitest';
import { healthCheckAddresses } from '../../src/health/listen-addresses.ts';
import { newNoLocalCounter } from '../../src/health/no-local-endpoints.ts';
import { parseCidr } from '../../src/model/ip.ts';

const PRESENT = ['127.0.0.1', '10.0.0.1', '192.168.10.1', '::1', 'fd00::1', 'fe80::1%eth0'];

function addresses(
	family: 'ip' | 'ip6',
	primary: boolean,
	networks: readonly string[],
	primaryIp: string | null = null,
) {
	const cidrs = networks.map((text) => {
		const parsed = parseCidr(text);
		if ('invalid' in parsed) throw new Error(text);
		return parsed.cidr;
	});
	return healthCheckAddresses(family, { primary, networks: cidrs }, primaryIp, PRESENT);
}

describe('health checks listen', () => {
	it.each<readonly [string, readonly string[], readonly string[]]>([
		['at all addresses when nothing is said', addresses('ip', false, []), ['0.0.0.0']],
		['at the primary address', addresses('ip', true, [], '192.168.10.1'), ['192.168.10.1']],
		['at all addresses of a family without a primary one', addresses('ip6', true, []), ['::']],
		['at all addresses of a family that no network is of', addresses('ip6', false, ['10.0.0.0/8']), ['::']],
		[
			'at all addresses when a network holds them all',
			addresses('ip', false, ['10.0.0.0/8', '0.0.0.0/0']),
			['0.0.0.0'],
		],
		[
			'at those in a network, loopback among them',
			addresses('ip', false, ['10.0.0.0/8', '127.0.0.0/8']),
			['10.0.0.1', '127.0.0.1'],
		],
		['nowhere when no address is in a network', addresses('ip', false, ['203.0.113.0/24']), []],
		['at the primary address only while it is there', addresses('ip', true, [], '10.9.9.9'), []],
		['at IPv6 addresses', addresses('ip6', true, ['::1/128'], 'fd00::1'), ['::1', 'fd00::1']],
	])('%s', (_, found, expected) => {
		expect(found).toEqual(expected);
	});
});

describe('service ports without local endpoints', () => {
	it('are counted by policy and family', () => {
		const counter = newNoLocalCounter();
		counter.set('ip', 'shop/web', { internal: 'drop', external: 'drop' });
		counter.set('ip', 'shop/cart', { internal: 'local', external: 'drop' });
		counter.set('ip6', 'shop/web', { internal: 'refuse', external: null });
		expect([counter.counts('ip'), counter.counts('ip6')]).toEqual([
			{ internal: 1, external: 2 },
			{ internal: 0, external: 0 },
		]);
		counter.set('ip', 'shop/web', null);
		counter.set('ip', 'shop/cart', { internal: 'local', external: 'local' });
		expect(counter.counts('ip')).toEqual({ internal: 0, external: 0 });
	});
});
