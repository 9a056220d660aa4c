import { expect, it } from 'vitest';
import { podAddresses, serviceAddresses } from '../../bench/datapath/addresses.ts';
import { clusterList, plainShape } from '../../bench/state/state.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';

/** ClusterIPs in the order in which rules are written. */
function listed(services: number): readonly string[] {
	const list = clusterList(plainShape(services, 1));
	const { state } = intake([{ file: 'made-up', index: 0, value: list }], NEWEST_BEHAVIOUR);
	return state.services.flatMap((service) => service.ports.flatMap((port) => port.addresses.ip?.clusterIp ?? []));
}

it('takes Services from all over the list of rules, which is by name, not from its head', () => {
	const all = listed(2_000);
	const places = serviceAddresses(2_000, 100).map((address) => all.indexOf(address) / all.length);
	const tenths = new Set(places.map((place) => Math.floor(place * 10)));
	expect([...tenths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
	const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
	expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});

it('takes each Service once when all are wanted', () => {
	expect([...serviceAddresses(300, 300)].sort()).toEqual([...listed(300)].sort());
	expect(new Set(podAddresses(300, 300)).size).toBe(300);
});
