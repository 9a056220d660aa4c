import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clusterIp, nodeCount, podIp } from '../../bench/state/address-plan.ts';
import { clusterJson, plainShape, type StateShape } from '../../bench/state/state.ts';
import { intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';

const SMALL: StateShape = plainShape(40, 5);

function read(shape: StateShape) {
	return intake([{ file: 'made-up.json', index: 0, value: JSON.parse(clusterJson(shape)) }], NEWEST_BEHAVIOUR);
}

function digest(shape: StateShape): string {
	return createHash('sha256').update(clusterJson(shape)).digest('hex');
}

describe('a made-up cluster', () => {
	it('has the same bytes for the same seed, on any machine', () => {
		expect(clusterJson(SMALL)).toBe(clusterJson({ ...SMALL }));
		expect(digest(SMALL)).toMatchInlineSnapshot(`"7785ea4e94ee2b3acef12e8e65094e34807d3f8bdba97d7015da828ab735abf1"`);
	});

	it('has other bytes for another seed', () => {
		expect(digest({ ...SMALL, seed: 2 })).not.toBe(digest(SMALL));
	});

	it('has as many Services and endpoints as were asked for, and nothing wrong with it', () => {
		const { state, problems } = read(SMALL);
		expect(problems).toEqual([]);
		expect(state.services).toHaveLength(40);
		expect(state.services.map((service) => service.ports[0]?.endpoints.ip.length)).toEqual(Array(40).fill(5));
	});

	it('gives no address twice, at the sizes of the benchmark', () => {
		const numbers = Array.from({ length: 100_000 }, (_, number) => number);
		expect(new Set(numbers.map(clusterIp)).size).toBe(100_000);
		const nodes = nodeCount(100_000);
		expect(new Set(numbers.map((pod) => podIp(pod % nodes, Math.floor(pod / nodes)))).size).toBe(100_000);
	});

	it('splits many endpoints into slices, as the controller does', () => {
		const { state, read: counts } = read(plainShape(2, 250));
		expect(counts.get('EndpointSlice')).toBe(6);
		expect(state.services.map((service) => service.ports[0]?.endpoints.ip.length)).toEqual([250, 250]);
	});

	it('has some of everything when mixed, and nothing wrong with it', () => {
		const { state, problems } = read({ ...SMALL, services: 200, variant: 'mixed' });
		expect(problems).toEqual([]);
		const { services } = state;
		const ports = services.flatMap((service) => service.ports);
		expect(ports.some((port) => port.nodePort !== null)).toBe(true);
		expect(ports.some((port) => port.addresses.ip?.loadBalancerIps.length === 1)).toBe(true);
		expect(services.some((service) => service.affinitySeconds !== null)).toBe(true);
		expect(services.some((service) => service.internalTrafficPolicy === 'Local')).toBe(true);
		expect(services.some((service) => service.externalTrafficPolicy === 'Local')).toBe(true);
		expect(services.some((service) => service.ports.length === 2)).toBe(true);
		expect(ports.some((port) => port.endpoints.ip.every((endpoint) => !endpoint.ready))).toBe(true);
		expect(services.length).toBeLessThan(200);
	});

	it('prefers the zones of clients when it is told to, and nothing is wrong with it', () => {
		const { state, problems } = read({ ...SMALL, variant: 'zones' });
		expect(problems).toEqual([]);
		expect(state.services.map((service) => service.trafficDistribution)).toEqual(Array(40).fill('PreferSameZone'));
		const endpoints = state.services.flatMap((service) => service.ports.flatMap((port) => port.endpoints.ip));
		expect(endpoints.every(({ zone, zoneHints }) => zone !== null && zoneHints.includes(zone))).toBe(true);
	});

	it('has every Service, node and endpoint in both families when it is dual-stack, and nothing wrong with it', () => {
		const { state, problems } = read({ ...SMALL, variant: 'dual-stack' });
		expect(problems).toEqual([]);
		const ports = state.services.flatMap((service) => service.ports);
		expect(ports.every(({ addresses }) => addresses.ip?.clusterIp && addresses.ip6?.clusterIp)).toBe(true);
		expect(ports.map(({ endpoints }) => endpoints.ip6.length)).toEqual(Array(40).fill(5));
		expect(state.nodes.every(({ addresses }) => addresses.ip6.length === 1)).toBe(true);
	});

	it('has as many nodes as its pods need', () => {
		expect(read({ ...SMALL, podsPerNode: 10 }).state.nodes).toHaveLength(20);
	});
});
