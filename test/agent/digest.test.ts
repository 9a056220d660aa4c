import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/agent/digest.ts';
import { servicePortName } from '../../src/model/cluster-state.ts';
import type { TableProgram } from '../../src/model/program.ts';
import { arbitraryCluster, arbitraryService, nodes } from '../support/arbitrary-cluster.ts';
import { programs } from '../support/programs.ts';

const content = ({ frame, ports }: TableProgram) => ({
	frame,
	ports: new Map(ports.map((port) => [servicePortName(port.owner), port])),
});
const digests = (objects: readonly Record<string, unknown>[]) =>
	programs(objects).map((program) => digestOf(content(program)));

describe('the digest of a table', () => {
	it('is the same for the same programs, compiled anew and in any order', () => {
		fc.assert(
			fc.property(arbitraryCluster, (cluster) => {
				const [all, reversed] = [cluster.flat(), cluster.flat().toReversed()];
				expect(digests(all)).toEqual(digests(reversed));
			}),
			{ numRuns: 50 },
		);
	});

	it('is another when a program, the frame or a single rule is another', () => {
		fc.assert(
			fc.property(arbitraryCluster, arbitraryService(9), (cluster, more) => {
				const [before, after] = [programs(cluster.flat()), programs([...cluster, more].flat())];
				for (const [index, program] of before.entries()) {
					const other = after[index] ?? program;
					const isSame = JSON.stringify(text(program)) === JSON.stringify(text(other));
					expect(digestOf(content(program)) === digestOf(content(other))).toBe(isSame);
				}
			}),
			{ numRuns: 50 },
		);
		const [first] = programs(nodes());
		if (first === undefined) throw new Error('there is a family');
		const frame = { ...first.frame, comment: 'another' };
		expect(digestOf(content({ ...first, frame }))).not.toBe(digestOf(content(first)));
	});
});

/** A program as something that can be compared. */
function text({ frame, ports }: TableProgram) {
	return [frame, ports.map((port) => [port, [...port.setElements], [...port.mapElements]])];
}
