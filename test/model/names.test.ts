import { describe, expect, it } from 'vitest';
import { isDnsLabel, isDnsSubdomain, isLabelValue, shown } from '../../src/model/names.ts';

describe('names', () => {
	it.each(['a', '1', 'a-b', 'a'.repeat(63)])('%s is a DNS label', (text) => {
		expect(isDnsLabel(text)).toBe(true);
		expect(isDnsSubdomain(text)).toBe(true);
	});

	it.each(['', '-a', 'a-', 'A', 'a.b', 'a b', 'a\n', 'a'.repeat(64), 'a;b', 'ä'])('%j is none', (text) => {
		expect(isDnsLabel(text)).toBe(false);
	});

	it.each(['', '.a', 'a.', 'a..b', 'a\n', 'a/b', `${'a.'.repeat(126)}aa`])('%j is no DNS subdomain', (text) => {
		expect(isDnsSubdomain(text)).toBe(false);
	});

	it('a DNS subdomain has 253 characters at the most, and finding out takes no time', () => {
		expect(isDnsSubdomain('a'.repeat(253))).toBe(true);
		expect(isDnsSubdomain(`${'a-'.repeat(500_000)}!`)).toBe(false);
		expect(isDnsSubdomain(`${'a'.repeat(252)}-`)).toBe(false);
	});

	it.each(['', 'a', 'A_b.c-9', 'a'.repeat(63)])('%j is a label value', (text) => {
		expect(isLabelValue(text)).toBe(true);
	});

	it.each(['_a', 'a-', 'a b', 'a\n', 'a"', 'a'.repeat(64)])('%j is no label value', (text) => {
		expect(isLabelValue(text)).toBe(false);
	});
});

describe('values in messages', () => {
	it.each([
		['10.0.0.1', '10.0.0.1'],
		['fe80::1%eth0', 'fe80::1%eth0'],
		['', '""'],
		['a b', '"a b"'],
		['a"\n', '"a\\"\\n"'],
		['\u001b[31m', '"\\u001b[31m"'],
		[80.5, '80.5'],
		[Number.POSITIVE_INFINITY, 'Infinity'],
		[null, 'null'],
		[undefined, 'undefined'],
		[true, 'true'],
		[[], 'a list'],
		[{}, 'an object'],
	])('%j is shown as %s', (value, text) => {
		expect(shown(value)).toBe(text);
	});

	it('long texts are cut', () => {
		expect(shown('x'.repeat(1_000_000))).toHaveLength(100);
		expect(shown('\n'.repeat(1000)).length).toBeLessThanOrEqual(100);
	});
});
