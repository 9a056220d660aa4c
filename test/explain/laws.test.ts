import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainText } from '../../src/cli/explain/explain-report.ts';
import { compile } from '../../src/compile/compile.ts';
import { cohorts } from '../../src/explain/cohorts.ts';
import { explainPort, type FamilyExplanation } from '../../src/explain/explain.ts';
import type { Client, Frontend, Treatment } from '../../src/explain/frontends.ts';
import { placesOf } from '../../src/explain/place.ts';
import type { ClusterState, Endpoint } from '../../src/model/cluster-state.ts';
import { cidrContains, type IpFamily, parseCidr } from '../../src/model/ip.ts';
import type { NodeView } from '../../src/model/node-view.ts';
import type { Ruleset } from '../../src/model/ruleset.ts';
import type { Settings } from '../../src/model/settings.ts';
import { answer as traced } from '../../src/trace/answer.ts';
import type { ClientName } from '../../src/trace/ends.ts';
import { behaviourOf, NEWEST_BEHAVIOUR, releases } from '../../src/versions/behaviour.ts';
import { nodeView } from '../../src/view/node-view.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { asked, clusterOf } from '../support/explained.ts';
import { hostileCluster } from '../support/hostile.ts';
import { settings } from '../support/objects.ts';

const NODES = ['n1', 'n2', 'n3'];

const behaviours = fc.oneof(
	fc.constant(NEWEST_BEHAVIOUR),
	fc.constantFrom(...releases()).map((release) => behaviourOf(release)),
);

const network = fc.record({
	masqueradeAll: fc.boolean(),
	detectLocal: fc.constantFrom<Settings['detectLocal']>(
		{ mode: 'cluster-cidr' },
		{ mode: 'cluster-cidr' },
		{ mode: 'node-cidr' },
		{ mode: 'none' },
	),
});

const hints = fc.constantFrom<Settings['hints']>('as-is', 'missing');

interface Explained {
	readonly node: string;
	readonly view: NodeView;
	readonly port: NodeView['families'][number]['servicePorts'][number];
	readonly records: readonly Endpoint[];
	readonly found: FamilyExplanation;
}

/** Every service port on every node in every family, with what the rules are made of beside what is explained. */
function everything(state: ClusterState, changes: Partial<Settings>): readonly Explained[] {
	const places = placesOf(state, settings(changes));
	return NODES.flatMap((node) => {
		const { view } = nodeView(state, settings({ ...changes, node }));
		if (view === null) throw new Error('no view');
		return state.services.flatMap((service) =>
			service.ports.flatMap((own) =>
				explainPort(service, own, node, ['ip', 'ip6'], places).map((found): Explained => {
					const family = view.families.find((each) => each.family === found.family);
					const port = family?.servicePorts.find(({ id }) => id === own.id);
					if (port === undefined) throw new Error('explained, but not compiled');
					return { node, view, port, found, records: own.endpoints[found.family] };
				}),
			),
		);
	});
}

function kept(found: FamilyExplanation, choice: 'cluster' | 'local'): readonly Endpoint[] {
	return found.endpoints.filter(({ verdicts }) => verdicts[choice]?.kept).map(({ endpoint }) => endpoint);
}

describe('an explanation of any cluster', () => {
	it('keeps the endpoints that the rules are made of, and has every record once', () => {
		fc.assert(
			fc.property(arbitraryCluster, behaviours, hints, (objects, behaviour, mode) => {
				const changes = { behaviour, hints: mode };
				for (const { port, found, records } of everything(clusterOf(objects.flat(), changes), changes)) {
					expect(kept(found, 'cluster')).toEqual(port.cluster?.endpoints ?? []);
					expect(kept(found, 'local')).toEqual(port.local?.endpoints ?? []);
					expect(found.endpoints.map(({ endpoint }) => endpoint)).toEqual(records);
				}
			}),
			{ numRuns: 150 },
		);
	});

	it('gives nodes in groups that together are all, each with the answer it has alone', () => {
		fc.assert(
			fc.property(arbitraryCluster, behaviours, (objects, behaviour) => {
				const state = clusterOf(objects.flat(), { behaviour });
				const places = placesOf(state, settings({ behaviour }));
				for (const service of state.services) {
					for (const port of service.ports) {
						const alone = (node: string) => explainPort(service, port, node, ['ip', 'ip6'], places);
						const groups = cohorts(state.nodes, alone);
						const members = groups.flatMap(({ nodes, families }) => nodes.map(({ name }) => ({ name, families })));
						expect(members.map(({ name }) => name).sort()).toEqual(NODES);
						for (const { name, families } of members) expect(families).toEqual(alone(name));
						const sizes = groups.map(({ nodes }) => nodes.length);
						expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
					}
				}
			}),
			{ numRuns: 100 },
		);
	});

	it('says of every address and client what the tracer finds out', () => {
		fc.assert(
			fc.property(arbitraryCluster, network, behaviours, (objects, given, behaviour) => {
				const changes = { ...given, behaviour };
				const state = clusterOf(objects.flat(), changes);
				const rulesets = new Map<NodeView, Ruleset>();
				for (const each of everything(state, changes)) {
					const ruleset = rulesets.get(each.view) ?? compile(each.view);
					rulesets.set(each.view, ruleset);
					for (const frontend of each.found.frontends) {
						for (const treatment of frontend.treatments) {
							for (const client of treatment.clients) expectTraced(each, frontend, treatment, client, state, ruleset);
						}
					}
				}
			}),
			{ numRuns: 80 },
		);
	});

	it('has no control characters of its own, whatever the input says', () => {
		fc.assert(
			fc.property(hostileCluster, (objects) => {
				const state = clusterOf(objects);
				for (const { namespace, name } of state.services) {
					const found = asked(`svc:${namespace}/${name}`, { node: 'n1', overload: true }, objects);
					const text = 'unresolved' in found ? found.unresolved : explainText(found, '1.37');
					expect(text).not.toMatch(/[^\P{C}\n]|\p{Zl}|\p{Zp}/u);
				}
			}),
			{ numRuns: 300 },
		);
	});
});

/** A pod of the node that is no endpoint, the node itself, or somebody outside. */
function nameOf(client: Client, node: string, family: IpFamily): ClientName {
	if (client === 'node') return { kind: 'node' };
	if (client === 'outside') return { kind: 'external' };
	const number = node.slice(1);
	const address = family === 'ip' ? `10.244.${number}.250` : `fd00:10:244:${number}::250`;
	return { kind: 'address', family, address };
}

function expectTraced(
	{ node, view, port: { protocol }, found }: Explained,
	{ address, port, sources }: Frontend,
	{ fate, masqueraded }: Treatment,
	client: Client,
	state: ClusterState,
	ruleset: Ruleset,
): void {
	const { family } = found;
	const own = view.families.find((each) => each.family === family)?.addresses ?? [];
	const daddr = address ?? own[0];
	if (daddr === undefined) throw new Error('the node has no address');
	const destination = { kind: 'address', family, address: daddr, port, protocol } as const;
	const question = { client: nameOf(client, node, family), destination, family };
	const answers = traced(question, state, view, ruleset);
	if ('unresolved' in answers) throw new Error(answers.unresolved);
	const [only] = answers;
	if (only === undefined) throw new Error('no packet');
	const outcomes = only.outcomes.map((outcome) => outcome.fate);
	if (!mayComeIn(only.flow.packet.saddr, family, sources)) {
		expect(outcomes).toEqual([{ kind: 'dropped' }]);
	} else if (fate === 'refused' || fate === 'dropped') {
		expect(outcomes).toEqual([{ kind: fate }]);
	} else {
		const reached = outcomes.map((each) => (each.kind === 'endpoint' ? `${each.address} ${each.port}` : each.kind));
		expect(reached.sort()).toEqual(
			kept(found, fate)
				.map((each) => `${each.address} ${each.port}`)
				.sort(),
		);
		// What is for the node's own address never leaves it by a hook that masquerades.
		const leaving = outcomes.filter((each) => each.kind !== 'endpoint' || !own.includes(each.address));
		for (const each of leaving) expect(each).toMatchObject({ masqueraded });
	}
}

function mayComeIn(saddr: string, family: IpFamily, sources: readonly string[] | null): boolean {
	if (sources === null) return true;
	return sources.some((source) => {
		const parsed = parseCidr(source.includes('/') ? source : `${source}/${family === 'ip' ? 32 : 128}`);
		return 'cidr' in parsed && cidrContains(parsed.cidr, family, saddr);
	});
}
