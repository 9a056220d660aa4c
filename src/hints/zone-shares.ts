import type { Behaviour } from '../model/behaviour.ts';
import type { Node } from '../model/cluster-state.ts';

/** What the controller asks of a node when it shares out endpoints. */
export type NodeCapacity = Pick<Node, 'zone' | 'milliCpu' | 'ready' | 'controlPlane'>;

/** Each zone's share of the cluster's CPU; the shares add up to one. */
export type ZoneShares = ReadonlyMap<string, number>;

/**
 * The shares of the zones, or null where the nodes do not tell enough: a ready worker without zone or CPU spoils all, and
 * there must be two zones (endpointslice `topologycache/topologycache.go` SetNodes).
 */
export function zoneShares(
	nodes: readonly NodeCapacity[],
	{ withoutControlPlane }: Pick<Behaviour, 'withoutControlPlane'>,
): ZoneShares | null {
	const workers = nodes.filter((node) => node.ready && !(withoutControlPlane && node.controlPlane));
	const cpu = new Map<string, number>();
	for (const { zone, milliCpu } of workers) {
		if (zone === null || milliCpu === 0) return null;
		cpu.set(zone, (cpu.get(zone) ?? 0) + milliCpu);
	}
	if (cpu.size < 2) return null;
	const total = [...cpu.values()].reduce((sum, each) => sum + each, 0);
	return new Map([...cpu].map(([zone, each]) => [zone, each / total]));
}
