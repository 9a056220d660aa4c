import { describe, expect, it } from 'vitest';
import { goTime } from '../../src/health/answer.ts';
import { healthzAnswer, isNodeEligible, livezAnswer, newProxyHealth } from '../../src/health/proxy-health.ts';

// The texts were recorded from kube-proxy's own handlers (1.37, `pkg/proxy/healthcheck`), with a clock that stands still.

const NODE = { metadata: { name: 'n1' }, spec: {} };
const DOOMED = { ...NODE, spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] } };

function started() {
	const time = { ms: Date.UTC(2026, 2, 4, 5, 6, 7, 80) };
	const health = newProxyHealth({ now: () => time.ms - 5, date: () => time.ms }, 60_000);
	const step = (ms: number) => {
		time.ms += ms;
	};
	const asked = (node: unknown = NODE) => {
		const [healthz, livez] = [healthzAnswer(health.health(), node), livezAnswer(health.health())];
		return [`${healthz.status} ${healthz.body}`, `${livez.status} ${livez.body}`];
	};
	return { health, step, asked };
}

describe('the health of the proxy', () => {
	it('is good before anything has begun', () => {
		const { health, step, asked } = started();
		const body = '"lastUpdated":"2026-03-04T05:06:07.08Z","currentTime":"2026-03-04T05:06:07.08Z"';
		expect(asked()).toEqual([`200 {${body},"nodeEligible":true,"healthy":true}`, `200 {${body},"healthy":true}`]);
		health.queued('ip');
		step(61_000);
		const later = body.replaceAll('05:06:07.08', '05:07:08.08');
		expect(asked()).toEqual([`200 {${later},"nodeEligible":true,"healthy":true}`, `200 {${later},"healthy":true}`]);
	});

	it('says the same as kube-proxy, byte for byte, from the start to an update that is late', () => {
		const { health, step, asked } = started();
		step(61_000);
		health.updated('ip6');
		health.updated('ip');
		step(1_000);
		expect(asked()).toEqual([
			'200 {"lastUpdated":"2026-03-04T05:07:09.08Z","currentTime":"2026-03-04T05:07:09.08Z","nodeEligible":true,"healthy":true,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true}}}',
			'200 {"lastUpdated":"2026-03-04T05:07:09.08Z","currentTime":"2026-03-04T05:07:09.08Z","healthy":true,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true}}}',
		]);
		health.queued('ip6');
		step(59_999);
		health.queued('ip6');
		expect(asked()[1]).toBe(
			'200 {"lastUpdated":"2026-03-04T05:08:09.079Z","currentTime":"2026-03-04T05:08:09.079Z","healthy":true,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true}}}',
		);
		step(1);
		expect(asked()).toEqual([
			'503 {"lastUpdated":"2026-03-04T05:07:08.08Z","currentTime":"2026-03-04T05:08:09.08Z","nodeEligible":true,"healthy":false,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":false}}}',
			'503 {"lastUpdated":"2026-03-04T05:07:08.08Z","currentTime":"2026-03-04T05:08:09.08Z","healthy":false,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":false}}}',
		]);
		health.updated('ip6');
		const doomed =
			'503 {"lastUpdated":"2026-03-04T05:08:09.08Z","currentTime":"2026-03-04T05:08:09.08Z","nodeEligible":false,"healthy":true,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:08:09.08Z","healthy":true}}}';
		for (const node of [null, DOOMED]) expect(asked(node)[0]).toBe(doomed);
		expect(asked(DOOMED)[1]).toBe(
			'200 {"lastUpdated":"2026-03-04T05:08:09.08Z","currentTime":"2026-03-04T05:08:09.08Z","healthy":true,"status":{"IPv4":{"lastUpdated":"2026-03-04T05:07:08.08Z","healthy":true},"IPv6":{"lastUpdated":"2026-03-04T05:08:09.08Z","healthy":true}}}',
		);
	});

	it('has kube-proxy’s headers', () => {
		const { health } = started();
		expect(livezAnswer(health.health()).headers).toEqual({
			'Content-Type': 'application/json',
			'X-Content-Type-Options': 'nosniff',
		});
	});

	it('counts what waits on a clock that does not go back', () => {
		const time = { now: 0, date: 1e12 };
		const health = newProxyHealth({ now: () => time.now, date: () => time.date }, 60_000);
		health.updated('ip');
		health.queued('ip');
		time.date -= 1e9;
		time.now += 59_999;
		expect(health.health().healthy).toBe(true);
		time.now += 1;
		expect(health.health().healthy).toBe(false);
	});
});

describe('a node', () => {
	it.each([
		['is eligible as it is', NODE, true],
		['is not while it is unknown', undefined, false],
		['is not while it is being deleted', { metadata: { deletionTimestamp: '2026-03-04T05:06:07Z' } }, false],
		['is not when the autoscaler is about to delete it', DOOMED, false],
		['is whatever other taints say', { spec: { taints: [{ key: 'node.kubernetes.io/unreachable' }, null] } }, true],
	])('%s', (_, node, eligible) => {
		expect(isNodeEligible(node)).toBe(eligible);
	});
});

describe('a moment', () => {
	it.each([
		[0, '1970-01-01T00:00:00Z'],
		[10_000, '1970-01-01T00:00:10Z'],
		[100, '1970-01-01T00:00:00.1Z'],
		[10, '1970-01-01T00:00:00.01Z'],
		[1, '1970-01-01T00:00:00.001Z'],
	])('%d ms is spelled as Go does', (ms, text) => {
		expect(goTime(ms)).toBe(text);
	});
});
