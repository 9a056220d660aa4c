import { expect, it } from 'vitest';
import { nearest } from '../../src/model/nearest.ts';

it('names the most similar first, three at the most, ties bytewise', () => {
	expect(nearest('wroker-1', ['worker-2', 'master-1', 'worker-1', 'db'])).toEqual(['worker-1', 'worker-2', 'master-1']);
	expect(nearest('x', ['b', 'a'])).toEqual(['a', 'b']);
	expect(nearest('x', [])).toEqual([]);
});
