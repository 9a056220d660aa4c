import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeRanges } from '../../src/diff/node-ranges.ts';
import { expandedRanges } from '../support/expanded-ranges.ts';

const sorted = (names: readonly string[]) => [...names].sort();

/** Few letters and digits, so that names meet. */
const crowded = fc.stringMatching(/^[ab]{0,2}-?[01289]{0,4}[ab]?(?:\.[ab][019]{0,2})?$/).filter((name) => name !== '');
const counted = fc
	.tuple(
		fc.constantFrom('n', 'node-', 'a1-'),
		fc.nat(130),
		fc.integer({ min: 1, max: 3 }),
		fc.constantFrom('', '.x', '-b'),
	)
	.map(([prefix, number, width, suffix]) => `${prefix}${String(number).padStart(width, '0')}${suffix}`);

describe('node ranges', () => {
	it.each([
		['no node', [], ''],
		['one node', ['n21'], 'n21'],
		['nodes without numbers', ['edge', 'gateway'], 'edge, gateway'],
		['neighbours', ['n1', 'n2', 'n3', 'n5', 'n7', 'n8'], 'n[1-3,5,7-8]'],
		['numbers that grow longer', ['n10', 'n11', 'n8', 'n9'], 'n[8-11]'],
		['zeros in front', ['node-008.example', 'node-009.example', 'node-010.example'], 'node-[008-010].example'],
		['a number that could follow two', ['n099', 'n100', 'n98', 'n99'], 'n[98-100,099]'],
		['one number with and without zeros', ['n01', 'n1', 'n2'], 'n[1-2,01]'],
		[
			'numbers of several places: the last before the first dot',
			['a1-b1.r7', 'a1-b2.r7', 'a2-b1.r7'],
			'a1-b[1-2].r7, a2-b1.r7',
		],
		['addresses', ['ip-10-0-3-17.ec2.internal', 'ip-10-0-3-18.ec2.internal'], 'ip-10-0-3-[17-18].ec2.internal'],
		['a number after the first dot', ['master.rack1', 'master.rack2'], 'master.rack1, master.rack2'],
		['several series, in the order of their first nodes', ['a2', 'b1', 'a3'], 'a[2-3], b1'],
		['an imaginary node', ['‹any node›'], '‹any node›'],
	])('say %s', (_what, names, ranges) => {
		expect(nodeRanges(names)).toBe(ranges);
	});

	it('keep a name that no node can have from looking like a range', () => {
		expect(nodeRanges(['n[1-3]', 'n4, n5', 'a\nb'])).toBe('"n[1-3]", "n4, n5", "a\\nb"');
	});

	it('stay exact with numbers too long to count with', () => {
		const names = ['n9007199254740992', 'n9007199254740993'];
		expect(sorted(expandedRanges(nodeRanges(names)))).toEqual(names);
	});

	it('expand to the same nodes, whatever these are called', () => {
		const names = fc.uniqueArray(fc.oneof(crowded, counted), { maxLength: 60 }).map(sorted);
		fc.assert(
			fc.property(names, (each) => {
				expect(sorted(expandedRanges(nodeRanges(each)))).toEqual(each);
			}),
			{ numRuns: 2000 },
		);
	});

	it('are one range for a thousand nodes in a row', () => {
		const names = sorted(Array.from({ length: 1000 }, (_, index) => `n${index + 1}`));
		expect(nodeRanges(names)).toBe('n[1-1000]');
	});
});
