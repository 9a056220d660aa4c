// One address plan for every size: Services in 10.96.0.0/12, pods in 10.128.0.0/9 with a /24 for each node.

export const SERVICE_NETWORK = '10.96.0.0/12';
export const POD_NETWORK = '10.128.0.0/9';

const SERVICE_BASE = dotted(10, 96, 0, 0);
const SERVICE_ADDRESSES = 2 ** 20;
const POD_BASE = dotted(10, 128, 0, 0);
const MOST_NODES = 2 ** 15;
/** So many pods a node has, nothing else being said. */
export const PODS_PER_NODE = 200;

/** The ClusterIP of a Service: scattered, as the API server's allocator does it, and never the same twice. */
export function clusterIp(service: number): string {
	// The factor and the modulus have no common divisor, so no number comes twice. .0 and .1 of the network stay free.
	return address(SERVICE_BASE + 2 + ((service * 394_967) % (SERVICE_ADDRESSES - 2 ** 10)));
}

/** How many nodes a cluster of so many pods has: three at least. */
export function nodeCount(pods: number, podsPerNode: number = PODS_PER_NODE): number {
	const count = Math.max(3, Math.ceil(pods / podsPerNode));
	if (count > MOST_NODES) throw new RangeError(`${pods} pods do not fit into ${POD_NETWORK}`);
	return count;
}

/** The pod network of a node, counted from 0. */
export function podCidr(node: number): string {
	return `${address(POD_BASE + node * 256)}/24`;
}

/** The address of a pod, counted from 0 on each node; .0 and .1 are the network and its gateway. */
export function podIp(node: number, pod: number): string {
	if (pod > 252) throw new RangeError(`node ${node} has more pods than a /24 has addresses`);
	return address(POD_BASE + node * 256 + 2 + pod);
}

/** The address of a node. */
export function nodeIp(node: number): string {
	return address(dotted(192, 168, 0, 0) + 10 + node);
}

function dotted(a: number, b: number, c: number, d: number): number {
	return ((a * 256 + b) * 256 + c) * 256 + d;
}

function address(number: number): string {
	return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}
