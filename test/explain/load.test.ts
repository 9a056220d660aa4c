import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadOf } from '../../src/explain/load.ts';
import { placesOf } from '../../src/explain/place.ts';
import { compileNode } from '../../src/pipeline.ts';
import { answer as traced } from '../../src/trace/answer.ts';
import { type Fraction, fractionText, ONE, oneIn, plus, rest, times, ZERO } from '../../src/trace/fraction.ts';
import { behaviourOf, releases } from '../../src/versions/behaviour.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { answered, clusterOf } from '../support/explained.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';

type Endpoint = Parameters<typeof endpoint>[0];

const NODES = [node(1, 'a'), node(2, 'a'), node(3, 'b')];

/** The load of a Service in IPv4 with its hints computed. */
function load(
	spec: Record<string, unknown>,
	endpoints: readonly Endpoint[],
	weights: Readonly<Record<string, number>> = {},
	{ nodes = NODES, annotations = {} }: { nodes?: readonly unknown[]; annotations?: Record<string, string> } = {},
) {
	const objects = [
		...nodes,
		service('web', ['10.96.0.20'], { spec, metadata: { annotations } }),
		slice('web', endpoints.map(endpoint)),
	];
	const question = { overload: true, weights: new Map(Object.entries(weights)) };
	const found = answered('svc:shop/web', question, objects).ports[0]?.loads?.[0];
	if (found === undefined) throw new Error('no load');
	return found;
}

/** Shares as text: `10.244.1.5 1/2 → 2/3`. */
function shares(found: ReturnType<typeof load>): readonly string[] {
	const text = ({ before, after }: { readonly before: Fraction; readonly after: Fraction }) =>
		`${fractionText(before)} → ${fractionText(after)}`;
	return [
		...found.endpoints.map((each) => `${each.endpoint.address} ${text(each)}`),
		...found.zones.map((each) => `zone ${each.zone}, ${each.nodes}, ${fractionText(each.sends)}: ${text(each)}`),
		`dropped ${text(found.dropped)}`,
		`refused ${text(found.refused)}`,
	];
}

const CLOSE = { trafficDistribution: 'PreferClose' };
const on = (number: number, host: number): Endpoint => ({ address: `10.244.${number}.${host}`, node: `n${number}` });

describe('the load of a Service', () => {
	it('is that of its endpoints alike before the preference, and by zone after it', () => {
		expect(shares(load(CLOSE, [on(1, 5), on(2, 5), on(2, 6), on(3, 5)]))).toEqual([
			'10.244.1.5 1/4 → 2/9',
			'10.244.2.5 1/4 → 2/9',
			'10.244.2.6 1/4 → 2/9',
			'10.244.3.5 1/4 → 1/3',
			'zone a, 2, 2/3: 3/4 → 2/3',
			'zone b, 1, 1/3: 1/4 → 1/3',
			'dropped 0 → 0',
			'refused 0 → 0',
		]);
	});

	it('follows what nodes are said to send', () => {
		const found = load(CLOSE, [on(1, 5), on(3, 5)], { n1: 0, n2: 1, n3: 3 });
		expect(shares(found).slice(0, 4)).toEqual([
			'10.244.1.5 1/2 → 1/4',
			'10.244.3.5 1/2 → 3/4',
			'zone a, 2, 1/4: 1/2 → 1/4',
			'zone b, 1, 3/4: 1/2 → 3/4',
		]);
	});

	it('says which share a Local policy drops, and which nobody answers', () => {
		expect(shares(load({ internalTrafficPolicy: 'Local' }, [on(1, 5), on(2, 5)]))).toEqual([
			'10.244.1.5 1/2 → 1/3',
			'10.244.2.5 1/2 → 1/3',
			'zone a, 2, 2/3: 1 → 2/3',
			'zone b, 1, 1/3: 0 → 0',
			'dropped 0 → 1/3',
			'refused 0 → 0',
		]);
		expect(shares(load({}, [{ ...on(1, 5), ready: false }])).slice(-2)).toEqual(['dropped 0 → 0', 'refused 1 → 1']);
	});

	it('counts endpoints that drain where none is ready', () => {
		const draining = { ready: false, serving: true, terminating: true };
		const found = load(CLOSE, [
			{ ...on(1, 5), ...draining },
			{ ...on(3, 5), ...draining },
		]);
		expect(shares(found).slice(0, 2)).toEqual(['10.244.1.5 1/2 → 1/2', '10.244.3.5 1/2 → 1/2']);
		expect(found.warnings).toEqual([]);
	});

	it('always adds up to one, and is what the tracer finds for a pod of each node', () => {
		const behaviours = fc.constantFrom(...releases()).map((release) => behaviourOf(release));
		fc.assert(
			fc.property(arbitraryCluster, behaviours, (objects, behaviour) => {
				const state = clusterOf(objects.flat(), { behaviour });
				const places = placesOf(state, settings({ behaviour }));
				const compiled = state.nodes.map(({ name }) =>
					compileNode(documents(...objects.flat()), settings({ behaviour, node: name })),
				);
				for (const service of state.services) {
					for (const port of service.ports) {
						const found = loadOf(service, port, 'ip', state.nodes, new Map(), places);
						if (found === null) continue;
						for (const when of ['before', 'after'] as const) {
							const all = [...found.endpoints, found.dropped, found.refused].map((each) => each[when]);
							expect(all.reduce(plus, ZERO)).toEqual(ONE);
							const lost = plus(found.dropped[when], found.refused[when]);
							expect(found.zones.map((zone) => zone[when]).reduce(plus, ZERO)).toEqual(rest(lost));
						}
						expect(found.zones.map(({ sends }) => sends).reduce(plus, ZERO)).toEqual(ONE);
						const own = found.endpoints.map(({ endpoint: { address }, after }) => [address, after] as const);
						const expected = new Map([...own, ['dropped', found.dropped.after], ['refused', found.refused.after]]);
						expect(tracedShares(compiled, port)).toEqual(withoutNothing(expected));
					}
				}
			}),
			{ numRuns: 60 },
		);
	});
});

type Compiled = ReturnType<typeof compileNode>;
type Port = Parameters<typeof loadOf>[1];

function tracedShares(compiled: readonly Compiled[], port: Port): ReadonlyMap<string, Fraction> {
	const found = new Map<string, Fraction>();
	for (const { ruleset, view, intake } of compiled) {
		const clusterIp = port.addresses.ip?.clusterIp;
		if (ruleset === null || view === null || !clusterIp) throw new Error('no rules');
		const from = { kind: 'address', family: 'ip', address: `10.244.${view.node.slice(1)}.250` } as const;
		const to = { kind: 'address', family: 'ip', address: clusterIp, port: port.port, protocol: port.protocol } as const;
		const answers = traced({ client: from, destination: to, family: 'ip' }, intake.state, view, ruleset);
		if ('unresolved' in answers) throw new Error(answers.unresolved);
		for (const { fate, probability } of answers.flatMap(({ outcomes }) => outcomes)) {
			const key = fate.kind === 'endpoint' ? fate.address : fate.kind;
			found.set(key, plus(found.get(key) ?? ZERO, times(probability, oneIn(compiled.length))));
		}
	}
	return found;
}

function withoutNothing(shares: ReadonlyMap<string, Fraction>): ReadonlyMap<string, Fraction> {
	return new Map([...shares].filter(([, share]) => share.of > 0n));
}

describe('a warning of overload', () => {
	/** Four pods in zone a on n1; one in zone b, whose two nodes send two thirds. */
	const UNEVEN = [on(1, 5), on(1, 6), on(1, 7), on(1, 8), on(3, 5)];
	const ONE_AND_TWO = [node(1, 'a'), node(2, 'b'), node(3, 'b')];
	const nodes = { nodes: ONE_AND_TWO };

	it('names the endpoint above twice its fair share, what concentrates load, and the remedies', () => {
		expect(load(CLOSE, UNEVEN, {}, nodes).warnings).toEqual([
			{
				code: 'overloaded-endpoint',
				sentence:
					'trafficDistribution: PreferClose concentrates load: 10.244.3.5:8080 (66.7 %) gets more than twice a fair share (20.0 %) of the traffic',
				remedies: [
					'spread the pods over zones: topologySpreadConstraints with topologyKey topology.kubernetes.io/zone',
					'run a Deployment for each zone, and let each scale with the traffic of its own',
					expect.stringContaining('service.kubernetes.io/topology-mode: Auto'),
					'remove trafficDistribution: every endpoint gets the same again',
				],
			},
		]);
	});

	it('is not given at twice the fair share, nor without a preference', () => {
		expect(load(CLOSE, [on(1, 5), on(3, 5)], { n1: 0, n2: 0 }, nodes).warnings).toEqual([]);
		expect(load({}, UNEVEN, {}, nodes).warnings).toEqual([]);
	});

	it('of PreferSameNode asks for pods on other nodes, of hints nobody asked for to remove these', () => {
		const [sameNode] = load({ trafficDistribution: 'PreferSameNode' }, UNEVEN, {}, nodes).warnings;
		expect(sameNode?.sentence).toMatch(/^trafficDistribution: PreferSameNode concentrates load: 10\.244\.3\.5:8080 /);
		expect(sameNode?.remedies[0]).toBe(
			'spread the pods over nodes: topologySpreadConstraints with topologyKey kubernetes.io/hostname',
		);
		const hinted = UNEVEN.map((each) => ({ ...each, zones: [each.node === 'n1' ? 'a' : 'b'] }));
		const [stray] = load({}, hinted, {}, nodes).warnings;
		expect(stray?.sentence).toMatch(/^hinting concentrates load: /);
		expect(stray?.remedies.at(-1)).toBe('remove the hints: every endpoint gets the same again');
	});

	it('of Auto does not advise Auto', () => {
		const hinted = UNEVEN.map((each) => ({ ...each, zones: [each.node === 'n1' ? 'a' : 'b'] }));
		const annotations = { 'service.kubernetes.io/topology-mode': 'Auto' };
		const [warning] = load({}, hinted, {}, { ...nodes, annotations }).warnings;
		expect(warning?.sentence).toMatch(/^the topology annotation Auto concentrates load: /);
		expect(warning?.remedies.join()).not.toContain('topology-mode');
	});

	it('of internalTrafficPolicy Local comes with that of what is dropped', () => {
		const found = load({ internalTrafficPolicy: 'Local' }, UNEVEN, {}, nodes).warnings;
		expect(found.map(({ code, sentence }) => `${code}: ${sentence}`)).toEqual([
			'dropped-traffic: internalTrafficPolicy: Local drops 33.3 % of the traffic: no endpoint is on n2',
		]);
		const [overloaded] = load({ internalTrafficPolicy: 'Local' }, UNEVEN, { n3: 8 }, nodes).warnings;
		expect(overloaded?.sentence).toBe(
			'internalTrafficPolicy: Local concentrates load: 10.244.3.5:8080 (80.0 %) gets more than twice a fair share (20.0 %) of the traffic',
		);
	});

	it('names a zone with nodes for which no endpoint is hinted', () => {
		const found = load(CLOSE, [on(1, 5), on(2, 5)]).warnings;
		expect(found).toEqual([
			{
				code: 'zone-without-endpoints',
				sentence: 'no endpoint is hinted for zone b: traffic of its node goes to the whole cluster',
				remedies: [
					'spread the pods over zones: topologySpreadConstraints with topologyKey topology.kubernetes.io/zone',
				],
			},
		]);
		const more = load(CLOSE, [on(1, 5)], {}, nodes).warnings;
		expect(more.map(({ sentence }) => sentence)).toEqual([
			'no endpoint is hinted for zone b: traffic of its 2 nodes goes to the whole cluster',
		]);
	});
});
