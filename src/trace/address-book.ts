import type { ClusterState, Endpoint, PodId } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, cidrContains, IP_FAMILIES, type IpFamily } from '../model/ip.ts';

/** Who has an address, as far as the cluster's objects say. */
export interface Whereabouts {
	readonly pod: PodId | null;
	readonly node: string | null;
}

/** A Pod with the addresses its endpoints have. */
export interface KnownPod {
	readonly pod: PodId;
	readonly node: string | null;
	readonly addresses: ByFamily<string | null>;
}

/** Finds Pods by address and addresses by Pod. */
export interface AddressBook {
	/** @param port tells Pods apart that share their node's address; null where none is known */
	readonly whoHas: (family: IpFamily, address: string, port: number | null) => Whereabouts;
	/** by `NAMESPACE/NAME` */
	readonly pods: ReadonlyMap<string, KnownPod>;
}

/** Makes the book from all that EndpointSlices and Nodes say. */
export function addressBook(state: ClusterState): AddressBook {
	const owners = new Map<string, Whereabouts>();
	const pods = new Map<string, KnownPod>();
	for (const [family, endpoint] of endpointsOf(state)) {
		for (const key of [endpoint.address, `${endpoint.address} ${endpoint.port}`]) {
			owners.set(key, agreed(owners.get(key), endpoint));
		}
		if (endpoint.pod === null) continue;
		const key = podName(endpoint.pod);
		pods.set(key, withAddress(pods.get(key), endpoint.pod, family, endpoint));
	}
	return {
		pods,
		whoHas: (family, address, port) => {
			const owner = owners.get(`${address} ${port}`) ?? owners.get(address) ?? { pod: null, node: null };
			return { ...owner, node: owner.node ?? nodeOf(state, family, address) };
		},
	};
}

/** A Pod as people write it. */
export function podName({ namespace, name }: PodId): string {
	return `${namespace}/${name}`;
}

function* endpointsOf({ services }: ClusterState): Generator<readonly [IpFamily, Endpoint]> {
	for (const { ports } of services) {
		for (const { endpoints } of ports) {
			for (const family of IP_FAMILIES) for (const endpoint of endpoints[family]) yield [family, endpoint];
		}
	}
}

/** What two endpoints of one address say together: Pods that share their node's address are not told apart. */
function agreed(known: Whereabouts | undefined, { pod, node }: Whereabouts): Whereabouts {
	if (known === undefined) return { pod, node };
	const samePod = known.pod === null || pod === null || podName(known.pod) === podName(pod);
	const sameNode = known.node === null || node === null || known.node === node;
	return { pod: samePod ? (known.pod ?? pod) : null, node: sameNode ? (known.node ?? node) : null };
}

function withAddress(known: KnownPod | undefined, pod: PodId, family: IpFamily, endpoint: Endpoint): KnownPod {
	const before = known?.addresses ?? { ip: null, ip6: null };
	return {
		pod,
		node: known?.node ?? endpoint.node,
		addresses: byFamily((each) => before[each] ?? (each === family ? endpoint.address : null)),
	};
}

function nodeOf({ nodes }: ClusterState, family: IpFamily, address: string): string | null {
	const node = nodes.find(
		({ addresses, podCidrs }) =>
			addresses[family].includes(address) || podCidrs[family].some((cidr) => cidrContains(cidr, family, address)),
	);
	return node?.name ?? null;
}
