import { describe, expect, it } from 'vitest';
import { representatives } from '../../src/check/representatives.ts';
import { readCluster } from '../../src/pipeline.ts';
import { checked, toldOf } from '../support/checked.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

const OBJECTS = [
	node(1, 'a'),
	node(2, 'a'),
	node(3, 'b'),
	service('web', ['10.96.0.10']),
	slice('web', [endpoint({ address: '10.244.2.5', node: 'n2' })]),
];

describe("the kernel's word on rules", () => {
	it('is told node by node', () => {
		const report = checked(OBJECTS, {
			kernel: {
				kind: 'run',
				results: [
					{ node: 'n1', problems: [] },
					{ node: 'n2', problems: ['table ip nft-gen: chain refuse is missing in the kernel'] },
				],
			},
		});
		expect(toldOf(report, 'kernel')).toEqual([
			'failed Node n2: table ip nft-gen: chain refuse is missing in the kernel',
			'ok Node n1: the kernel holds its rules as they are rendered',
		]);
		expect(report.levels.at(-1)).toEqual({ level: 'kernel', state: 'run', reason: null });
	});

	it('is said to be missing where it could not be asked, or was not', () => {
		const why = 'user namespaces are not allowed here';
		expect(checked(OBJECTS, { kernel: { kind: 'skipped', why } }).levels.at(-1)).toEqual({
			level: 'kernel',
			state: 'skipped',
			reason: why,
		});
		expect(checked(OBJECTS).levels.at(-1)).toEqual({ level: 'kernel', state: 'not-asked', reason: 'no --kernel' });
	});

	it('is asked of one node of each kind, the one with the most endpoints', () => {
		const network = settings();
		const rulesets = representatives(readCluster(documents(...OBJECTS), network).state, network);
		expect(rulesets.map((ruleset) => [ruleset.node, ruleset.tables.length])).toEqual([
			['n2', 2],
			['n3', 2],
		]);
	});

	it('is asked of an imaginary node where there is none', () => {
		const network = settings();
		const { state } = readCluster(documents(service('web', ['10.96.0.10'])), network);
		expect(representatives(state, network).map((ruleset) => ruleset.node)).toEqual(['‹any node›']);
	});
});
