import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/model/cluster-state.ts';
import type { HintRules } from '../../src/view/hint-rules.ts';
import { type TopologyMode, topologyOf } from '../../src/view/topology.ts';

/** `a+b@n1`: hinted for zones a and b and for node n1; a leading `!` makes it not ready. */
function hinted(...specs: readonly string[]): readonly Endpoint[] {
	return specs.map((spec) => {
		const [zones = '', nodes = ''] = spec.replace('!', '').split('@');
		const ready = !spec.startsWith('!');
		const list = (names: string) => (names === '' ? [] : names.split('+'));
		return {
			target: spec,
			address: spec,
			port: 80,
			node: null,
			pod: null,
			zone: null,
			ready,
			serving: ready,
			terminating: false,
			zoneHints: list(zones),
			nodeHints: list(nodes),
		};
	});
}

const NEWEST: HintRules = { withoutNodeHints: null, withoutZoneHints: null, readyOnly: true, unnamedZone: true };

const ROWS: readonly (readonly [string, readonly string[], string | null, TopologyMode])[] = [
	['none ready: no mode', ['!a@n1'], 'a', 'none'],
	['EC-45: all hinted, own zone among them', ['a', 'b'], 'a', 'same-zone'],
	['EC-46: one ready endpoint without hints turns topology off', ['a', ''], 'a', 'none'],
	['EC-47: an unhinted endpoint that is not ready does not matter', ['a', 'b', '!'], 'a', 'same-zone'],
	['EC-48: no endpoint hinted for the own zone', ['b', 'c'], 'a', 'none'],
	['EC-49: a node without a zone ignores zone hints', ['a', 'b'], null, 'none'],
	['EC-49: a node without a zone still uses node hints', ['a@n1', 'b@n2'], null, 'same-node'],
	['EC-50: all have node hints, one for this node', ['a@n1', 'a@n2'], 'a', 'same-node'],
	['EC-51: node hints for other nodes only, zone hints fit', ['a@n2', 'b@n3'], 'a', 'same-zone'],
	['EC-52: one endpoint lacks node hints: the zone step', ['a@n1', 'a'], 'a', 'same-zone'],
	['EC-53: a hint for several zones matches each', ['b+a', 'b'], 'a', 'same-zone'],
	['node hints without zone hints, none for this node', ['@n2'], 'a', 'none'],
];

describe('which hints are used', () => {
	it.each(ROWS)('%s', (_name, specs, zone, mode) => {
		expect(topologyOf(hinted(...specs), { node: 'n1', zone }, NEWEST).mode).toBe(mode);
	});

	it.each([
		[['!a'], { why: 'none-ready' }, { why: 'none-ready' }],
		[['', ''], { why: 'none-hinted' }, { why: 'none-hinted' }],
		[['b', ''], { why: 'none-hinted' }, { why: 'unhinted', target: '' }],
		[['b@n2'], { why: 'none-hinted-here' }, { why: 'none-hinted-here' }],
	])('says why they are not used: %s', (specs, withoutNodeHints, withoutZoneHints) => {
		const found = topologyOf(hinted(...specs), { node: 'n1', zone: 'a' }, NEWEST);
		expect(found).toEqual({ mode: 'none', withoutNodeHints, withoutZoneHints });
	});

	it('says of a node without a zone that it has none', () => {
		const found = topologyOf(hinted('a'), { node: 'n1', zone: null }, NEWEST);
		expect(found.withoutZoneHints).toEqual({ why: 'node-without-zone' });
	});
});
