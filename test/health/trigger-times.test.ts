import { describe, expect, it } from 'vitest';
import { newTriggerTimes, triggerTime } from '../../src/health/trigger-times.ts';

const START = Date.UTC(2026, 0, 1);

function slice(time: number | string | null, addressType = 'IPv4') {
	const text = typeof time === 'number' ? new Date(time).toISOString() : time;
	const annotations = text === null ? {} : { 'endpoints.kubernetes.io/last-change-trigger-time': text };
	return { metadata: { annotations }, addressType };
}

function tracker() {
	const clock = { date: START };
	const times = newTriggerTimes(() => clock.date);
	const put = (key: string, object: unknown) => times.onEvent({ type: 'put', key, object });
	const sync = (date: number) => {
		times.begin();
		clock.date = date;
		return { ip: times.finish('ip'), ip6: times.finish('ip6') };
	};
	return { times, put, sync, clock };
}

describe('the duration of network programming', () => {
	it('is from the time a slice says to the end of the synchronisation', () => {
		const { put, sync } = tracker();
		put('shop/a', slice(START + 1_000));
		put('shop/b', slice(START + 1_500, 'IPv6'));
		put('shop/c', slice(null));
		put('shop/d', slice(START + 1_000, 'FQDN'));
		expect(sync(START + 2_000)).toEqual({ ip: [1], ip6: [0.5] });
		expect(sync(START + 3_000)).toEqual({ ip: [], ip6: [] });
	});

	it('counts every change of a slice, and none twice', () => {
		const { put, sync, times } = tracker();
		put('shop/a', slice(START + 1_000));
		put('shop/a', slice(START + 1_000));
		put('shop/a', slice(START + 1_500));
		times.onEvent({ type: 'replace', objects: new Map([['shop/a', slice(START + 1_500)]]) });
		expect(sync(START + 2_000).ip).toEqual([1, 0.5]);
		put('shop/a', slice(START + 1_500));
		expect(sync(START + 9_000).ip).toEqual([]);
	});

	it('leaves out what began before the start', () => {
		const { put, sync } = tracker();
		put('shop/a', slice(START));
		put('shop/b', slice(START - 1));
		expect(sync(START + 2_000).ip).toEqual([]);
	});

	it('leaves out what was deleted', () => {
		const { put, sync, times } = tracker();
		put('shop/a', slice(START + 1));
		put('shop/b', slice(START + 1));
		put('shop/c', slice(START + 1));
		times.onEvent({ type: 'delete', key: 'shop/a' });
		times.onEvent({ type: 'replace', objects: new Map([['shop/c', slice(START + 1)]]) });
		expect(sync(START + 1_001).ip).toEqual([1]);
	});

	it('leaves what comes while one synchronises to the next', () => {
		const { put, times, clock } = tracker();
		put('shop/a', slice(START + 1_000));
		times.begin();
		put('shop/b', slice(START + 2_000));
		clock.date = START + 3_000;
		expect(times.finish('ip')).toEqual([2]);
		times.begin();
		clock.date = START + 4_000;
		expect(times.finish('ip')).toEqual([2]);
	});

	it('goes on through a synchronisation that failed', () => {
		const { put, sync, times } = tracker();
		put('shop/a', slice(START + 1_000));
		times.begin();
		expect(sync(START + 61_000).ip).toEqual([60]);
	});

	it('is never less than nothing, though clocks differ', () => {
		const { put, sync } = tracker();
		put('shop/a', slice(START + 5_000));
		expect(sync(START + 2_000).ip).toEqual([0]);
	});
});

describe('the annotation', () => {
	it.each([
		['2026-01-01T00:00:00Z', START],
		['2026-01-01T00:00:00.123456789Z', START + 123],
		['2026-01-01T02:00:00.5+02:00', START + 500],
		['2026-01-01', null],
		['yesterday', null],
		['', null],
	])('%s', (text, time) => {
		expect(triggerTime(slice(text))).toBe(time);
	});

	it('may be no text', () => {
		expect(triggerTime({ metadata: { annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': 7 } } })).toBe(
			null,
		);
		expect(triggerTime(null)).toBe(null);
	});
});
