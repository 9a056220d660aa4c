import type { FlowChange } from '../model/change-set.ts';
import { parseSocket, specialUse } from '../model/ip.ts';
import type { ReplaySkipped } from '../model/replay.ts';
import type { NetworkSettings } from '../model/settings.ts';
import type { Symbols } from '../model/symbols.ts';

/** Which flow changes are replayed on which node. */
export interface ReplayPlan {
	/** by node, sorted bytewise */
	readonly nodes: ReadonlyMap<string, readonly FlowChange[]>;
	/** sorted by reason */
	readonly skipped: readonly ReplaySkipped[];
}

export interface ReplayLimits {
	readonly nodes: number;
	/** flow changes on one node */
	readonly flows: number;
}

/** About a minute on two cores, where each node loads 1,000 Services. */
export const REPLAY_LIMITS: ReplayLimits = { nodes: 10, flows: 200 };

/** What decides which flows can be sent. */
export interface Sendable {
	readonly symbols: Symbols;
	readonly detectLocal: NetworkSettings['detectLocal'];
}

/**
 * Chooses one node for each flow change, and as few nodes as that takes.
 * @param preferred nodes that stand for others, the best first
 */
export function replayPlan(
	flows: readonly FlowChange[],
	preferred: readonly string[],
	sendable: Sendable,
	limits: ReplayLimits = REPLAY_LIMITS,
): ReplayPlan {
	const chosen = new Map<string, FlowChange[]>();
	const skipped = new Map<string, number>();
	const skip = (reason: string) => skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
	for (const flow of flows) {
		const obstacle = obstacleOf(flow, sendable);
		if (obstacle !== null) {
			skip(obstacle);
			continue;
		}
		const nodes = new Set(flow.nodes);
		const free = [...chosen].find(([name, own]) => nodes.has(name) && own.length < limits.flows)?.[1];
		if (free !== undefined) {
			free.push(flow);
			continue;
		}
		const name = [...preferred, ...flow.nodes].find((each) => nodes.has(each) && !chosen.has(each));
		if (name === undefined || chosen.size >= limits.nodes) skip(LEFT_OUT);
		else chosen.set(name, [flow]);
	}
	return {
		nodes: new Map([...chosen].sort(([a], [b]) => (a < b ? -1 : 1))),
		skipped: [...skipped].sort(([a], [b]) => (a < b ? -1 : 1)).map(([reason, count]) => ({ reason, count })),
	};
}

/** Said of what a minute does not suffice for. */
export const LEFT_OUT = 'left out, for there are too many to send';
const TO_BE_ASSIGNED = 'cannot be sent: an address or port is yet to be assigned';

/** Why no packet of the flow can be sent; null where one can. */
function obstacleOf(flow: FlowChange, { symbols, detectLocal }: Sendable): string | null {
	const { frontend, client } = flow;
	if (hasSymbol(flow, symbols)) return TO_BE_ASSIGNED;
	if (frontend.protocol === 'sctp') return 'cannot be sent: there are no sockets for SCTP';
	const isPod = client.kind === 'pod' || client.kind === 'endpoint';
	if (isPod && (detectLocal.mode === 'bridge' || detectLocal.mode === 'prefix')) {
		return "cannot be sent: they come by a pod's interface";
	}
	if (client.kind !== 'node' && specialUse(frontend.family, client.witness) !== null) {
		return 'cannot be sent: nobody can send from such an address';
	}
	return null;
}

function hasSymbol({ frontend, client, before, after }: FlowChange, { addresses, nodePorts }: Symbols): boolean {
	const targets = [...before.endpoints, ...after.endpoints].map(({ target }) => parseSocket(target).address);
	const named = [frontend.address ?? '', client.witness, ...targets];
	const isUnassigned = frontend.kind === 'node-port' && nodePorts.has(frontend.port ?? 0);
	return isUnassigned || named.some((address) => addresses.has(address));
}
