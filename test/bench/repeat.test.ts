import { expect, it } from 'vitest';
import { interleavedUpTo } from '../../bench/measure/repeat.ts';

it('measures contestants in turn, and each as often as it says', async () => {
	const order: string[] = [];
	const contestant = (name: string, rounds: number) => ({
		name,
		rounds,
		measure: async () => {
			order.push(name);
			return { seconds: order.length, megabytes: 1 };
		},
	});
	const measured = await interleavedUpTo([contestant('a', 3), contestant('b', 1)], () => {});
	expect(order).toEqual(['a', 'b', 'a', 'a']);
	expect(measured.map(({ name, seconds }) => [name, seconds.median])).toEqual([
		['a', 3],
		['b', 2],
	]);
});
