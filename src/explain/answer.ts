import type { ClusterState, Service, ServicePort } from '../model/cluster-state.ts';
import { familyName, type IpFamily } from '../model/ip.ts';
import { nearest } from '../model/nearest.ts';
import { sortedBy } from '../model/order.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { findService, portsNamed } from '../trace/destination.ts';
import type { ServiceName, Unresolved } from '../trace/ends.ts';
import { type Cohort, cohorts, type Member } from './cohorts.ts';
import { explainPort } from './explain.ts';
import { type Load, loadOf } from './load.ts';
import { type Places, placesOf } from './place.ts';

/** What is asked about a Service. */
export interface Question {
	readonly name: ServiceName;
	/** the node to explain; null for none or all */
	readonly node: string | null;
	readonly allNodes: boolean;
	/** whether to compute the load of endpoints and zones */
	readonly overload: boolean;
	/** how much nodes send, 1 where nothing is said */
	readonly weights: ReadonlyMap<string, number>;
	/** null asks for each that the Service has */
	readonly family: IpFamily | null;
}

/** The answer for one port. */
export interface PortAnswer {
	readonly port: ServicePort;
	/** of the nodes that were asked about; none where only the load was */
	readonly cohorts: readonly Cohort[];
	/** by family; null where nobody asked */
	readonly loads: readonly Load[] | null;
}

/** The answer to a question about a Service. */
export interface Answer {
	readonly service: Service;
	readonly question: Question;
	/** in the order of their names */
	readonly ports: readonly PortAnswer[];
}

/** Answers a question about a Service, or says which name leads nowhere. */
export function answer(question: Question, state: ClusterState, network: NetworkSettings): Answer | Unresolved {
	const service = findService(question.name, state);
	if ('unresolved' in service) return service;
	const ports = portsNamed(service, question.name);
	if ('unresolved' in ports) return ports;
	const families = network.families.filter((family) => question.family === null || question.family === family);
	const refusal = whyNoNode(question, state) ?? whyNoFamily(service, ports, families);
	if (refusal !== null) return { unresolved: refusal };
	const places = placesOf(state, network);
	const members = membersOf(question, state, places);
	return {
		service,
		question,
		ports: sortedBy(ports, ({ id }) => id.port).map((port) => ({
			port,
			cohorts: cohorts(members, (node) => explainPort(service, port, node, families, places)),
			loads: question.overload
				? families.flatMap((family) => loadOf(service, port, family, state.nodes, question.weights, places) ?? [])
				: null,
		})),
	};
}

function membersOf({ node, allNodes }: Question, { nodes }: ClusterState, places: Places): readonly Member[] {
	if (allNodes) return nodes;
	return node === null ? [] : [{ name: node, zone: places.at(node, 'ip').here.zone }];
}

/** A single node is taken at its word where the input has no Nodes; more need some. */
function whyNoNode({ node, allNodes, overload, weights }: Question, { nodes }: ClusterState): string | null {
	if (nodes.length === 0) {
		return allNodes || overload ? 'there is no Node in the input; name one with --node' : null;
	}
	const known = new Set(nodes.map(({ name }) => name));
	const unknown = [...(node === null ? [] : [node]), ...weights.keys()].find((name) => !known.has(name));
	if (unknown !== undefined) {
		const others = nearest(unknown, [...known]).join(', ');
		return `there is no Node ${unknown} among the ${nodes.length} in the input (did you mean ${others}?)`;
	}
	const silent = overload && nodes.every(({ name }) => weights.get(name) === 0);
	return silent ? 'no node sends anything: every --weight is 0' : null;
}

function whyNoFamily(
	{ namespace, name }: Service,
	ports: readonly ServicePort[],
	families: readonly IpFamily[],
): string | null {
	if (ports.some(({ addresses }) => families.some((family) => addresses[family] !== null))) return null;
	return `Service ${namespace}/${name} has no ${families.map(familyName).join(' or ')} address`;
}
