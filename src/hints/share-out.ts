import { allocate, transfers } from './allocation.ts';
import type { ZoneShares } from './zone-shares.ts';

/** An endpoint to be hinted. Only what is explicitly ready gets a hint. */
export interface Hintable {
	readonly zone: string | null;
	readonly ready: boolean;
}

/**
 * The zone that each ready endpoint is to serve under `topology-mode: Auto`, null for one that is not ready; or the reason why
 * nobody gets a hint. Own zone first, then only the surplus moves, in order
 * (endpointslice `topologycache/topologycache.go` AddHints, for slices without hints).
 * @param endpoints of one Service and family, in the order of its slices
 */
export function shareOut(
	endpoints: readonly Hintable[],
	shares: ZoneShares | null,
): readonly (string | null)[] | string {
	const ready = endpoints.filter((endpoint) => endpoint.ready);
	const allocations = allocate(ready.length, shares);
	if (typeof allocations === 'string') return allocations;
	const counts = new Map<string, number>();
	for (const { zone } of ready) {
		if (zone === null) return 'a ready endpoint has no zone';
		counts.set(zone, (counts.get(zone) ?? 0) + 1);
	}
	const { give, take } = transfers(allocations, counts);
	return endpoints.map(({ zone, ready: isReady }) => {
		if (!isReady || zone === null) return null;
		const taker = (give.get(zone) ?? 0) > 0 ? firstTaker(take) : undefined;
		if (taker === undefined) return zone;
		give.set(zone, (give.get(zone) ?? 0) - 1);
		take.set(taker, (take.get(taker) ?? 0) - 1);
		return taker;
	});
}

function firstTaker(take: ReadonlyMap<string, number>): string | undefined {
	return [...take.keys()].sort().find((zone) => (take.get(zone) ?? 0) > 0);
}
