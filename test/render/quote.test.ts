import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/render/quote.ts';

describe('quoted texts', () => {
	it.each([
		['plain text: shop/web', '"plain text: shop/web"'],
		['', '""'],
		['a"b\\c', '"abc"'],
		['a\nb\0c\u001b[31m\u2028\u202e', '"abc[31m"'],
		['$x; flush ruleset #', '"$x; flush ruleset #"'],
		['ü€😀', '"ü€😀"'],
		['\ud800x', '"x"'],
	])('fault 55: %j is %s', (text, expected) => {
		expect(quoted(text)).toBe(expected);
	});

	it('fault 58: 300 bytes of UTF-8 are cut to 128 at the most, between characters', () => {
		expect(quoted('ä'.repeat(150))).toBe(`"${'ä'.repeat(64)}"`);
		expect(quoted('€'.repeat(100))).toBe(`"${'€'.repeat(42)}"`);
		expect(quoted('😀'.repeat(75))).toBe(`"${'😀'.repeat(32)}"`);
		expect(quoted('a'.repeat(300))).toBe(`"${'a'.repeat(128)}"`);
	});

	it('of whatever text end where their quotes end', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
				const inner = quoted(text).slice(1, -1);
				expect(inner).not.toMatch(/["\\\p{C}]/u);
				expect(Buffer.byteLength(inner)).toBeLessThanOrEqual(128);
			}),
		);
	});
});
