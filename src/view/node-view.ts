import type { Behaviour } from '../model/behaviour.ts';
import type { ClusterState, Node, Service } from '../model/cluster-state.ts';
import {
	type ByFamily,
	byFamily,
	type Cidr,
	hostCidr,
	type IpFamily,
	specialUse,
	withoutOverlaps,
} from '../model/ip.ts';
import { known } from '../model/known.ts';
import { nearest } from '../model/nearest.ts';
import type { FamilyView, NodeView, PodDetection, ServicePortView } from '../model/node-view.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { type Here, servicePortView } from './service-port-view.ts';

/** A node's view, or null where the node is unknown, and what the reader should know about it. */
export interface NodeViewResult {
	readonly view: NodeView | null;
	readonly problems: readonly Problem[];
}

/** Decides everything that depends on the node: which endpoints, which addresses, what counts as a pod. */
export function nodeView(state: ClusterState, settings: Settings): NodeViewResult {
	const node = state.nodes.find((each) => each.name === settings.node) ?? null;
	if (node === null && state.nodes.length > 0) return { view: null, problems: [unknownNode(state, settings.node)] };
	const empty = emptyNodeView(state, settings, node);
	const families = empty.families.map((view): FamilyView => {
		const here = placeOf(settings, node, view.family);
		return {
			...view,
			servicePorts: state.services.flatMap((each) => servicePortViews(each, here, settings.behaviour)),
		};
	});
	const view: NodeView = { ...empty, families };
	return { view, problems: viewProblems(state, settings, node, view) };
}

/**
 * What a node's view is without any Service.
 * @param pods how pods are told, where somebody knows already: it is the same for all nodes but in mode node-cidr
 */
export function emptyNodeView(
	state: ClusterState,
	settings: Settings,
	node: Node | null,
	pods: ByFamily<PodDetection | null> = byFamily((family) => podDetection(state, settings, node, family)),
): NodeView {
	return {
		node: settings.node,
		zone: placeOf(settings, node, 'ip').zone,
		table: settings.table,
		masqueradeMark: `0x${(2 ** settings.masqueradeBit).toString(16)}`,
		families: settings.families.map((family) => {
			const serviceCidrs = settings.serviceCidrs.length > 0 ? settings.serviceCidrs : state.serviceCidrs[family];
			return {
				family,
				addresses: addressesOf(settings, node, family),
				pods: pods[family],
				masqueradeAll: settings.masqueradeAll,
				nodePortNetworks: nodePortNetworks(settings, family, placeOf(settings, node, family).primaryIp),
				serviceCidrs: withoutOverlaps(serviceCidrs.filter((cidr) => cidr.family === family)),
				servicePorts: [],
			};
		}),
	};
}

/** The service ports of one Service as the node treats them, sorted by name. */
export function servicePortViews(service: Service, here: Here, behaviour: Behaviour): readonly ServicePortView[] {
	const ports = [...service.ports].sort((a, b) => (a.id.port < b.id.port ? -1 : 1));
	return ports.flatMap((port) => servicePortView(service, port, here, behaviour) ?? []);
}

/** What of a node decides about service ports; the command line comes before the Node object. */
export function placeOf(settings: Settings, node: Node | null, family: IpFamily): Here {
	const zone = settings.zone ?? node?.zone ?? null;
	return { node: settings.node, zone, family, primaryIp: addressesOf(settings, node, family)[0] ?? null };
}

function addressesOf(settings: Settings, node: Node | null, family: IpFamily): readonly string[] {
	return [...new Set([...settings.nodeIps[family], ...(node?.addresses[family] ?? [])])];
}

/**
 * How pods are told from others (kube-proxy `cmd/kube-proxy/app/server_linux.go` getLocalDetectors). Without a pod network
 * from the user it is all Nodes' pod networks together, which is exact where one guessed supernet would not be.
 */
export function podDetection(
	state: ClusterState,
	settings: Settings,
	node: Node | null,
	family: IpFamily,
): PodDetection | null {
	const detect = settings.detectLocal;
	switch (detect.mode) {
		case 'none':
			return null;
		case 'bridge':
			return { by: 'interface', name: detect.interface };
		case 'prefix':
			return { by: 'interface', name: `${detect.interface}*` };
		case 'node-cidr':
			return networks(node?.podCidrs[family].slice(0, 1) ?? []);
		case 'cluster-cidr': {
			const given = settings.clusterCidrs.filter((cidr) => cidr.family === family).slice(0, 1);
			if (settings.clusterCidrs.length > 0) return networks(given);
			return networks(state.nodes.flatMap((each) => each.podCidrs[family]));
		}
	}
}

function networks(cidrs: readonly Cidr[]): PodDetection | null {
	return cidrs.length === 0 ? null : { by: 'networks', networks: withoutOverlaps(cidrs) };
}

/**
 * Where NodePorts answer; null is every address of the node. A family for which nothing is named answers everywhere,
 * and loopback never does (kube-proxy `pkg/proxy/util/nodeport_addresses.go`).
 */
export function nodePortNetworks(
	settings: Settings,
	family: IpFamily,
	primaryIp: string | null,
): readonly Cidr[] | null {
	const { primary, networks: named } = settings.nodePortAddresses;
	const wanted = named.filter((cidr) => cidr.family === family);
	if (primary && primaryIp !== null) wanted.push(hostCidr(family, primaryIp));
	if (wanted.length === 0 || wanted.some((cidr) => cidr.prefix === 0)) return null;
	return withoutOverlaps(wanted.filter((cidr) => specialUse(family, cidr.address) !== 'loopback'));
}

function unknownNode(state: ClusterState, name: string): Problem {
	const similar = nearest(
		name,
		state.nodes.map((node) => node.name),
	);
	return {
		code: 'unknown-node',
		severity: 'error',
		origin: null,
		object: null,
		sentence: `there is no Node ${name} among the ${state.nodes.length} in the input`,
		hint: `did you mean ${similar.join(', ')}?`,
	};
}

/** What the reader should know about a node's view; its Services do not matter. */
export function viewProblems(state: ClusterState, settings: Settings, node: Node | null, view: NodeView): Problem[] {
	const object = node === null ? null : `Node ${node.name}`;
	const warn = (code: string, sentence: string, hint: string): Problem => {
		return { code, severity: 'warning', origin: node?.origin ?? null, object, sentence, hint };
	};
	const problems: Problem[] = [];
	if (view.zone === null && hasZoneHints(state)) {
		problems.push(
			warn(
				'no-zone',
				'the node has no zone, so hints for zones are ignored and traffic goes to all zones',
				'label the Node with topology.kubernetes.io/zone, or pass --zone',
			),
		);
	}
	for (const { family, pods } of view.families) {
		if (pods !== null || settings.detectLocal.mode === 'none' || !isServed[family](state)) continue;
		problems.push(
			warn(
				'no-pod-network',
				`no pod network is known for ${family === 'ip' ? 'IPv4' : 'IPv6'}: clients outside it are not masqueraded, and pods get no short cut to externalTrafficPolicy Local Services`,
				'pass --cluster-cidr, or input with Nodes that have podCIDRs',
			),
		);
	}
	return problems;
}

/** All nodes of a cluster ask the same of the same Services: it is answered once. */
function askedOnce(ask: (services: ClusterState['services']) => boolean): (state: ClusterState) => boolean {
	const answers = new WeakMap<ClusterState['services'], boolean>();
	return ({ services }) => known(answers, services, () => ask(services));
}

const hasZoneHints = askedOnce((services) =>
	services.some((service) =>
		service.ports.some(({ endpoints }) =>
			[endpoints.ip, endpoints.ip6].some((list) => list.some((endpoint) => endpoint.zoneHints.length > 0)),
		),
	),
);

const isServed = byFamily((family) =>
	askedOnce((services) => services.some(({ ports }) => ports.some((port) => port.addresses[family] !== null))),
);
