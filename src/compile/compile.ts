import { type Cidr, cidrText } from '../model/ip.ts';
import type { FamilyView, NodeView } from '../model/node-view.ts';
import type { PortProgram, TableProgram } from '../model/program.ts';
import type { Action, Field, NamedSet, Ruleset, SetElement, Table, VerdictMap } from '../model/ruleset.ts';
import { assemble } from './assemble.ts';
import { MAP, SET } from './names.ts';
import { fromPod } from './pods.ts';
import { DESTINATION, DESTINATION_PORT } from './rules.ts';
import { compileServicePort, type Surroundings } from './service-port.ts';
import { hasWideNodePorts, skeleton } from './skeleton.ts';

/** Turns a node's view into rules. Everything is decided already: this only chooses the words. */
export function compile(view: NodeView): Ruleset {
	return {
		kind: 'ruleset',
		node: view.node,
		zone: view.zone,
		tables: view.families.map((family) => assemble(compileTable(view, family))),
	};
}

/** One family's table, in parts. */
export function compileTable(node: NodeView, view: FamilyView): TableProgram {
	const { frame, compilePort } = tableCompiler(node, view);
	return { frame, ports: view.servicePorts.map(compilePort) };
}

/** How a family's table is made: what it has without any Service, and what it gets for one service port. */
export interface TableCompiler {
	readonly frame: Table;
	/** all that the service ports' rules know of the node */
	readonly surroundings: Surroundings;
	readonly compilePort: (port: FamilyView['servicePorts'][number]) => PortProgram;
}

/** Prepares what depends on the node only; the view's service ports do not matter. */
export function tableCompiler(node: NodeView, view: FamilyView): TableCompiler {
	const mask = node.masqueradeMark;
	const mark: Action = { kind: 'mark', mask };
	const surroundings: Surroundings = { node: node.node, fromPod: view.pods === null ? null : fromPod(view.pods), mark };
	const frame: Table = {
		kind: 'table',
		family: view.family,
		name: node.table,
		comment: `nft-gen: Services as seen from node ${node.node}`,
		sets: commonSets(view),
		maps: MAPS,
		chains: skeleton(view, surroundings, { kind: 'unmark', mask }, { kind: 'marked', mask }),
	};
	return { frame, surroundings, compilePort: (port) => compileServicePort(port, surroundings) };
}

function commonSets(view: FamilyView): readonly NamedSet[] {
	const sets = [namedSet(SET.clusterIps, 'every ClusterIP', ['daddr'])];
	if (view.nodePortNetworks !== null) {
		const wide = hasWideNodePorts(view);
		const comment = wide ? 'networks whose addresses answer on NodePorts' : 'addresses that answer on NodePorts';
		sets.push(namedSet(SET.nodePortIps, comment, ['daddr'], networkElements(view.nodePortNetworks), wide));
	}
	if (view.pods?.by === 'networks') {
		sets.push(namedSet(SET.podNetworks, 'where pods live', ['saddr'], networkElements(view.pods.networks), true));
	}
	const comment = 'endpoints on this node, which may reach themselves through a Service';
	sets.push(namedSet(SET.hairpin, comment, ['saddr', ...DESTINATION]));
	return sets;
}

function networkElements(cidrs: readonly Cidr[]): readonly SetElement[] {
	return cidrs.map((cidr) => ({ key: [cidrText(cidr)] }));
}

function namedSet(
	name: string,
	comment: string,
	fields: readonly Field[],
	elements: readonly SetElement[] = [],
	interval = false,
): NamedSet {
	return { kind: 'set', name, comment, fields, interval, timeout: null, elements };
}

const MAPS: readonly VerdictMap[] = [
	verdictMap(MAP.services, 'ClusterIPs, external IPs and load-balancer IPs', DESTINATION),
	verdictMap(MAP.nodePorts, 'NodePorts', DESTINATION_PORT),
	verdictMap(MAP.noEndpoints, 'what has no endpoint to go to', DESTINATION),
	verdictMap(MAP.nodePortsWithoutEndpoints, 'NodePorts that have no endpoint to go to', DESTINATION_PORT),
	verdictMap(MAP.sourceRanges, 'load-balancer IPs that only some sources may reach', DESTINATION),
];

function verdictMap(name: string, comment: string, fields: readonly Field[]): VerdictMap {
	return { kind: 'map', name, comment, fields, elements: [] };
}
