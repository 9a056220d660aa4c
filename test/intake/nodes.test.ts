import { describe, expect, it } from 'vitest';
import { read } from '../support/intake.ts';
import { node } from '../support/objects.ts';

describe('Nodes', () => {
	it('fault 26: an empty zone is no zone', () => {
		expect(read(node(1, '')).state.nodes[0]?.zone).toBeNull();
	});

	it.each([
		['a b', 'its zone "a b"'],
		[7, 'its zone 7'],
		['"; flush ruleset', 'its zone "\\"; flush ruleset"'],
	])('a zone %j is reported', (zone, what) => {
		const found = read({ ...node(1), metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': zone } } });
		expect(found.state.nodes[0]?.zone).toBeNull();
		expect(found.problems[0]).toMatchObject({ code: 'bad-zone', severity: 'error' });
		expect(found.problems[0]?.sentence).toContain(what);
	});

	it('takes internal addresses before external ones, of either family', () => {
		const addresses = [
			{ type: 'Hostname', address: 'not an address' },
			{ type: 'ExternalIP', address: '198.51.100.1' },
			{ type: 'InternalIP', address: '192.168.10.1' },
		];
		expect(read({ ...node(1), status: { addresses } }).state.nodes[0]?.addresses.ip).toEqual([
			'192.168.10.1',
			'198.51.100.1',
		]);
	});

	it('reads podCIDR where there are no podCIDRs', () => {
		const found = read({ ...node(1), spec: { podCIDR: '10.244.9.0/24' } });
		expect(found.state.nodes[0]?.podCidrs.ip).toEqual([{ family: 'ip', address: '10.244.9.0', prefix: 24 }]);
	});
});
