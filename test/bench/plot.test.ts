import { describe, expect, it } from 'vitest';
import { type Plot, plotSvg } from '../../bench/plot/plot.ts';
import { place, scaleFor, ticks } from '../../bench/plot/scale.ts';

const PLOT: Plot = {
	title: 'Loading',
	note: 'a machine',
	x: 'Services',
	y: 'time',
	curves: [
		{
			name: 'ours',
			points: [
				{ x: 1_000, y: 0.1 },
				{ x: 10_000, y: 1 },
			],
		},
		{
			name: 'theirs',
			points: [
				{ x: 1_000, y: 0.2 },
				{ x: 10_000, y: 20 },
			],
		},
	],
};

describe('a logarithmic axis', () => {
	it('reaches from a step below all numbers to a step above them', () => {
		expect(scaleFor([1_500, 45_000], 0, 100)).toMatchObject({ from: 1_000, to: 50_000 });
		expect(scaleFor([0.07, 130], 0, 100)).toMatchObject({ from: 0.05, to: 200 });
		expect(scaleFor([10], 0, 100)).toMatchObject({ from: 10, to: 100 });
	});

	it('has the steps 1, 2 and 5 of each power of ten, written without rounding errors', () => {
		expect(ticks({ from: 0.05, to: 20, start: 0, end: 1 })).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20]);
	});

	it('gives equal ratios equal lengths', () => {
		const scale = { from: 1, to: 100, start: 0, end: 200 };
		expect([1, 10, 100].map((number) => place(scale, number))).toEqual([0, 100, 200]);
	});

	it.each([[[0, 1]], [[-1, 1]], [[]], [[Number.NaN]]])('is refused for %j, which have no logarithm', (numbers) => {
		expect(() => scaleFor(numbers, 0, 1)).toThrow(RangeError);
	});
});

describe('a plot', () => {
	it('draws what is greater higher on the paper', () => {
		const [ours = '', theirs = ''] = [...plotSvg(PLOT).matchAll(/<polyline points="([^"]*)"/g)].map(
			([, points]) => points,
		);
		expect(heights(ours)[0]).toBeGreaterThan(heights(ours)[1] ?? 0);
		expect(heights(theirs)[1]).toBeLessThan(heights(ours)[1] ?? 0);
	});

	it('has the same bytes for the same figures', () => {
		expect(plotSvg(PLOT)).toBe(plotSvg(structuredClone(PLOT)));
	});

	it('keeps text that looks like markup text', () => {
		const svg = plotSvg({ ...PLOT, note: '</text><script>&' });
		expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&amp;');
		expect(svg).not.toContain('<script>');
	});

	it('keeps the names of curves that end at one point apart', () => {
		const curves = ['a', 'b', 'c'].map((name) => ({ name, points: [{ x: 10, y: 1 }] }));
		const places = [...plotSvg({ ...PLOT, curves }).matchAll(/y="([\d.]+)" class="name"/g)].map(([, y]) => Number(y));
		const sorted = places.sort((a, b) => a - b);
		expect(sorted).toHaveLength(3);
		expect(sorted.slice(1).every((each, index) => each - (sorted[index] ?? 0) >= 14)).toBe(true);
	});
});

function heights(points: string): readonly number[] {
	return points.split(' ').map((pair) => Number(pair.split(',')[1]));
}
