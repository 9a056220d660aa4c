import { socketText } from '../model/ip.ts';
import type { FlowFilter, FlowPattern, UdpFlow } from '../model/udp-flow.ts';
import type { UdpServicePort } from './udp-service-port.ts';

/**
 * What becomes of flows to a service port without any endpoint that serves: until Kubernetes 1.36 kube-proxy leaves them
 * alone (reference 6), since 1.37 it forgets those to the service's addresses, not those to its node port
 * (kubernetes/kubernetes#139629: a sender that never hears an answer would send to a deleted pod's address forever).
 */
export type WhenNoneServes = 'keep' | 'forget';

/** Finds out which UDP flows are stale, flow by flow, in memory that does not grow with their number. */
export interface StaleFlows {
	/** Which flows matter; null for none. */
	readonly filter: FlowFilter | null;
	readonly look: (flow: UdpFlow) => void;
	/** What to delete, the most important first: those to addresses before those to node ports, then by how many they are. */
	readonly patterns: () => readonly FlowPattern[];
	/** Whether there was more than is remembered. */
	readonly isMore: () => boolean;
}

/** More patterns are not remembered. Each costs a walk through the kernel's table to delete. */
export const MOST_PATTERNS = 1_000;

/** A flow is stale when it was sent to a service port and the one who answers is no endpoint of it that serves. */
export function newStaleFlows(
	ports: Iterable<UdpServicePort>,
	whenNoneServes: WhenNoneServes,
	most: number = MOST_PATTERNS,
): StaleFlows {
	const { byAddress, byNodePort } = goodEndpoints(ports, whenNoneServes);
	const atAddresses = newTally(most);
	const atNodePorts = newTally(most);
	const look = (flow: UdpFlow) => {
		const good = byAddress.get(addressKey(flow.address, flow.port));
		const onNode = byNodePort.get(flow.port);
		if (good === undefined && onNode === undefined) return;
		const endpoint = socketText(flow.replyAddress, flow.replyPort);
		const { address, port } = flow;
		const reply = { address: flow.replyAddress, port: flow.replyPort };
		if (good !== undefined && !good.has(endpoint)) {
			atAddresses.count({ address, port, reply: good.size === 0 ? null : reply });
		} else if (onNode !== undefined && !onNode.has(endpoint)) {
			// Whatever address it was sent to, as kube-proxy does: it matches node ports by their number alone.
			atNodePorts.count({ address: null, port, reply });
		}
	};
	return {
		filter: filterOf([...byAddress.keys()], [...byNodePort.keys()]),
		look,
		patterns: () => [...atAddresses.mostFirst(), ...atNodePorts.mostFirst()],
		isMore: () => atAddresses.isMore() || atNodePorts.isMore(),
	};
}

interface Good {
	readonly byAddress: ReadonlyMap<string, ReadonlySet<string>>;
	readonly byNodePort: ReadonlyMap<number, ReadonlySet<string>>;
}

function goodEndpoints(ports: Iterable<UdpServicePort>, whenNoneServes: WhenNoneServes): Good {
	const byAddress = new Map<string, ReadonlySet<string>>();
	const byNodePort = new Map<number, ReadonlySet<string>>();
	for (const { clusterIp, externalAddresses, port, nodePort, serving } of ports) {
		if (serving.size === 0 && whenNoneServes === 'keep') continue;
		for (const address of [clusterIp ?? [], externalAddresses].flat()) {
			byAddress.set(addressKey(address, port), serving);
		}
		if (nodePort !== null && serving.size > 0) byNodePort.set(nodePort, serving);
	}
	return { byAddress, byNodePort };
}

function addressKey(address: string, port: number): string {
	return `${address} ${port}`;
}

/** The narrowest filter that lets all keys through. */
function filterOf(addressKeys: readonly string[], nodePorts: readonly number[]): FlowFilter | null {
	if (addressKeys.length + nodePorts.length === 0) return null;
	const pairs = addressKeys.map((key) => key.split(' '));
	const addresses = new Set(pairs.map(([address]) => address));
	const ports = new Set([...pairs.map(([, port]) => Number(port)), ...nodePorts]);
	const only = <T>(values: ReadonlySet<T>): T | null => (values.size === 1 ? ([...values][0] ?? null) : null);
	return { address: nodePorts.length === 0 ? (only(addresses) ?? null) : null, port: only(ports) };
}

interface Tally {
	readonly count: (pattern: FlowPattern) => void;
	readonly mostFirst: () => readonly FlowPattern[];
	readonly isMore: () => boolean;
}

function newTally(most: number): Tally {
	const found = new Map<string, { readonly pattern: FlowPattern; count: number }>();
	let more = false;
	const count = (pattern: FlowPattern) => {
		const key = `${pattern.address} ${pattern.port} ${pattern.reply?.address} ${pattern.reply?.port}`;
		const known = found.get(key);
		if (known !== undefined) known.count++;
		else if (found.size < most) found.set(key, { pattern, count: 1 });
		else more = true;
	};
	const mostFirst = () => [...found.values()].sort((a, b) => b.count - a.count).map(({ pattern }) => pattern);
	return { count, mostFirst, isMore: () => more };
}
