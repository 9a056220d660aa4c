import { type Cidr, cidrText } from '../model/ip.ts';
import type { FamilyView, NodeView } from '../model/node-view.ts';
import { compareBytes, sortedBy } from '../model/order.ts';
import type { Action, Field, MapElement, NamedSet, Ruleset, SetElement, Table, VerdictMap } from '../model/ruleset.ts';
import { MAP, SET } from './names.ts';
import { fromPod } from './pods.ts';
import { DESTINATION, DESTINATION_PORT } from './rules.ts';
import { compileServicePort, type ServicePortRules, type Surroundings } from './service-port.ts';
import { hasWideNodePorts, skeleton } from './skeleton.ts';

/** Turns a node's view into rules. Everything is decided already: this only chooses the words. */
export function compile(view: NodeView): Ruleset {
	return {
		kind: 'ruleset',
		node: view.node,
		zone: view.zone,
		tables: view.families.map((family) => compileTable(view, family)),
	};
}

function compileTable(node: NodeView, view: FamilyView): Table {
	const mask = node.masqueradeMark;
	const mark: Action = { kind: 'mark', mask };
	const surroundings: Surroundings = { fromPod: view.pods === null ? null : fromPod(view.pods), mark };
	const compiled = view.servicePorts.map((port) => compileServicePort(port, surroundings));
	return {
		kind: 'table',
		family: view.family,
		name: node.table,
		comment: `nft-gen: Services as seen from node ${node.node}`,
		sets: [
			...commonSets(node, view),
			...sortedBy(
				compiled.flatMap((port) => port.affinitySets),
				(set) => set.name,
			),
		],
		maps: verdictMaps(compiled),
		chains: [
			...skeleton(view, surroundings, { kind: 'unmark', mask }, { kind: 'marked', mask }),
			...compiled.flatMap((port) => port.chains),
		],
	};
}

function commonSets(node: NodeView, view: FamilyView): readonly NamedSet[] {
	const clusterIps = view.servicePorts.flatMap((port) => port.clusterIp ?? []);
	const sets = [namedSet(SET.clusterIps, 'every ClusterIP', ['daddr'], clusterIps.map(single))];
	if (view.nodePortNetworks !== null) {
		const wide = hasWideNodePorts(view);
		const comment = wide ? 'networks whose addresses answer on NodePorts' : 'addresses that answer on NodePorts';
		sets.push(namedSet(SET.nodePortIps, comment, ['daddr'], networkElements(view.nodePortNetworks), wide));
	}
	if (view.pods?.by === 'networks') {
		sets.push(namedSet(SET.podNetworks, 'where pods live', ['saddr'], networkElements(view.pods.networks), true));
	}
	const hairpin = view.servicePorts.flatMap((port) =>
		port.reachable
			.filter((endpoint) => endpoint.node === node.node)
			.map(({ address, port: number }) => ({ key: [address, address, port.protocol, String(number)] })),
	);
	const comment = 'endpoints on this node, which may reach themselves through a Service';
	sets.push(namedSet(SET.hairpin, comment, ['saddr', ...DESTINATION], hairpin));
	return sets;
}

function single(text: string): SetElement {
	return { key: [text] };
}

function networkElements(cidrs: readonly Cidr[]): readonly SetElement[] {
	return cidrs.map((cidr) => single(cidrText(cidr)));
}

function namedSet(
	name: string,
	comment: string,
	fields: readonly Field[],
	elements: readonly SetElement[],
	interval = false,
): NamedSet {
	return { kind: 'set', name, comment, fields, interval, timeout: null, elements: byKey(elements) };
}

function verdictMaps(ports: readonly ServicePortRules[]): readonly VerdictMap[] {
	const map = (
		name: string,
		comment: string,
		fields: readonly Field[],
		pick: (port: ServicePortRules) => readonly MapElement[],
	) => {
		const elements = byKey(ports.flatMap(pick));
		return { kind: 'map', name, comment, fields, elements } as const;
	};
	return [
		map(MAP.services, 'ClusterIPs, external IPs and load-balancer IPs', DESTINATION, (port) => port.services),
		map(MAP.nodePorts, 'NodePorts', DESTINATION_PORT, (port) => port.nodePorts),
		map(MAP.noEndpoints, 'what has no endpoint to go to', DESTINATION, (port) => port.noEndpoints),
		map(
			MAP.nodePortsWithoutEndpoints,
			'NodePorts that have no endpoint to go to',
			DESTINATION_PORT,
			(port) => port.nodePortsWithoutEndpoints,
		),
		map(
			MAP.sourceRanges,
			'load-balancer IPs that only some sources may reach',
			DESTINATION,
			(port) => port.sourceRanges,
		),
	];
}

/** Sorted bytewise by key, one element for each: two service ports may share a ClusterIP or a pod. */
function byKey<T extends SetElement>(elements: readonly T[]): readonly T[] {
	const keyed = new Map(elements.map((element) => [element.key.join(' . '), element]));
	return [...keyed.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, element]) => element);
}
