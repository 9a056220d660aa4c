import fc from 'fast-check';
import { arbitraryService, nodes } from './arbitrary-cluster.ts';
import { node } from './objects.ts';

type Objects = readonly Record<string, unknown>[];

/** Two states of one cluster, as Kubernetes objects. */
export interface TwoStates {
	readonly before: Objects;
	readonly after: Objects;
}

/** Some Services differ, one may be gone or new, and a node without endpoints may join. */
export const twoStates: fc.Arbitrary<TwoStates> = fc
	.record({
		services: fc.tuple(...[1, 2, 3].map((number) => arbitraryService(number))),
		later: fc.tuple(...[1, 2, 3].map((number) => arbitraryService(number))),
		changed: fc.subarray([0, 1, 2]),
		gone: fc.subarray([0, 1, 2], { maxLength: 1 }),
		come: fc.subarray([0, 1, 2], { maxLength: 1 }),
		grown: fc.boolean(),
	})
	.map(({ services, later, changed, gone, come, grown }) => {
		const after = services
			.map((each, index) => (changed.includes(index) ? (later[index] ?? each) : each))
			.filter((_each, index) => !gone.includes(index));
		const before = services.filter((_each, index) => !come.includes(index));
		return {
			before: [...nodes(), ...before.flat()],
			after: [...nodes(), ...(grown ? [node(4, 'b')] : []), ...after.flat()],
		};
	});
