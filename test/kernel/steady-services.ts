import { endpoint, service, slice } from '../support/objects.ts';
import { type Destination, tcp, udp } from './flows.ts';
import { type Client, type ClientName, PLANS, type Plan } from './plan.ts';

// Services that never change while everything around them does, and the ways by which connections go through them.

type Objects = readonly Record<string, unknown>[];

/** A way through a Service that never changes. */
export interface Route {
	readonly name: string;
	readonly client: Client;
	readonly to: Destination;
	/** who may answer */
	readonly by: readonly string[];
	/** whether it is always the one that answered first */
	readonly sticky: boolean;
}

const HTTP = { name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 };
const DNS = { name: 'dns', protocol: 'UDP', port: 53, targetPort: 5353 };
const DNS_SLICE = [{ name: 'dns', protocol: 'UDP', port: 5353 }];

/** The numbers of pods that no other Service has. */
const [FIRST, SECOND] = [241, 242];

const NODE_PORTS = { tcp: 31080, udp: 31053, local: 31081 };

/** Their objects: both families, pods on n1 and n2. */
export function steadyObjects(): Objects {
	const clusterIps = (number: number) => PLANS.map((plan) => plan.clusterIp(number));
	const spec = (fields: Record<string, unknown>) => ({ spec: fields });
	return [
		service('steady-tcp', clusterIps(10), spec({ type: 'NodePort', ports: [{ ...HTTP, nodePort: NODE_PORTS.tcp }] })),
		...slices('steady-tcp', [1, 2]),
		service('steady-udp', clusterIps(11), spec({ type: 'NodePort', ports: [{ ...DNS, nodePort: NODE_PORTS.udp }] })),
		...slices('steady-udp', [1, 2], DNS_SLICE),
		service('steady-sticky', clusterIps(12), spec({ sessionAffinity: 'ClientIP', ports: [HTTP] })),
		...slices('steady-sticky', [1, 2]),
		service(
			'steady-local',
			clusterIps(13),
			spec({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ ...HTTP, nodePort: NODE_PORTS.local }] }),
		),
		...slices('steady-local', [1, 2]),
	];
}

function slices(name: string, nodes: readonly number[], ports?: readonly Record<string, unknown>[]): Objects {
	return PLANS.map((plan) =>
		slice(
			name,
			nodes.flatMap((on) =>
				[FIRST, SECOND].map((pod) => endpoint({ address: plan.pod(on, pod), node: `n${on}`, zone: 'a' })),
			),
			ports === undefined ? {} : { ports },
		),
	);
}

/** From the pods, the node and outside, to ClusterIPs and NodePorts, over TCP and UDP. */
export function steadyRoutes(): readonly Route[] {
	return PLANS.flatMap((plan) => {
		const route = (from: ClientName, what: string, to: Destination, by: readonly string[], sticky = false): Route => ({
			name: `${from} → ${what}, ${plan.name}`,
			client: plan.client(from),
			to,
			by,
			sticky,
		});
		return [
			route('pod', 'ClusterIP tcp', tcp(plan.clusterIp(10)), targets(plan, [1, 2], 8080)),
			route('pod', 'ClusterIP udp', udp(plan.clusterIp(11), 53), targets(plan, [1, 2], 5353)),
			route('pod', 'ClusterIP with affinity', tcp(plan.clusterIp(12)), targets(plan, [1, 2], 8080), true),
			route('node', 'ClusterIP tcp', tcp(plan.clusterIp(10)), targets(plan, [1, 2], 8080)),
			route('outside', 'NodePort tcp', tcp(plan.node(1), NODE_PORTS.tcp), targets(plan, [1, 2], 8080)),
			route('outside', 'NodePort udp', udp(plan.node(1), NODE_PORTS.udp), targets(plan, [1, 2], 5353)),
			route('outside', 'NodePort tcp, Local', tcp(plan.node(1), NODE_PORTS.local), targets(plan, [1], 8080)),
		];
	});
}

function targets(plan: Plan, nodes: readonly number[], port: number): readonly string[] {
	return nodes.flatMap((on) => [FIRST, SECOND].map((pod) => plan.target(on, pod, port)));
}
