import fc from 'fast-check';
import { intake } from '../../src/intake/intake.ts';
import type { ClusterState } from '../../src/model/cluster-state.ts';
import type { DetectLocal, NodePortAddresses, Settings } from '../../src/model/settings.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { documents } from '../support/objects.ts';
import { PLANS } from './plan.ts';
import { draws, type Flow, flowOf } from './random-flows.ts';
import { POD_INTERFACE } from './wiring.ts';

/** A cluster, what the user decided, and flows to try in it. */
export interface Scene {
	readonly objects: readonly unknown[];
	readonly state: ClusterState;
	readonly settings: Partial<Settings>;
	/** external addresses that are bound to the node */
	readonly bound: readonly string[];
	/** no two alike */
	readonly flows: readonly Flow[];
}

const detectLocal = fc.constantFrom<DetectLocal>(
	{ mode: 'cluster-cidr' },
	{ mode: 'cluster-cidr' },
	{ mode: 'cluster-cidr' },
	{ mode: 'node-cidr' },
	{ mode: 'bridge', interface: POD_INTERFACE },
	{ mode: 'prefix', interface: POD_INTERFACE.slice(0, 3) },
	{ mode: 'none' },
);

/** The primary addresses, certain networks, or everywhere. */
const nodePortAddresses = fc.constantFrom<NodePortAddresses>(
	{ primary: true, networks: [] },
	{ primary: true, networks: [] },
	{
		primary: false,
		networks: [
			{ family: 'ip', address: '172.30.0.0', prefix: 16 },
			{ family: 'ip6', address: '2001:db8:30::', prefix: 64 },
		],
	},
	{
		primary: false,
		networks: [
			{ family: 'ip', address: '0.0.0.0', prefix: 0 },
			{ family: 'ip6', address: '::', prefix: 0 },
		],
	},
);

const oneInFour = fc.nat({ max: 3 }).map((drawn) => drawn === 0);

/** Random scenes with up to so many flows of each family. */
export function arbitraryScene(flowsOfFamily: number): fc.Arbitrary<Scene> {
	const parts = fc.record({
		cluster: arbitraryCluster,
		settings: fc.record({ detectLocal, nodePortAddresses, masqueradeAll: oneInFour }),
		isBound: oneInFour,
		drawn: fc.tuple(draws(flowsOfFamily), draws(flowsOfFamily)),
	});
	// Bias towards small numbers would mean few endpoints, and the same Service all the time.
	return fc.noBias(parts).map(({ cluster, settings, isBound, drawn }) => {
		const objects = cluster.flat();
		const { state } = intake(documents(...objects), NEWEST_BEHAVIOUR);
		const flows = PLANS.flatMap((plan, index) => (drawn[index] ?? []).map((each) => flowOf(plan, state, each)));
		const bound = isBound ? externalAddresses(state) : [];
		return { objects, state, settings, bound, flows: withoutRepeats(flows) };
	});
}

function externalAddresses(state: ClusterState): readonly string[] {
	const addresses = state.services.flatMap(({ ports }) =>
		ports.flatMap((port) =>
			[port.addresses.ip, port.addresses.ip6].flatMap((found) =>
				found === null ? [] : [...found.externalIps, ...found.loadBalancerIps],
			),
		),
	);
	return [...new Set(addresses)];
}

function withoutRepeats(flows: readonly Flow[]): readonly Flow[] {
	return [...new Map(flows.map((flow) => [flowText(flow), flow])).values()];
}

/** `outside → 10.96.0.21 tcp 80` */
export function flowText({ from, to }: Flow): string {
	return `${from.name} → ${to.address} ${to.protocol} ${to.port}`;
}
