import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BACKOFF, backoff } from '../../../src/host/watch/backoff.ts';
import { readEventLine } from '../../../src/host/watch/event-line.ts';
import { holding } from '../../../src/host/watch/holding.ts';
import { compareVersions, laterOf } from '../../../src/host/watch/resource-version.ts';

describe('resourceVersions', () => {
	it.each([
		['9', '10', -1],
		['18446744073709551615', '18446744073709551616', -1],
		['123', '123', 0],
		['200', '123', 1],
		['abc', '123', null],
		['', '1', null],
		['007', '8', null],
		['-1', '8', null],
	])('%s against %s', (a, b, expected) => {
		const found = compareVersions(a, b);
		expect(found === null ? null : Math.sign(found)).toBe(expected);
	});

	it('never lead back, and are trusted in order where they are no numbers', () => {
		expect(laterOf('10', '9')).toBe('10');
		expect(laterOf('10', '11')).toBe('11');
		expect(laterOf('b', 'a')).toBe('a');
		expect(laterOf('10', '')).toBe('10');
	});
});

describe('waits', () => {
	const clockAt = (now: () => number, random: number) => ({ now, after: () => () => {}, random: () => random });

	it('double up to 30 s, and are a random part of that', () => {
		let now = 0;
		const wholes = backoff(
			BACKOFF,
			clockAt(() => now, 1),
		);
		const halves = backoff(
			BACKOFF,
			clockAt(() => now, 0.5),
		);
		const waits = Array.from({ length: 8 }, () => {
			const [whole, half] = [wholes(), halves()];
			expect(half).toBe(whole / 2);
			now += whole;
			return whole;
		});
		expect(waits).toEqual([800, 1600, 3200, 6400, 12800, 25600, 30_000, 30_000]);
	});

	it('begin again after 2 healthy minutes', () => {
		let now = 0;
		const next = backoff(
			BACKOFF,
			clockAt(() => now, 1),
		);
		for (let step = 0; step < 10; step++) now += next();
		now += 119_999;
		now += next();
		now += 120_001;
		expect(next()).toBe(800);
	});
});

describe('what is held', () => {
	it('fault 17: takes no older version, not even of what is deleted', () => {
		const held = holding();
		held.replace(new Map([['a', '10']]));
		expect(held.put('a', '9', '20')).toBe(false);
		expect(held.put('a', '11', '20')).toBe(true);
		expect(held.remove('a')).toBe(true);
		expect(held.remove('a')).toBe(false);
		expect(held.put('a', '19', '20')).toBe(false);
		expect(held.size()).toBe(0);
		expect(held.put('a', '21', '20')).toBe(true);
		expect(held.size()).toBe(1);
	});

	it('takes what comes where versions are no numbers', () => {
		const held = holding();
		expect(held.put('a', 'x', 'z')).toBe(true);
		expect(held.put('a', 'w', 'z')).toBe(true);
	});
});

describe('a line of a watch', () => {
	it('names an object with or without a namespace', () => {
		const line = (metadata: object) => readEventLine(JSON.stringify({ type: 'ADDED', object: { metadata } }));
		expect(line({ namespace: 'shop', name: 'web', resourceVersion: '7' })).toMatchObject({
			type: 'put',
			key: 'shop/web',
			version: '7',
		});
		expect(line({ name: 'n1' })).toMatchObject({ key: 'n1', version: '' });
	});

	it('may be an error, which may say when to come back', () => {
		const error = (object: object) => readEventLine(JSON.stringify({ type: 'ERROR', object }));
		expect(error({ code: 429, message: 'slow', details: { retryAfterSeconds: 3 } })).toEqual({
			type: 'error',
			status: 429,
			message: 'slow',
			retryAfterMs: 3000,
		});
		expect(error({ reason: 'Expired' })).toMatchObject({ status: 410 });
		expect(error({})).toMatchObject({ status: 0 });
	});

	it.each([
		['', 'null', '[]', '{}', '{"type":"ADDED"}', '{"type":"ADDED","object":{"metadata":{"name":7}}}'],
		['{"type":"SPLIT","object":{"metadata":{"name":"a"}}}', '{"type":"BOOKMARK","object":{"metadata":{}}}', '{"type'],
	])('is refused when it is no event', (...lines) => {
		for (const line of lines) expect(() => readEventLine(line)).toThrow('a line that is no event');
	});
});

describe('time', () => {
	it('fault 29: is never that of day, which may jump', () => {
		const files = readdirSync('src/host/watch').map((file) => readFileSync(`src/host/watch/${file}`, 'utf8'));
		expect(files.filter((text) => /\bDate\b/.test(text))).toEqual([]);
	});
});
