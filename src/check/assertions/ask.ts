import { compile } from '../../compile/compile.ts';
import type { ClusterState, Service } from '../../model/cluster-state.ts';
import { familyName, IP_FAMILIES, type IpFamily, socketText } from '../../model/ip.ts';
import type { NodeView } from '../../model/node-view.ts';
import type { NetworkSettings } from '../../model/settings.ts';
import type { AddressBook } from '../../trace/address-book.ts';
import { findService, portsNamed } from '../../trace/destination.ts';
import type { ClientName, DestinationName } from '../../trace/ends.ts';
import { type Flow, flowsOf, worldOf } from '../../trace/flow.ts';
import { type Outcome, trace } from '../../trace/trace.ts';
import { servicePortViews } from '../../view/node-view.ts';
import { type GroupSites, isServedIn, type Site, type SiteGroup } from '../site-groups.ts';
import type { AssertedClient, Assertion } from './assertion.ts';

/** All that questions are answered with. */
export interface Asking {
	readonly state: ClusterState;
	readonly network: NetworkSettings;
	readonly groupSites: GroupSites;
	readonly book: AddressBook;
}

/** What becomes of one connection on nodes that treat it alike. */
export interface Asked {
	readonly site: Site;
	readonly nodes: readonly string[];
	readonly family: IpFamily;
	/** `outside (203.0.113.1) → shop/web:http (10.96.0.20:80/tcp)` */
	readonly connection: string;
	/** none where no address leads there at all */
	readonly outcomes: readonly Outcome[];
	/** the options of `trace` that ask the same; null where there is nothing to trace */
	readonly options: readonly string[] | null;
}

/** Every connection that an assertion is about, and why names lead nowhere. */
export interface Answers {
	readonly asked: readonly Asked[];
	readonly unresolved: readonly string[];
}

/** Follows the connections of an assertion on one node of each group that treats them alike. @param names nodes that count; null for all */
export function ask(
	assertion: Assertion,
	services: readonly Service[],
	names: ReadonlySet<string> | null,
	asking: Asking,
): Answers {
	const families = IP_FAMILIES.filter((family) => assertion.family === null || assertion.family === family);
	const asked: Asked[] = [];
	const leadingNowhere: Asked[] = [];
	const unresolved: string[] = [];
	for (const family of families) {
		const served = services.filter((service) => isServedIn(service, family));
		for (const group of asking.groupSites(served, family, names)) {
			const view = viewAt(group.site, served, asking.network);
			const destinations = destinationsOf(assertion, asking.state, family);
			if (destinations.length === 0 && served.length > 0) leadingNowhere.push(nowhere(assertion, group, family));
			for (const destination of destinations) {
				for (const client of clientsOf(assertion.from, served[0] ?? null, group, family)) {
					const flows = flowsOf({ client: client.name, destination, family }, asking.state, view, asking.book);
					if ('unresolved' in flows) unresolved.push(flows.unresolved);
					else asked.push(...flows.map((flow) => answered(flow, client, destination, assertion, group, view)));
				}
			}
		}
	}
	// A Service may be there for clients outside in one family only.
	return { asked: asked.length > 0 ? asked : leadingNowhere, unresolved };
}

/** The node's view in one family, with the Services that can have a say. */
function viewAt({ node, view, here }: Site, services: readonly Service[], { behaviour }: NetworkSettings): NodeView {
	const servicePorts = services.flatMap((service) => servicePortViews(service, here, behaviour));
	return { ...node, families: [{ ...view, servicePorts }] };
}

/** Somebody outside comes to a Service by the addresses it has for the outside; anybody else by the one that was named. */
function destinationsOf({ from, to }: Assertion, state: ClusterState, family: IpFamily): readonly DestinationName[] {
	if (to.kind !== 'service' || to.at !== 'cluster-ip' || from.kind !== 'external') return [to];
	const service = findService(to, state);
	const ports = 'unresolved' in service ? [] : portsNamed(service, to);
	if ('unresolved' in ports || ports.length !== 1) return [to];
	return ports.flatMap(({ addresses, port, nodePort, protocol }): readonly DestinationName[] => {
		const { externalIps = [], loadBalancerIps = [] } = addresses[family] ?? {};
		return [
			...[...externalIps, ...loadBalancerIps].map((address) => ({
				kind: 'address' as const,
				family,
				address,
				port,
				protocol,
			})),
			...(nodePort === null || addresses[family] === null
				? []
				: [{ kind: 'nodeport' as const, port: nodePort, protocol }]),
		];
	});
}

/** A client by a name that the tracer knows; the interface is that of a pod where pods are known by it. */
interface Caller {
	readonly name: ClientName;
	readonly iifname: string | null;
}

function clientsOf(
	from: AssertedClient,
	service: Service | null,
	{ clientsOf: all }: SiteGroup,
	family: IpFamily,
): readonly Caller[] {
	if (from.kind !== 'any-pod') return [{ name: from, iifname: null }];
	const pods = all(service).filter(({ kind }) => kind === 'pod');
	// Where nothing tells pods from others, rules treat everybody alike.
	if (pods.length === 0) return [{ name: { kind: 'external' }, iifname: null }];
	return pods.map(({ witness, iifname }) => ({ name: { kind: 'address', family, address: witness }, iifname }));
}

function answered(
	flow: Flow,
	{ iifname }: Caller,
	to: DestinationName,
	assertion: Assertion,
	{ site, nodes }: SiteGroup,
	view: NodeView,
): Asked {
	const packet = { ...flow.packet, iifname: iifname ?? flow.packet.iifname };
	const { saddr, daddr, dport, protocol, family } = packet;
	const isPod = assertion.from.kind === 'any-pod';
	const from = isPod ? `any pod (${saddr})` : named(flow.client.name, saddr);
	const connection = `${from} → ${named(flow.destination.name, `${socketText(daddr, dport)}/${protocol}`)}`;
	const client = isPod ? `ip:${saddr}` : assertion.said.from;
	const options = [
		...['--node', view.node, '--from', client, '--to', to === assertion.to ? assertion.said.to : endText(to)],
		...['--family', familyName(family).toLowerCase()],
	];
	const outcomes = trace(compile(view), packet, worldOf(site.view));
	return { site, nodes, family, connection, outcomes, options };
}

function nowhere({ said }: Assertion, { site, nodes }: SiteGroup, family: IpFamily): Asked {
	return {
		site,
		nodes,
		family,
		connection: `${said.from} → ${said.to} (${familyName(family)})`,
		outcomes: [],
		options: null,
	};
}

function named(name: string | null, address: string): string {
	return name === null ? address : `${name} (${address})`;
}

/** A destination as the command line has it. */
function endText(to: DestinationName): string {
	const suffix = to.protocol === 'tcp' || to.protocol === null ? '' : `/${to.protocol}`;
	if (to.kind === 'nodeport') return `nodeport:${to.port}${suffix}`;
	return to.kind === 'address' ? `ip:${socketText(to.address, to.port)}${suffix}` : '';
}
