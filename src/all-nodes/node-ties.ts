import type { Service } from '../model/cluster-state.ts';
import { type Cidr, cidrContains, type IpFamily } from '../model/ip.ts';
import type { Here } from '../view/service-port-view.ts';

// What a Service's rules can know of a node itself, besides its zone. For nodes in one zone that have none of it, they are equal.

/** The nodes that a Service's endpoints are on or hinted for. */
export function namedNodes({ ports }: Service, family: IpFamily): ReadonlySet<string> {
	const endpoints = ports.flatMap((port) => port.endpoints[family]);
	return new Set(endpoints.flatMap(({ node, nodeHints }) => (node === null ? nodeHints : [node, ...nodeHints])));
}

/** Whether a node's address is in one of some source ranges. */
export function inRanges(ranges: readonly Cidr[], { family, primaryIp }: Here): boolean {
	return primaryIp !== null && ranges.some((range) => cidrContains(range, family, primaryIp));
}
