import { describe, expect, it } from 'vitest';
import { type Picture, pictureAge, readyzAnswer } from '../../src/health/readiness.ts';
import type { IpFamily } from '../../src/model/ip.ts';

const LIVE: Picture = { from: 'api-server', ageSeconds: 12 };

function asked(synced: readonly IpFamily[], picture: Picture | null) {
	const { status, body } = readyzAnswer({ families: ['ip', 'ip6'], synced: new Set(synced), picture });
	return [status, JSON.parse(body).reason];
}

describe('readiness', () => {
	it('needs every table programmed, from a picture that is not stale', () => {
		expect(asked(['ip', 'ip6'], LIVE)).toEqual([200, undefined]);
		expect(asked(['ip'], LIVE)).toEqual([503, 'not yet programmed: IPv6']);
		expect(asked([], null)).toEqual([503, 'nothing is known of the cluster yet']);
		expect(asked(['ip', 'ip6'], { ...LIVE, ageSeconds: 301 })).toEqual([
			503,
			'the API server was last heard 301 s ago',
		]);
	});

	it('is given by a saved state for a while', () => {
		expect(asked(['ip', 'ip6'], { from: 'saved-state', ageSeconds: 60 })).toEqual([200, undefined]);
		expect(asked(['ip', 'ip6'], { from: 'saved-state', ageSeconds: 3600 })).toEqual([
			503,
			'rules are made of a state saved 3600 s ago; the API server has not answered since the start',
		]);
	});

	it('is asked as JSON', () => {
		const { body } = readyzAnswer({ families: ['ip'], synced: new Set(), picture: LIVE });
		expect(body).toBe(
			'{"ready":false,"reason":"not yet programmed: IPv4","programmed":{"IPv4":false},"picture":{"from":"api-server","ageSeconds":12}}',
		);
	});
});

describe('the age of the picture', () => {
	const stats = (services: number | null) =>
		new Map([
			['services', { lastContact: services }],
			['endpointslices', { lastContact: 9_000 }],
			['nodes', { lastContact: 8_000 }],
			['servicecidrs', { lastContact: null }],
		]);

	it('is that of the resource heard least recently, of those that every cluster has', () => {
		expect(pictureAge(stats(5_000), 10_000)).toBe(5);
		expect(pictureAge(stats(9_500), 10_000)).toBe(2);
		expect(pictureAge(stats(null), 10_000)).toBe(null);
		expect(pictureAge(new Map(), 10_000)).toBe(null);
	});
});
