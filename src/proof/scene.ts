import { compile } from '../compile/compile.ts';
import { SOME_ADDRESS } from '../diff/sites.ts';
import type { FlowChange } from '../model/change-set.ts';
import type { ClusterState, Service } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, cidrContains, IP_FAMILIES, parseSocket } from '../model/ip.ts';
import type { NodeView } from '../model/node-view.ts';
import type { Listener } from '../model/probe.ts';
import type { Ruleset } from '../model/ruleset.ts';
import type { NetworkSettings, Settings } from '../model/settings.ts';
import { worldOf } from '../trace/flow.ts';
import { type Outcome, trace } from '../trace/trace.ts';
import { nodeView } from '../view/node-view.ts';
import { expectationOf } from './expectation.ts';
import type { Trial } from './replay-scene.ts';

/** Two states that were compared. */
export interface States {
	readonly before: ClusterState;
	readonly after: ClusterState;
}

export type SideName = keyof States;

/** One node on one side: its rules, and what is sent there. */
export interface Scene {
	readonly node: string;
	readonly side: SideName;
	readonly view: NodeView;
	readonly ruleset: Ruleset;
	/** the node's addresses, the primary one first, one of each family at least */
	readonly own: ByFamily<readonly string[]>;
	readonly listeners: readonly Listener[];
	readonly trials: readonly Trial[];
}

/**
 * A node with its rules, as `render` makes them, and the flows that are sent there.
 * @throws Error when the state does not have the node
 */
export function sceneOf(
	node: string,
	side: SideName,
	flows: readonly FlowChange[],
	states: States,
	network: NetworkSettings,
): Scene {
	const settings = settingsOf(node, states, network);
	const views = { before: nodeView(states.before, settings).view, after: nodeView(states.after, settings).view };
	const view = views[side];
	if (view === null) throw new Error(`the ${side === 'before' ? 'base' : 'head'} has no node ${node}`);
	const own = byFamily((family) => {
		const addresses = view.families.find((each) => each.family === family)?.addresses ?? [];
		return addresses.length === 0 ? [SOME_ADDRESS[family]] : addresses;
	});
	const both = [views.before, views.after].filter((each) => each !== null);
	const trials = flows.map((flow) => trialOf(flow, side, view, destinationOf(flow, both, states), states));
	const ruleset = compile(view);
	const listeners = listenersOf(trials, own, (trial) => tracedIn({ view, ruleset }, trial));
	return { node, side, view, ruleset, own, listeners, trials };
}

/** A node of which no address is known has some, as the comparison has it. */
function settingsOf(node: string, states: States, network: NetworkSettings): Settings {
	const known = [states.before, states.after].some((state) =>
		state.nodes.some((each) => each.name === node && IP_FAMILIES.some((family) => each.addresses[family].length > 0)),
	);
	const given = IP_FAMILIES.some((family) => network.nodeIps[family].length > 0);
	const nodeIps = known || given ? network.nodeIps : byFamily((family) => [SOME_ADDRESS[family]]);
	return { ...network, node, nodeIps };
}

interface Destination {
	readonly address: string;
	readonly port: number;
}

function destinationOf({ frontend, owner }: FlowChange, views: readonly NodeView[], states: States): Destination {
	const { family, address, port } = frontend;
	return {
		address: address ?? nodePortAddress(family, views),
		port: port ?? unusedPort(owner.namespace, owner.service, states),
	};
}

/** An address of the node at which NodePorts answer on both sides, the one that the comparison takes. */
function nodePortAddress(family: FlowChange['frontend']['family'], views: readonly NodeView[]): string {
	const ofFamily = views.flatMap((view) => view.families.filter((each) => each.family === family));
	const answers = (address: string) =>
		ofFamily.every(
			({ addresses, nodePortNetworks }) =>
				addresses.includes(address) &&
				(nodePortNetworks === null || nodePortNetworks.some((cidr) => cidrContains(cidr, family, address))),
		);
	return ofFamily[0]?.addresses.find(answers) ?? SOME_ADDRESS[family];
}

/** A port that the Service has on neither side. */
function unusedPort(namespace: string, name: string, { before, after }: States): number {
	const isAsked = (service: Service) => service.namespace === namespace && service.name === name;
	const services = [before, after].flatMap((state) => state.services.filter(isAsked));
	const used = new Set(services.flatMap(({ ports }) => ports.map(({ port }) => port)));
	let port = 1;
	while (used.has(port)) port++;
	return port;
}

function trialOf(
	flow: FlowChange,
	side: SideName,
	here: NodeView,
	{ address, port }: Destination,
	states: States,
): Trial {
	const { client, frontend } = flow;
	const probe: Trial['probe'] = {
		from: client.kind === 'node' ? 'node' : 'network',
		protocol: frontend.protocol === 'udp' ? 'udp' : 'tcp',
		source: client.kind === 'node' ? addressLike(flow, here, states) : client.witness,
		address,
		port,
	};
	return { flow, probe, expected: expectationOf(flow[side], probe) };
}

/** The address of this node that has the place of the client's among those of its own node, which may be another one. */
function addressLike(
	{ client: { witness }, frontend: { family } }: FlowChange,
	here: NodeView,
	states: States,
): string {
	const own = here.families.find((each) => each.family === family)?.addresses ?? [];
	if (own.includes(witness)) return witness;
	const nodes = [...states.before.nodes, ...states.after.nodes];
	const place = nodes.map(({ addresses }) => addresses[family].indexOf(witness)).find((index) => index >= 0) ?? 0;
	return own[place] ?? own[0] ?? witness;
}

/** What the tracer says of what is sent, in the whole ruleset. */
export function tracedIn(
	{ view, ruleset }: Pick<Scene, 'view' | 'ruleset'>,
	{ flow, probe }: Pick<Trial, 'flow' | 'probe'>,
): readonly Outcome[] {
	const { family } = flow.frontend;
	const here = view.families.find((each) => each.family === family);
	if (here === undefined) return [];
	const { from, protocol, source: saddr, address: daddr, port: dport } = probe;
	return trace(ruleset, { family, protocol, saddr, daddr, dport, from, iifname: '' }, worldOf(here));
}

/**
 * Who answers: every endpoint before and after, those that the tracer says are reached, and whoever has the address that was
 * asked for, where rules leave it alone.
 */
function listenersOf(
	trials: readonly Trial[],
	own: Scene['own'],
	traced: (trial: Trial) => readonly Outcome[],
): readonly Listener[] {
	const found = new Map<string, Listener>();
	for (const trial of trials) {
		const { flow, probe } = trial;
		const said = [...flow.before.endpoints, ...flow.after.endpoints].map(({ target }) => parseSocket(target));
		const reached = traced(trial).flatMap(({ fate }) => (fate.kind === 'endpoint' ? fate : []));
		for (const { address, port } of [...said, ...reached, probe]) {
			const at = [...own.ip, ...own.ip6].includes(address) ? 'node' : 'network';
			const { protocol } = probe;
			found.set(`${protocol} ${address} ${port}`, { at, protocol, address, port: Number(port) });
		}
	}
	return [...found.values()];
}
