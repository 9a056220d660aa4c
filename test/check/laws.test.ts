import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkJsonReport } from '../../src/report/check-json.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { checked } from '../support/checked.ts';
import { hostileCluster } from '../support/hostile.ts';

const ASSERTIONS = ['delivered', 'unreachable', '{ source: preserved }']
	.flatMap((expected) =>
		['pod:any', 'node', 'external'].map(
			(from) => `- { name: it, from: "${from}", to: svc:shop/service-1, expect: ${expected} }`,
		),
	)
	.join('\n');

describe('a check', () => {
	it('ends with a result for everything, whatever the input', () => {
		fc.assert(
			fc.property(hostileCluster, (objects) => {
				const { results, levels } = checked(objects, { assertions: ASSERTIONS });
				const run = levels.filter(({ state }) => state === 'run').map(({ level }) => level);
				expect(new Set(results.map(({ level }) => level))).toEqual(new Set(run));
			}),
			{ numRuns: 20 },
		);
	});

	it('says the same whatever the order of the objects', () => {
		const cluster = arbitraryCluster.chain((objects) => {
			const flat = objects.flat();
			return fc.tuple(fc.constant(flat), fc.shuffledSubarray(flat, { minLength: flat.length }));
		});
		const told = (objects: readonly unknown[]) => {
			const report = checked(objects, { assertions: ASSERTIONS });
			return checkJsonReport(report, new Map(), [], '0.1.0');
		};
		fc.assert(
			fc.property(cluster, ([objects, shuffled]) => {
				expect(told(shuffled)).toBe(told(objects));
			}),
			{ numRuns: 20 },
		);
	});
});
