import type { ClusterState, PodId } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, cidrContains, familyName, type IpFamily } from '../model/ip.ts';
import type { FamilyView, NodeView } from '../model/node-view.ts';
import { type AddressBook, podName } from './address-book.ts';
import type { ClientName, Unresolved } from './ends.ts';
import { similar } from './similar.ts';

/** Who opens a connection. */
export interface Client {
	/** as people call it; null for a bare address */
	readonly name: string | null;
	readonly pod: PodId | null;
	/** the node it is on; null outside the cluster and where nobody says */
	readonly node: string | null;
	readonly addresses: ByFamily<string | null>;
	/** whether its address only stands for others */
	readonly isAnybody: boolean;
}

/** Finds out who is meant. */
export function resolveClient(
	name: ClientName,
	state: ClusterState,
	view: NodeView,
	book: AddressBook,
): Client | Unresolved {
	switch (name.kind) {
		case 'pod':
			return podClient(name.pod, book);
		case 'node':
			return {
				name: `node ${view.node}`,
				pod: null,
				node: view.node,
				addresses: primaryAddresses(view),
				isAnybody: false,
			};
		case 'external':
			return { name: 'outside', pod: null, node: null, addresses: outsideAddresses(state, view), isAnybody: true };
		case 'address': {
			const { family, address } = name;
			const addresses = byFamily((each) => (each === family ? address : null));
			return { name: null, ...book.whoHas(family, address, null), addresses, isAnybody: false };
		}
	}
}

/** The node's primary address of each family that has rules. */
export function primaryAddresses(view: NodeView): ByFamily<string | null> {
	return byFamily((family) => view.families.find((each) => each.family === family)?.addresses[0] ?? null);
}

function podClient(pod: PodId, { pods }: AddressBook): Client | Unresolved {
	const name = podName(pod);
	const known = pods.get(name);
	if (known !== undefined) return { ...known, name: `pod ${name}`, isAnybody: false };
	if (pods.size === 0) {
		return {
			unresolved: `no endpoint in the input names its Pod (targetRef), so pod ${name} is not known; use --from ip:ADDRESS`,
		};
	}
	const others = similar(
		pod,
		[...pods.values()].map((each) => each.pod),
	);
	return {
		unresolved: `there is no pod ${name} among the ${pods.size} behind Services in the input (did you mean ${others}?)`,
	};
}

/** Addresses for documentation (RFC 5737, RFC 3849), which nobody has; some clusters use them all the same. */
const OUTSIDE: ByFamily<readonly string[]> = {
	ip: ['203.0.113.1', '198.51.100.1', '192.0.2.1', '203.0.113.254', '198.51.100.254', '192.0.2.254'],
	ip6: ['2001:db8::1', '2001:db8:ffff::1', '3fff::1', '2001:db8::ffff'],
};

function outsideAddresses(state: ClusterState, view: NodeView): ByFamily<string | null> {
	return byFamily((family) => {
		const here = view.families.find((each) => each.family === family);
		if (here === undefined) return null;
		return OUTSIDE[family].find((address) => !isInside(address, family, state, here)) ?? null;
	});
}

function isInside(address: string, family: IpFamily, state: ClusterState, view: FamilyView): boolean {
	const networks = [
		...(view.pods?.by === 'networks' ? view.pods.networks : []),
		...view.serviceCidrs,
		...state.nodes.flatMap((node) => node.podCidrs[family]),
	];
	const addresses = [
		...view.addresses,
		...state.nodes.flatMap((node) => node.addresses[family]),
		...view.servicePorts.flatMap((port) => [port.clusterIp, ...port.externalIps, ...port.loadBalancerIps]),
	];
	return addresses.includes(address) || networks.some((cidr) => cidrContains(cidr, family, address));
}

/** The families someone or something has an address of: `an IPv4 address`, `no known address`. */
export function familiesOf(addresses: ByFamily<string | null>): string {
	const names = (['ip', 'ip6'] as const).filter((family) => addresses[family] !== null).map(familyName);
	return names.length === 0 ? 'no known address' : `an ${names.join(' and an ')} address`;
}
