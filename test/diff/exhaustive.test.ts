import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowChange } from '../../src/model/change-set.ts';
import type { ClusterState, Protocol } from '../../src/model/cluster-state.ts';
import { addressOf, type Cidr, cidrBounds, IP_FAMILIES, type IpFamily } from '../../src/model/ip.ts';
import type { NodeView } from '../../src/model/node-view.ts';
import type { Packet } from '../../src/model/packet.ts';
import type { Ruleset } from '../../src/model/ruleset.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compileNode, readCluster } from '../../src/pipeline.ts';
import { worldOf } from '../../src/trace/flow.ts';
import { trace } from '../../src/trace/trace.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { compared, flowLine } from '../support/comparisons.ts';
import { documents, settings } from '../support/objects.ts';

// Gate G5: every packet of small states is sent through the whole rulesets of both sides, and the classes must have said so.

/** Whatever divides clients or says where NodePorts answer. */
const SETTINGS: readonly Partial<Settings>[] = [
	{},
	{ nodePortAddresses: { primary: true, networks: [] } },
	{ detectLocal: { mode: 'node-cidr' } },
	{ detectLocal: { mode: 'none' }, masqueradeAll: true },
];

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp'];

interface Side {
	readonly state: ClusterState;
	readonly compiled: ReadonlyMap<string, { readonly ruleset: Ruleset; readonly view: NodeView }>;
}

function sideOf(objects: readonly unknown[], all: Settings): Side {
	const { state } = readCluster(documents(...objects), all);
	const compiled = state.nodes.map(({ name }) => {
		const { ruleset, view } = compileNode(documents(...objects), { ...all, node: name });
		if (ruleset === null || view === null) throw new Error(`no rules for ${name}`);
		return [name, { ruleset, view }] as const;
	});
	return { state, compiled: new Map(compiled) };
}

/** Every address that could be told from its neighbours: the ends of all networks with one more on either side, and all that objects have. */
function interestingSources(sides: readonly Side[], family: IpFamily): readonly string[] {
	const cidrs = sides.flatMap(({ state }) => [
		...state.nodes.flatMap((node) => node.podCidrs[family]),
		...state.services.flatMap((service) => service.sourceRanges[family] ?? []),
	]);
	const ends = cidrs.flatMap((cidr: Cidr) => {
		const [first, last] = cidrBounds(cidr);
		return [first - 1n, first, first + 1n, last, last + 1n].flatMap((number) => addressOf(family, number) ?? []);
	});
	const endpoints = sides.flatMap(({ state }) =>
		state.services.flatMap((service) =>
			service.ports.flatMap((port) => port.endpoints[family].map((each) => each.address)),
		),
	);
	const own = sides.flatMap(({ state }) => state.nodes.flatMap((node) => node.addresses[family]));
	return [...new Set([...ends, ...endpoints, ...own])];
}

function destinations(sides: readonly Side[], family: IpFamily, node: string): readonly (readonly [string, number])[] {
	const ports = sides.flatMap(({ state }) => state.services.flatMap((service) => service.ports));
	const addresses = ports.flatMap(({ addresses: all }) => {
		const found = all[family];
		return found === null ? [] : [found.clusterIp ?? [], found.externalIps, found.loadBalancerIps].flat();
	});
	const own = sides.flatMap(({ state }) => state.nodes.find(({ name }) => name === node)?.addresses[family] ?? []);
	const numbers = [7, ...ports.flatMap(({ port, nodePort }) => [port, ...(nodePort === null ? [] : [nodePort])])];
	return [...new Set([...addresses, ...own])].flatMap((address) =>
		[...new Set(numbers)].map((port) => [address, port] as const),
	);
}

function says(flow: FlowChange, packet: Packet, node: string, own: readonly string[]): boolean {
	const { frontend, nodes, client } = flow;
	if (!nodes.includes(node) || frontend.family !== packet.family) return false;
	if (frontend.address === null ? !own.includes(packet.daddr) : frontend.address !== packet.daddr) return false;
	if (frontend.kind !== 'other-port' && (frontend.port !== packet.dport || frontend.protocol !== packet.protocol)) {
		return false;
	}
	if (client.kind === 'node') return packet.from === 'node';
	return packet.from === 'network' && (client.kind !== 'endpoint' || client.witness === packet.saddr);
}

/** What classes and packets disagree about: packets that change without a class having said so, and classes without any such packet. */
function disagreements(before: readonly unknown[], after: readonly unknown[], all: Settings): readonly string[] {
	const sides = [sideOf(before, all), sideOf(after, all)] as const;
	const { flows, nodes } = compared(before, after, all);
	const missed: string[] = [];
	const shown = new Set<FlowChange>();
	for (const node of nodes.both) {
		const [ours, theirs] = sides.map(({ compiled }) => compiled.get(node));
		if (ours === undefined || theirs === undefined) throw new Error(`${node} is not on both sides`);
		for (const packet of packets(sides, node, ours.view)) {
			if (isDeepStrictEqual(fates(ours, packet), fates(theirs, packet))) continue;
			const own = familyOf(ours.view, packet.family).addresses;
			const said = flows.filter((flow) => says(flow, packet, node, own));
			if (said.length === 0) missed.push(`${node} ${JSON.stringify(packet)}`);
			for (const flow of said) shown.add(flow);
		}
	}
	const unfounded = flows.filter((flow) => !shown.has(flow) && !isAboutAffinityOnly(flow));
	return [...missed, ...unfounded.map(flowLine)];
}

/** The tracer follows new clients, to whom affinity is nothing yet. */
function isAboutAffinityOnly({ before, after }: FlowChange): boolean {
	return isDeepStrictEqual({ ...before, affinitySeconds: 0 }, { ...after, affinitySeconds: 0 });
}

function fates({ ruleset, view }: { readonly ruleset: Ruleset; readonly view: NodeView }, packet: Packet) {
	const world = worldOf(familyOf(view, packet.family));
	return trace(ruleset, packet, world).map(({ fate, probability }) => ({ fate, probability }));
}

function familyOf(view: NodeView, family: IpFamily): NodeView['families'][number] {
	const found = view.families.find((each) => each.family === family);
	if (found === undefined) throw new Error(`no view of family ${family}`);
	return found;
}

function* packets(sides: readonly Side[], node: string, view: NodeView): Generator<Packet> {
	for (const family of IP_FAMILIES) {
		const own = familyOf(view, family).addresses;
		for (const saddr of interestingSources(sides, family)) {
			const from = own.includes(saddr) ? 'node' : 'network';
			for (const [daddr, dport] of destinations(sides, family, node)) {
				for (const protocol of PROTOCOLS) yield { family, protocol, saddr, daddr, dport, from, iifname: '' };
			}
		}
	}
}

describe('flow classes', () => {
	it('G5: miss no packet that any node treats differently, and name none that nothing shows', () => {
		fc.assert(
			fc.property(arbitraryCluster, arbitraryCluster, fc.constantFrom(...SETTINGS), (one, other, changes) => {
				const [nodes = [], first = [], second = []] = one;
				const after = [nodes, other[1] ?? [], other[2] ?? [], other[3] ?? []];
				expect(disagreements([nodes, first, second].flat(), after.flat(), settings(changes))).toEqual([]);
			}),
			{ numRuns: 8, endOnFailure: true },
		);
	});
});
