import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newFollower } from '../../src/incremental/follower.ts';
import { joined } from '../../src/incremental/joined.ts';
import { arbitraryCluster, nodes } from '../support/arbitrary-cluster.ts';
import { come } from '../support/changes.ts';
import { settings } from '../support/objects.ts';

it('updates by parts of a cluster, in any order, are joined to the update by the whole', () => {
	const shuffled = arbitraryCluster.chain((cluster) =>
		fc.shuffledSubarray(cluster.flat(), { minLength: cluster.flat().length }),
	);
	fc.assert(
		fc.property(shuffled, fc.integer({ min: 1, max: 5 }), (objects, size) => {
			const [surroundings, others] = [nodes().map(come), objects.map(come)];
			const whole = newFollower(settings({ hints: 'as-is' })).update([...surroundings, ...others]);
			const follower = newFollower(settings({ hints: 'as-is' }));
			const updates = [follower.update(surroundings)];
			for (let start = 0; start < others.length; start += size) {
				updates.push(follower.update(others.slice(start, start + size)));
			}
			const found = joined(updates);
			expect(found.services).toEqual(whole.services);
			expect(found.tables).toEqual(whole.tables);
		}),
		{ numRuns: 50 },
	);
});
