import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { movedLines } from '../support/moved-lines.ts';
import { twoStates } from '../support/two-states.ts';

const lines = fc.array(fc.constantFrom('{', '}', 'drop', ...'abcdefgh'), { maxLength: 30 });
const distinct = fc.uniqueArray(fc.nat(500).map(String), { minLength: 2, maxLength: 40 });

/** All orders of the lines' numbers that rise, the longest one's length, by trying them all. */
function longestInOrder(before: readonly string[], after: readonly string[]): number {
	const best = after.map(() => 1);
	for (const [index, line] of after.entries()) {
		for (let other = 0; other < index; other++) {
			const earlier = before.indexOf(after[other] ?? '') < before.indexOf(line);
			if (earlier) best[index] = Math.max(best[index] ?? 1, (best[other] ?? 1) + 1);
		}
	}
	return Math.max(0, ...best);
}

describe('moved lines', () => {
	it.each([
		['nothing', 'abc', 'abc', 0],
		['two neighbours that change places', 'abcd', 'acbd', 1],
		['a line that goes to the end', 'abcd', 'bcda', 1],
		['lines in the opposite order', 'abcd', 'dcba', 3],
		['lines that come and leave', 'abcd', 'xbdy', 0],
		['a line that stands twice', 'a{b{c', '{ab{c', 0],
		['a line that moves beside one that leaves', 'abcd', 'cab', 1],
	])('are counted for %s', (_what, before, after, moved) => {
		expect(movedLines([...before], [...after])).toBe(moved);
	});

	it('are none when lines only come, or only leave', () => {
		fc.assert(
			fc.property(lines, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (all, kept) => {
				const some = all.filter((_line, index) => kept[index]);
				expect([movedLines(all, some), movedLines(some, all)]).toEqual([0, 0]);
			}),
		);
	});

	it('are some when two lines are swapped, and as many in either direction', () => {
		fc.assert(
			fc.property(distinct, fc.nat(), fc.nat(), (all, one, other) => {
				const [a, b] = [one % all.length, other % all.length];
				const swapped = all.map((line, index) => (index === a ? all[b] : index === b ? all[a] : line) ?? '');
				expect(movedLines(all, swapped) > 0).toBe(a !== b);
				expect(movedLines(swapped, all)).toBe(movedLines(all, swapped));
			}),
		);
	});

	it('are none in rules, whatever changes (G1)', () => {
		fc.assert(
			fc.property(twoStates, fc.constantFrom('n1', 'n3'), (states, name) => {
				const [before, after] = [states.before, states.after].map((objects) => compiled(objects, { node: name }).text);
				expect(movedLines(before?.split('\n') ?? [], after?.split('\n') ?? [])).toBe(0);
			}),
			{ numRuns: Number(process.env.LOCALITY_RUNS ?? 200) },
		);
	});

	it('are the fewest that have to be moved', () => {
		const shuffles = distinct.chain((all) => {
			return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
		});
		fc.assert(
			fc.property(shuffles, ([before, after]) => {
				expect(movedLines(before, after)).toBe(after.length - longestInOrder(before, after));
			}),
		);
	});
});
