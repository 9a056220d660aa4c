import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/model/cluster-state.ts';
import { categorizeEndpoints, type EndpointRules, type Uses } from '../../src/view/categorize-endpoints.ts';

const HERE = { node: 'n1', zone: 'a' };

type State = 'ready' | 'draining' | 'down' | 'serving';

const CONDITIONS: Readonly<Record<State, Pick<Endpoint, 'ready' | 'serving' | 'terminating'>>> = {
	ready: { ready: true, serving: true, terminating: false },
	draining: { ready: false, serving: true, terminating: true },
	down: { ready: false, serving: false, terminating: false },
	serving: { ready: false, serving: true, terminating: false },
};

/** `n1/a` is an endpoint on node n1 hinted for zone a, `n1` one without hints; names double as targets. */
function endpoints(...specs: readonly (readonly [string, State?])[]): readonly Endpoint[] {
	return specs.map(([target, state = 'ready']) => {
		const [node = '', zone] = target.replace(/#.*/, '').split('/');
		return {
			target,
			address: target,
			port: 80,
			node: node === '-' ? null : node,
			pod: null,
			zone: null,
			zoneHints: zone === undefined ? [] : zone.split('+'),
			nodeHints: [],
			...CONDITIONS[state],
		};
	});
}

interface Row {
	readonly name: string;
	readonly uses: Uses;
	readonly endpoints: readonly Endpoint[];
	readonly cluster: readonly string[];
	readonly local: readonly string[];
	readonly hasAny: boolean;
	readonly reachable: readonly string[];
}

const CLUSTER: Uses = { cluster: true, local: false };
const LOCAL: Uses = { cluster: false, local: true };
const BOTH: Uses = { cluster: true, local: true };

// Reference section 3.3, row by row. Uses are what the policies and the Service's addresses ask for.
const ROWS: readonly Row[] = [
	{
		name: 'row 1: ready anywhere, no hints: all ready',
		uses: CLUSTER,
		endpoints: endpoints(['n1'], ['n2'], ['n3', 'down']),
		cluster: ['n1', 'n2'],
		local: [],
		hasAny: true,
		reachable: ['n1', 'n2'],
	},
	{
		name: 'row 2: hints for this zone: the hinted ready ones',
		uses: CLUSTER,
		endpoints: endpoints(['n1/a'], ['n2/b'], ['n3/a']),
		cluster: ['n1/a', 'n3/a'],
		local: [],
		hasAny: true,
		reachable: ['n1/a', 'n3/a'],
	},
	{
		name: 'row 3: none ready, some serving while terminating: those, hints ignored',
		uses: CLUSTER,
		endpoints: endpoints(['n1/a', 'draining'], ['n2/b', 'draining'], ['n3', 'down']),
		cluster: ['n1/a', 'n2/b'],
		local: [],
		hasAny: true,
		reachable: ['n1/a', 'n2/b'],
	},
	{
		name: 'row 4: none serving: none',
		uses: CLUSTER,
		endpoints: endpoints(['n1', 'down'], ['n2', 'down']),
		cluster: [],
		local: [],
		hasAny: false,
		reachable: [],
	},
	{
		name: 'row 5: Local, ready here: the ready ones here',
		uses: LOCAL,
		endpoints: endpoints(['n1'], ['n2']),
		cluster: [],
		local: ['n1'],
		hasAny: true,
		reachable: ['n1'],
	},
	{
		name: 'row 6: Local, ready only elsewhere: none, but the Service has endpoints',
		uses: LOCAL,
		endpoints: endpoints(['n2'], ['n3']),
		cluster: [],
		local: [],
		hasAny: true,
		reachable: [],
	},
	{
		name: 'row 7: Local, terminating here, ready elsewhere: the terminating one here',
		uses: LOCAL,
		endpoints: endpoints(['n1', 'draining'], ['n2']),
		cluster: [],
		local: ['n1'],
		hasAny: true,
		reachable: ['n1'],
	},
	{
		name: 'row 8: Local, only terminating here',
		uses: LOCAL,
		endpoints: endpoints(['n1', 'draining']),
		cluster: [],
		local: ['n1'],
		hasAny: true,
		reachable: ['n1'],
	},
	{
		name: 'row 9: Local, only not-serving ones',
		uses: LOCAL,
		endpoints: endpoints(['n1', 'down'], ['n2', 'serving']),
		cluster: [],
		local: [],
		hasAny: false,
		reachable: [],
	},
	{
		name: 'row 10, 14, 16: both lists, ready here and elsewhere, no hints',
		uses: BOTH,
		endpoints: endpoints(['n1'], ['n2']),
		cluster: ['n1', 'n2'],
		local: ['n1'],
		hasAny: true,
		reachable: ['n1', 'n2'],
	},
	{
		name: 'row 11: both lists, ready elsewhere, terminating here: the lists differ, reachable is their union',
		uses: BOTH,
		endpoints: endpoints(['n1', 'draining'], ['n2']),
		cluster: ['n2'],
		local: ['n1'],
		hasAny: true,
		reachable: ['n1', 'n2'],
	},
	{
		name: 'row 12, 15, 17: both lists, ready elsewhere only',
		uses: BOTH,
		endpoints: endpoints(['n2'], ['n3']),
		cluster: ['n2', 'n3'],
		local: [],
		hasAny: true,
		reachable: ['n2', 'n3'],
	},
	{
		name: 'row 13: both lists, only terminating ones, here and elsewhere',
		uses: BOTH,
		endpoints: endpoints(['n1', 'draining'], ['n2', 'draining']),
		cluster: ['n1', 'n2'],
		local: ['n1'],
		hasAny: true,
		reachable: ['n1', 'n2'],
	},
	{
		name: 'row 18 (EC-44): hints leave out a local endpoint from the cluster list, never from the local one',
		uses: BOTH,
		endpoints: endpoints(['n1/b'], ['n2/a']),
		cluster: ['n2/a'],
		local: ['n1/b'],
		hasAny: true,
		reachable: ['n1/b', 'n2/a'],
	},
	{
		name: 'row 19: externalTrafficPolicy Local without an external address: the cluster list only',
		uses: CLUSTER,
		endpoints: endpoints(['n2']),
		cluster: ['n2'],
		local: [],
		hasAny: true,
		reachable: ['n2'],
	},
	{
		name: 'EC-24: serving but neither ready nor terminating is never used',
		uses: BOTH,
		endpoints: endpoints(['n1', 'serving']),
		cluster: [],
		local: [],
		hasAny: false,
		reachable: [],
	},
	{
		name: 'EC-29: an endpoint without a node is not local anywhere',
		uses: BOTH,
		endpoints: endpoints(['-']),
		cluster: ['-'],
		local: [],
		hasAny: true,
		reachable: ['-'],
	},
	{
		name: 'EC-55: ready ones of another zone win over terminating ones of this zone',
		uses: CLUSTER,
		endpoints: endpoints(['n1/a', 'draining'], ['n2/b']),
		cluster: ['n2/b'],
		local: [],
		hasAny: true,
		reachable: ['n2/b'],
	},
	{
		name: 'no endpoints at all',
		uses: BOTH,
		endpoints: [],
		cluster: [],
		local: [],
		hasAny: false,
		reachable: [],
	},
];

const RULES: EndpointRules = {
	hints: { withoutNodeHints: null, withoutZoneHints: null, readyOnly: true, unnamedZone: true },
	terminating: true,
};

describe('which endpoints a node uses', () => {
	it.each(ROWS)('$name', (row) => {
		const found = categorizeEndpoints(row.endpoints, row.uses, HERE, RULES);
		const targets = (list: readonly Endpoint[]) => list.map((endpoint) => endpoint.target);
		expect({
			cluster: targets(found.cluster),
			local: targets(found.local),
			hasAny: found.hasAny,
			reachable: targets(found.reachable),
		}).toEqual({ cluster: row.cluster, local: row.local, hasAny: row.hasAny, reachable: row.reachable });
	});

	it('EC-25: ready and terminating at once (publishNotReadyAddresses) counts as ready', () => {
		const [endpoint] = endpoints(['n1']);
		const both = [{ ...(endpoint as Endpoint), terminating: true }];
		expect(categorizeEndpoints(both, BOTH, HERE, RULES)).toMatchObject({
			cluster: both,
			local: both,
			localReason: null,
		});
	});

	it('says why a list is not simply all that are ready', () => {
		const hinted = categorizeEndpoints(endpoints(['n1/a'], ['n2/b']), CLUSTER, HERE, RULES);
		expect(hinted.clusterReason).toBe('only endpoints hinted for zone a');
		const draining = categorizeEndpoints(endpoints(['n1', 'draining']), BOTH, HERE, RULES);
		expect(draining.clusterReason).toBe('no endpoint is ready: these still serve while they terminate');
		expect(draining.localReason).toBe('none here is ready: these still serve while they terminate');
	});
});
