import type { Service } from '../model/cluster-state.ts';
import { cidrContains, type IpFamily } from '../model/ip.ts';
import type { Here } from '../view/service-port-view.ts';

/**
 * What a Service's rules know of the node itself, as text: nodes in one zone that have the same one have equal rules for it. Its
 * endpoints and hints may name the node; an address of the node may lie in the source ranges. Empty for most nodes.
 */
export function nodeKey(service: Service, named: ReadonlySet<string>, { node, family, primaryIp }: Here): string {
	const ranges = service.sourceRanges[family];
	if (ranges === null && !named.has(node)) return '';
	const inRanges = primaryIp !== null && (ranges ?? []).some((range) => cidrContains(range, family, primaryIp));
	return `${named.has(node) ? node : ''}|${inRanges}`;
}

/** The nodes that a Service's endpoints are on or hinted for. */
export function namedNodes({ ports }: Service, family: IpFamily): ReadonlySet<string> {
	const endpoints = ports.flatMap((port) => port.endpoints[family]);
	return new Set(endpoints.flatMap(({ node, nodeHints }) => (node === null ? nodeHints : [node, ...nodeHints])));
}
