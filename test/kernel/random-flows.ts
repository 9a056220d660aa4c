import fc from 'fast-check';
import type { ClusterState, Endpoint } from '../../src/model/cluster-state.ts';
import { type Destination, tcp, udp } from './flows.ts';
import type { Plan } from './plan.ts';
import { type Sender, type SenderName, sender, senderAt } from './random-senders.ts';

/** Connections of one client to one destination. */
export interface Flow {
	readonly plan: Plan;
	readonly from: Sender;
	readonly to: Destination;
}

// A random flow is drawn before it is known which Services there are; what it means is settled when they are.

const SENDERS = fc.constantFrom<SenderName | 'endpoint'>(
	'pod',
	'node',
	'node’s second address',
	'elsewhere',
	'outside',
	'stranger',
	'endpoint',
	'endpoint',
);

/** What is at the other end; `service` is any address and port at which a Service answers. */
const KINDS = fc.constantFrom(
	...Array.from({ length: 20 }, () => 'service' as const),
	'wrong port',
	'other protocol',
	'second address',
	'loopback',
	'unallocated',
	'endpoint itself',
	'endpoint itself',
	'somebody',
	'node port elsewhere',
);

const draw = fc.record({
	sender: SENDERS,
	kind: KINDS,
	protocol: fc.constantFrom('tcp', 'udp'),
	service: fc.nat({ max: 9_999 }),
	endpoint: fc.nat({ max: 9_999 }),
});

export type Draw = typeof draw extends fc.Arbitrary<infer T> ? T : never;

/** So many flows of each family, as draws. */
export function draws(count: number): fc.Arbitrary<readonly Draw[]> {
	return fc.array(draw, { minLength: count, maxLength: count });
}

/** Somewhere a Service answers, or should, and with which endpoints. */
interface Entrance {
	readonly to: Destination;
	readonly nodePort: number;
	readonly endpoints: readonly Endpoint[];
}

/** What a draw means for the Services that there are. */
export function flowOf(plan: Plan, state: ClusterState, drawn: Draw): Flow {
	const nowhere = { to: tcp(plan.clusterIp(98)), nodePort: 30098, endpoints: [] };
	const entrance = pick(entrances(plan, state), drawn.service) ?? nowhere;
	const endpoint = pick(entrance.endpoints, drawn.endpoint);
	const to = destination(plan, drawn, entrance, endpoint);
	// Nobody but the node itself reaches its loopback address.
	if (to.address === plan.loopback) return { plan, from: sender(plan, 'node'), to };
	if (drawn.sender !== 'endpoint') return { plan, from: sender(plan, drawn.sender), to };
	return { plan, from: endpoint === undefined ? sender(plan, 'pod') : senderAt(plan, endpoint.address), to };
}

function destination(plan: Plan, drawn: Draw, entrance: Entrance, endpoint: Endpoint | undefined): Destination {
	const { protocol, address, port } = entrance.to;
	const { nodePort } = entrance;
	switch (drawn.kind) {
		case 'service':
			return entrance.to;
		case 'wrong port':
			return { protocol, address, port: port + 5 };
		case 'other protocol':
			return { protocol: protocol === 'tcp' ? 'udp' : 'tcp', address, port };
		case 'second address':
			return { protocol, address: plan.secondAddress, port: nodePort };
		case 'loopback':
			return { protocol, address: plan.loopback, port: nodePort };
		case 'unallocated':
			return { protocol: drawn.protocol, address: plan.clusterIp(99), port: 80 };
		case 'endpoint itself':
			return endpoint === undefined ? entrance.to : { protocol, address: endpoint.address, port: endpoint.port };
		case 'somebody':
			return drawn.protocol === 'tcp' ? tcp(plan.client('stranger').address) : udp(plan.client('stranger').address);
		case 'node port elsewhere':
			return { protocol, address: port === nodePort ? plan.node(2) : address, port: nodePort };
	}
}

function entrances(plan: Plan, state: ClusterState): readonly Entrance[] {
	const ports = state.services.flatMap((service) => service.ports);
	return ports.flatMap((servicePort) => {
		const { protocol, port, addresses, endpoints } = servicePort;
		const found = addresses[plan.family];
		if (found === null || protocol === 'sctp') return [];
		const nodePort = servicePort.nodePort ?? 30099;
		const at = (address: string, number = port): Entrance => ({
			to: { protocol, address, port: number },
			nodePort,
			endpoints: endpoints[plan.family],
		});
		return [
			...(found.clusterIp === null ? [] : [at(found.clusterIp)]),
			...[...found.externalIps, ...found.loadBalancerIps].map((address) => at(address)),
			...(servicePort.nodePort === null ? [] : [at(plan.node(1), nodePort)]),
		];
	});
}

function pick<T>(list: readonly T[], drawn: number): T | undefined {
	return list[drawn % Math.max(list.length, 1)];
}
