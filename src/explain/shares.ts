import type { Endpoint, Node, Service, ServicePort } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import { compareBytes } from '../model/order.ts';
import { type Fraction, ONE, oneIn, plus, times, ZERO } from '../trace/fraction.ts';
import { decide } from '../view/service-port-view.ts';
import type { Places } from './place.ts';
import { type Subject, subjectAt } from './subject.ts';

/** A share of the traffic before and after the policies and the distribution preference narrow the endpoints. */
export interface BeforeAfter {
	/** every ready endpoint alike */
	readonly before: Fraction;
	/** as the rules spread it */
	readonly after: Fraction;
}

/** The share of one endpoint. */
export interface EndpointLoad extends BeforeAfter {
	readonly endpoint: Endpoint;
	readonly zone: string | null;
}

/** The share of one zone: what its nodes send and what its endpoints get. */
export interface ZoneLoad extends BeforeAfter {
	/** null for nodes and endpoints of which nobody says the zone */
	readonly zone: string | null;
	readonly nodes: number;
	readonly sends: Fraction;
}

/** Who gets how much when every node sends its weight to the ClusterIP. The shares and what is lost add up to one. */
export interface Shares {
	readonly family: IpFamily;
	/** the share of each endpoint where all get the same; null where none can serve */
	readonly fair: Fraction | null;
	/** those that could serve, by target */
	readonly endpoints: readonly EndpointLoad[];
	readonly zones: readonly ZoneLoad[];
	readonly dropped: BeforeAfter;
	readonly refused: BeforeAfter;
}

/** A node that sends, and what becomes of its traffic. */
export interface Sender {
	readonly node: Node;
	readonly share: Fraction;
	readonly subject: Subject;
}

/** The nodes, each with its share of what all send; none where the service port has no address of the family. */
export function sendersOf(
	service: Service,
	port: ServicePort,
	family: IpFamily,
	nodes: readonly Node[],
	weights: ReadonlyMap<string, number>,
	places: Places,
): readonly Sender[] {
	const weightOf = ({ name }: Node) => BigInt(weights.get(name) ?? 1);
	const total = nodes.reduce((sum, node) => sum + weightOf(node), 0n);
	return nodes.flatMap((node) => {
		const subject = subjectAt(service, port, places.at(node.name, family));
		return subject === null ? [] : [{ node, subject, share: times({ of: weightOf(node), in: total }, ONE) }];
	});
}

/** The exact shares of what the senders send to the ClusterIP of a service port. */
export function sharesOf(port: ServicePort, family: IpFamily, senders: readonly Sender[], places: Places): Shares {
	const before = spread(senders, alike);
	const after = spread(senders, decided);
	const shares = (fate: string): BeforeAfter => ({ before: before.get(fate) ?? ZERO, after: after.get(fate) ?? ZERO });
	const byTarget = new Map(port.endpoints[family].map((endpoint) => [endpoint.target, endpoint]));
	const endpoints = [...byTarget.values()]
		.filter(({ target }) => before.has(target) || after.has(target))
		.map((endpoint) => ({ endpoint, zone: places.zoneOf(endpoint), ...shares(endpoint.target) }));
	const serving = endpoints.filter(({ endpoint }) => before.has(endpoint.target)).length;
	return {
		family,
		fair: serving === 0 ? null : oneIn(serving),
		endpoints,
		zones: zonesOf(senders, endpoints),
		dropped: shares('dropped'),
		refused: shares('refused'),
	};
}

/** Where a node's traffic goes: endpoints by target, each with the same share, or a fate that is none. */
type Ways = readonly string[];

function decided({ view, decision }: Subject): Ways {
	if (view.internal === 'refuse') return ['refused'];
	if (view.internal === 'drop') return ['dropped'];
	return decision.found[view.internal].map(({ target }) => target);
}

/** What the node would do had the Service no hints and no policy for traffic inside. */
function alike({ service, port, place }: Subject): Ways {
	const withoutHints = (endpoint: Endpoint): Endpoint => ({ ...endpoint, zoneHints: [], nodeHints: [] });
	const endpoints = { ip: port.endpoints.ip.map(withoutHints), ip6: port.endpoints.ip6.map(withoutHints) };
	const indifferent: Service = { ...service, internalTrafficPolicy: 'Cluster' };
	const { cluster } = decide(indifferent, { ...port, endpoints }, place.here, place.behaviour).found;
	return cluster.length === 0 ? ['refused'] : cluster.map(({ target }) => target);
}

/** The shares of all ways together. Nodes with the same ways are added up first: they are many, and ways are few. */
function spread(senders: readonly Sender[], ways: (subject: Subject) => Ways): ReadonlyMap<string, Fraction> {
	const groups = new Map<string, { ways: Ways; share: Fraction }>();
	for (const { subject, share } of senders) {
		const here = ways(subject);
		const key = here.join(' ');
		groups.set(key, { ways: here, share: plus(groups.get(key)?.share ?? ZERO, share) });
	}
	const found = new Map<string, Fraction>();
	for (const group of groups.values()) {
		const each = times(group.share, oneIn(group.ways.length));
		for (const way of group.ways) found.set(way, plus(found.get(way) ?? ZERO, each));
	}
	return found;
}

function zonesOf(senders: readonly Sender[], endpoints: readonly EndpointLoad[]): readonly ZoneLoad[] {
	const names = new Set([
		...senders.map(({ subject }) => subject.place.here.zone),
		...endpoints.map(({ zone }) => zone),
	]);
	return [...names]
		.sort((a, b) => compareBytes(a ?? '', b ?? ''))
		.map((zone) => {
			const here = senders.filter(({ subject }) => subject.place.here.zone === zone);
			const there = endpoints.filter((each) => each.zone === zone);
			return {
				zone,
				nodes: here.length,
				sends: sum(here.map(({ share }) => share)),
				before: sum(there.map(({ before }) => before)),
				after: sum(there.map(({ after }) => after)),
			};
		});
}

function sum(shares: readonly Fraction[]): Fraction {
	return shares.reduce(plus, ZERO);
}
