import { clusterIp, nodeCount, podIp } from './address-plan.ts';
import { endpoint, endpointSlice, node, type Placed, type ServiceName, service, serviceCidr } from './objects.ts';
import { type Random, randomUid, seededRandom } from './random.ts';
import { plain, type Variety, varietyOf } from './variety.ts';

/** A made-up cluster, by its dimensions. Equal ones give equal bytes. */
export interface StateShape {
	readonly services: number;
	readonly endpoints: number;
	/** `plain`: ClusterIPs of one port with ready endpoints, which any proxy treats alike; `mixed`: some of everything */
	readonly variant: 'plain' | 'mixed';
	readonly protocol: 'TCP' | 'UDP';
	readonly seed: number;
	/** nodes there are at least; those beyond what the pods need have none */
	readonly nodes: number;
}

/** So many endpoints the EndpointSlice controller puts into one slice. */
const MOST_ENDPOINTS_PER_SLICE = 100;

/** The shape every goal is measured with, in a given size. */
export function plainShape(services: number, endpoints: number): StateShape {
	return { services, endpoints, variant: 'plain', protocol: 'TCP', seed: 1, nodes: 0 };
}

/** A cluster as one list of objects, as `kubectl get nodes,services,endpointslices,servicecidrs -A -o json` gives it. */
export function clusterList(shape: StateShape): Readonly<Record<string, unknown>> {
	const random = seededRandom(shape.seed);
	const nodes = nodeCount(shape.services * shape.endpoints);
	const items: unknown[] = [];
	for (let number = 0; number < nodes; number++) items.push(node(random, number));
	const others = seededRandom(shape.seed + 1);
	for (let number = nodes; number < shape.nodes; number++) items.push(node(others, number));
	const slices: unknown[] = [];
	for (let number = 0; number < shape.services; number++) {
		const id = serviceName(random, number);
		const variety = shape.variant === 'plain' ? plain(shape.protocol) : varietyOf(number, shape.protocol);
		items.push(service(random, id, variety.headless ? 'None' : clusterIp(number), variety.spec, variety.status));
		slices.push(...endpointSlices(random, id, variety, pods(number, shape.endpoints, nodes)));
	}
	items.push(...slices, serviceCidr(random));
	return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
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

function endpointSlices(random: Random, id: ServiceName, variety: Variety, placed: readonly Placed[]): unknown[] {
	const slices: unknown[] = [];
	for (let from = 0; from < placed.length; from += MOST_ENDPOINTS_PER_SLICE) {
		const endpoints = placed
			.slice(from, from + MOST_ENDPOINTS_PER_SLICE)
			.map((pod) => endpoint(random, id, pod, variety.ready));
		slices.push(endpointSlice(random, id, variety.slicePorts, endpoints));
	}
	return slices;
}
