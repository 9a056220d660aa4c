import { clusterIp, nodeCount, PODS_PER_NODE, podIp } from './address-plan.ts';
import { dualStack } from './dual-stack.ts';
import { endpoint, endpointSlice, node, type Placed, type ServiceName, service, serviceCidr } from './objects.ts';
import { type Random, randomUid, seededRandom } from './random.ts';
import { plain, type Variety, varietyOf } from './variety.ts';
import { preferringZones } from './zones.ts';

type Json = Readonly<Record<string, unknown>>;

/** A made-up cluster, by its dimensions. Equal ones give equal bytes. */
export interface StateShape {
	readonly services: number;
	readonly endpoints: number;
	/**
	 * `plain`: ClusterIPs of one port with ready endpoints, which any proxy treats alike; `mixed`: some of everything;
	 * `zones`: plain ones that prefer their zone; `dual-stack`: plain ones of both families
	 */
	readonly variant: 'plain' | 'mixed' | 'zones' | 'dual-stack';
	readonly protocol: 'TCP' | 'UDP';
	readonly seed: number;
	/** nodes there are at least; those beyond what the pods need have none */
	readonly nodes: number;
	/** pods that a node has, which decides how many nodes the pods need */
	readonly podsPerNode: number;
}

/** So many endpoints the EndpointSlice controller puts into one slice. */
const MOST_ENDPOINTS_PER_SLICE = 100;

/** The shape every goal is measured with, in a given size. */
export function plainShape(services: number, endpoints: number): StateShape {
	return { services, endpoints, variant: 'plain', protocol: 'TCP', seed: 1, nodes: 0, podsPerNode: PODS_PER_NODE };
}

/** A cluster as one list of objects, as `kubectl get nodes,services,endpointslices,servicecidrs -A -o json` gives it. */
export function clusterList(shape: StateShape): Json {
	const random = seededRandom(shape.seed);
	const nodes = nodeCount(shape.services * shape.endpoints, shape.podsPerNode);
	const items: Json[] = [];
	for (let number = 0; number < nodes; number++) items.push(node(random, number));
	const others = seededRandom(shape.seed + 1);
	for (let number = nodes; number < shape.nodes; number++) items.push(node(others, number));
	const slices: Json[] = [];
	for (let number = 0; number < shape.services; number++) {
		const id = serviceName(random, number);
		const variety = shape.variant === 'mixed' ? varietyOf(number, shape.protocol) : plain(shape.protocol);
		items.push(service(random, id, variety.headless ? 'None' : clusterIp(number), variety.spec, variety.status));
		slices.push(...endpointSlices(random, id, variety, pods(number, shape.endpoints, nodes)));
	}
	items.push(...slices, serviceCidr(random));
	return { apiVersion: 'v1', items: inVariant(shape.variant, items), kind: 'List', metadata: { resourceVersion: '' } };
}

function inVariant(variant: StateShape['variant'], items: readonly Json[]): readonly Json[] {
	if (variant === 'zones') return preferringZones(items);
	return variant === 'dual-stack' ? dualStack(items) : items;
}

/** The text of that list, indented as kubectl does. */
export function clusterJson(shape: StateShape): string {
	return `${JSON.stringify(clusterList(shape), null, 4)}\n`;
}

function serviceName(random: Random, number: number): ServiceName {
	const namespace = `team-${String(number % 100).padStart(2, '0')}`;
	return { namespace, name: `service-${String(number).padStart(5, '0')}`, uid: randomUid(random) };
}

/** The pods of a Service, each on another node as far as there are nodes. */
function pods(service: number, endpoints: number, nodes: number): readonly Placed[] {
	return Array.from({ length: endpoints }, (_, index) => {
		const pod = service * endpoints + index;
		const on = pod % nodes;
		return { ip: podIp(on, Math.floor(pod / nodes)), node: on };
	});
}

function endpointSlices(random: Random, id: ServiceName, variety: Variety, placed: readonly Placed[]): Json[] {
	const slices: Json[] = [];
	for (let from = 0; from < placed.length; from += MOST_ENDPOINTS_PER_SLICE) {
		const endpoints = placed
			.slice(from, from + MOST_ENDPOINTS_PER_SLICE)
			.map((pod) => endpoint(random, id, pod, variety.ready));
		slices.push(endpointSlice(random, id, variety.slicePorts, endpoints));
	}
	return slices;
}
