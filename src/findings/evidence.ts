import type { Comparison } from '../diff/comparison.ts';
import type { FlowChange, Frontend } from '../model/change-set.ts';
import type { ClusterState, Service, ServicePort, ServicePortId } from '../model/cluster-state.ts';
import { groupBy } from '../model/group-by.ts';
import { sortedBy } from '../model/order.ts';

/** A service port on one side, with its Service. */
export interface PortSide {
	readonly service: Service;
	readonly port: ServicePort;
}

/** A service port on both sides, null on the one where it is not, and the flows to it that change. */
export interface PortEvidence {
	/** as the head calls it, where it has it */
	readonly id: ServicePortId;
	readonly before: PortSide | null;
	readonly after: PortSide | null;
	readonly flows: readonly FlowChange[];
}

/** A Service on both sides, null on the one where it is not proxied, and all that is known of its change. */
export interface ServiceEvidence {
	readonly namespace: string;
	readonly name: string;
	readonly before: Service | null;
	readonly after: Service | null;
	/** sorted bytewise by name */
	readonly ports: readonly PortEvidence[];
	/** all of the Service */
	readonly flows: readonly FlowChange[];
}

/** Gathers, Service by Service, what a comparison found. Sorted by name; Services of which nothing changes have none. */
export function evidenceOf(comparison: Comparison, base: ClusterState, head: ClusterState): readonly ServiceEvidence[] {
	const [before, after] = [base, head].map(({ services }) => new Map(services.map((each) => [nameOf(each), each])));
	const flows = groupBy(comparison.flows, ({ owner }) => `${owner.namespace}/${owner.service}`);
	const owners = comparison.programs.map(({ owner }) => `${owner.namespace}/${owner.service}`);
	const names = new Set([...comparison.services.map(nameOf), ...flows.keys(), ...owners]);
	return sortedBy(names, (name) => name).map((key) => {
		const [namespace = '', name = ''] = key.split('/');
		const pair = { before: before?.get(key) ?? null, after: after?.get(key) ?? null };
		const own = flows.get(key) ?? [];
		return { namespace, name, ...pair, flows: own, ports: portsOf(pair, own) };
	});
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
	return `${namespace}/${name}`;
}

type ServicePair = Pick<ServiceEvidence, 'before' | 'after'>;
type PortPair = Pick<PortEvidence, 'before' | 'after'>;

/** Clients know a port by its number and protocol, not by its name: these pair it with itself. */
function portsOf({ before, after }: ServicePair, flows: readonly FlowChange[]): readonly PortEvidence[] {
	const pairs = new Map<string, PortPair>();
	for (const port of before?.ports ?? [])
		pairs.set(numberOf(port), { before: before && { service: before, port }, after: null });
	for (const port of after?.ports ?? []) {
		const known = pairs.get(numberOf(port))?.before ?? null;
		pairs.set(numberOf(port), { before: known, after: after && { service: after, port } });
	}
	const flowsOf = groupBy(flows, (flow) => keyOfFlow(flow, pairs) ?? '');
	const found = [...pairs].flatMap(([key, pair]) => {
		const id = (pair.after ?? pair.before)?.port.id;
		return id === undefined ? [] : [{ id, ...pair, flows: flowsOf.get(key) ?? [] }];
	});
	return sortedBy(found, ({ id }) => id.port);
}

/** A port's number and protocol: `80/tcp`. */
export function numberOf({ port, protocol }: Pick<ServicePort, 'port' | 'protocol'>): string {
	return `${port}/${protocol}`;
}

/** A NodePort is a port of its owner; another address has the number in it. Null for ports that the Service does not have. */
function keyOfFlow({ owner, frontend }: FlowChange, pairs: ReadonlyMap<string, PortPair>): string | null {
	const { kind, port, protocol } = frontend;
	if (kind === 'other-port') return null;
	if (kind !== 'node-port') return port === null ? null : numberOf({ port, protocol });
	const isOwners = ({ before, after }: PortPair) =>
		after?.port.id.port === owner.port || before?.port.id.port === owner.port;
	return [...pairs].find(([key, pair]) => key.endsWith(`/${protocol}`) && isOwners(pair))?.[0] ?? null;
}

/** Whether a service port answers at an address and port. */
export function answersAt(side: PortSide | null, { kind, family, address, port }: Frontend): boolean {
	const addresses = side?.port.addresses[family] ?? null;
	if (side === null || addresses === null) return false;
	if (kind === 'node-port') return side.port.nodePort !== null && side.port.nodePort === port;
	if (side.port.port !== port || address === null) return false;
	if (kind === 'cluster-ip') return addresses.clusterIp === address;
	return addresses.externalIps.includes(address) || addresses.loadBalancerIps.includes(address);
}

/** The flows to addresses at which the service port answers on both sides. */
export function lastingFlows({ before, after, flows }: PortEvidence): readonly FlowChange[] {
	return flows.filter(({ frontend }) => answersAt(before, frontend) && answersAt(after, frontend));
}

/**
 * Whether source ranges keep a client out on one side only: then they are why its connections are treated differently.
 * They hold for load-balancer addresses and nothing else.
 */
export function isLetInOrOut({ client, frontend }: FlowChange): boolean {
	if (frontend.kind !== 'load-balancer-ip') return false;
	return (client.allowedBefore === false) !== (client.allowedAfter === false);
}

/** Flows with those first that say most: pods come to a ClusterIP, clients outside to all other addresses. */
export function plainestFirst(flows: readonly FlowChange[]): readonly FlowChange[] {
	return sortedBy(flows, ({ client, frontend }) => {
		if (frontend.kind === 'other-port') return '3';
		if (client.kind === 'endpoint') return '2';
		return client.kind === (frontend.kind === 'cluster-ip' ? 'pod' : 'outside') ? '0' : '1';
	});
}
