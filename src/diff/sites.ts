import { isDeepStrictEqual } from 'node:util';
import type { ClusterState, Node } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, cidrContains, cidrText, IP_FAMILIES } from '../model/ip.ts';
import type { FamilyView, NodeView, PodDetection } from '../model/node-view.ts';
import type { NetworkSettings } from '../model/settings.ts';
import { emptyNodeView, placeOf, podDetection } from '../view/node-view.ts';
import type { Here } from '../view/service-port-view.ts';
import { pairUp } from './pairs.ts';

/** What one side of the comparison says of a node in one family, without its Services. */
export interface Site {
	readonly here: Here;
	readonly node: NodeView;
	readonly view: FamilyView;
	/** stands for the way pods are told: equal ones are of one number */
	readonly pods: number;
}

/** A node that both sides have, in one family. */
export interface SitePair {
	readonly name: string;
	readonly before: Site;
	readonly after: Site;
	/** whether the node's surroundings are the same on both sides */
	readonly same: boolean;
}

/** Where there is no Node to be compared, one stands for any. */
export const ANY_NODE = '‹any node›';

/** The names of the nodes of both sides. */
export interface NodeNames {
	readonly both: readonly string[];
	readonly joined: readonly string[];
	readonly left: readonly string[];
}

/** Which nodes come, go and stay. A side without any Node says nothing of nodes: then rules of an imaginary one are compared. */
export function nodeNames(before: readonly Node[], after: readonly Node[]): NodeNames {
	const pairs = pairUp(before, after, (node) => node.name);
	const both = pairs.flatMap((pair) => (pair.before && pair.after ? pair.after.name : []));
	return {
		both: before.length === 0 || after.length === 0 ? [ANY_NODE] : both,
		joined: pairs.flatMap((pair) => (pair.before === null ? (pair.after?.name ?? []) : [])),
		left: pairs.flatMap((pair) => (pair.after === null ? (pair.before?.name ?? []) : [])),
	};
}

/** The nodes of that name as both sides see them, by family. */
export function sitePairs(
	names: readonly string[],
	before: ClusterState,
	after: ClusterState,
	settings: NetworkSettings,
): ByFamily<readonly SitePair[]> {
	const numbers = numbering();
	const [makeBefore, makeAfter] = [siteMaker(before, settings, numbers), siteMaker(after, settings, numbers)];
	const pairs = names.map((name) => ({ name, before: makeBefore(name), after: makeAfter(name) }));
	return byFamily((family) =>
		pairs.flatMap((pair) => {
			const [before, after] = addressed(pair.before, pair.after).map((sites) => sites[family]);
			return before && after ? [{ name: pair.name, before, after, same: isSame(before, after) }] : [];
		}),
	);
}

/** Addresses of a node of which none is known: the IPv4 dummy address (RFC 7600), and one that is discarded (RFC 6666). */
export const SOME_ADDRESS: ByFamily<string> = { ip: '192.0.0.8', ip6: '100::8' };

/** NodePorts answer at a node also where nobody knows its addresses. */
function addressed(...sides: readonly Sites[]): readonly Sites[] {
	const known = sides.some((sites) => IP_FAMILIES.some((family) => sites[family]?.view.addresses.length));
	if (known) return sides;
	const withOne = (sites: Sites): Sites =>
		byFamily((family) => {
			const site = sites[family];
			return site && { ...site, view: { ...site.view, addresses: [SOME_ADDRESS[family]] } };
		});
	return sides.map(withOne);
}

type Sites = ByFamily<Site | null>;

function siteMaker(
	state: ClusterState,
	settings: NetworkSettings,
	numberOf: (pods: PodDetection | null) => number,
): (name: string) => Sites {
	const nodes = new Map(state.nodes.map((node) => [node.name, node]));
	const common = byFamily((family) => podDetection(state, { ...settings, node: '' }, null, family));
	return (name) => {
		const own = { ...settings, node: name };
		const node = nodes.get(name) ?? null;
		const pods = byFamily((family) =>
			settings.detectLocal.mode === 'node-cidr' ? podDetection(state, own, node, family) : common[family],
		);
		const view = emptyNodeView(state, own, node, pods);
		return byFamily((family) => {
			const found = view.families.find((each) => each.family === family);
			if (found === undefined) return null;
			return { here: placeOf(own, node, family), node: view, view: found, pods: numberOf(found.pods) };
		});
	};
}

/** Numbers ways to tell pods, equal ones alike. Nodes share one, of a network for each of them: it is spelled once. */
function numbering(): (pods: PodDetection | null) => number {
	const byPods = new Map<PodDetection | null, number>();
	const byKey = new Map<string, number>();
	return (pods) => {
		const known = byPods.get(pods);
		if (known !== undefined) return known;
		const key = pods === null ? '' : pods.by === 'interface' ? pods.name : pods.networks.map(cidrText).join();
		const number = byKey.get(key) ?? byKey.size;
		byKey.set(key, number);
		byPods.set(pods, number);
		return number;
	};
}

function isSame(before: Site, after: Site): boolean {
	return (
		isDeepStrictEqual(before.here, after.here) &&
		isDeepStrictEqual(before.view.addresses, after.view.addresses) &&
		hasSameFrame(before, after)
	);
}

/** Whether both sides make the same table of the node where there is no Service. */
export function hasSameFrame(before: Site, after: Site): boolean {
	return before.pods === after.pods && ownFrameKey(before) === ownFrameKey(after);
}

/** What decides about a node's table without any Service, pod networks apart, as text. */
export function ownFrameKey({ view }: Site): string {
	return [view.nodePortNetworks?.map(cidrText).join() ?? 'all', view.serviceCidrs.map(cidrText).join()].join(' ');
}

/** Whether NodePorts answer at an address: it is the node's own, in the networks where they do. */
export function answersNodePorts({ view, here }: Site, address: string): boolean {
	const { addresses, nodePortNetworks } = view;
	if (!addresses.includes(address)) return false;
	return nodePortNetworks === null || nodePortNetworks.some((cidr) => cidrContains(cidr, here.family, address));
}
