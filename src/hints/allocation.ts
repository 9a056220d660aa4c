import { compareBytes } from '../model/order.ts';
import type { ZoneShares } from './zone-shares.ts';

/** How many endpoints a zone should get: at least `minimum`, ideally `desired`, never more than `maximum`. */
export interface Allocation {
	readonly minimum: number;
	readonly desired: number;
	readonly maximum: number;
}

/** A zone's endpoints must not get more than 1.2 times the load of others (KEP-2433). */
const OVERLOAD_THRESHOLD = 0.2;

/**
 * What each zone should get of `total` ready endpoints, or the reason why they cannot be shared out without overload.
 * The arithmetic is the controller's, operation by operation, so that rounding agrees
 * (endpointslice `topologycache/topologycache.go` getAllocations).
 */
export function allocate(total: number, shares: ZoneShares | null): ReadonlyMap<string, Allocation> | string {
	if (shares === null) return 'the Nodes do not tell zone and CPU of at least two zones';
	if (shares.size > total) return `${total} ready endpoints cannot serve ${shares.size} zones`;
	const wanted = [...shares].map(([zone, share]) => {
		const exact = share * total;
		const minimum = Math.ceil(exact * (1 / (1 + OVERLOAD_THRESHOLD)));
		return { zone, minimum, desired: Math.max(exact, minimum) };
	});
	const minimumTotal = wanted.reduce((sum, { minimum }) => sum + minimum, 0);
	if (minimumTotal > total) return `${total} ready endpoints over ${shares.size} zones would overload some`;
	return new Map(
		wanted.map(({ zone, minimum, desired }) => [zone, { minimum, desired, maximum: minimum + total - minimumTotal }]),
	);
}

/** How many endpoints each zone gives away or takes. */
export interface Transfers {
	readonly give: Map<string, number>;
	readonly take: Map<string, number>;
}

/**
 * Which zones give endpoints to which others so that each comes near what it desires. The controller draws among equals;
 * here the zone that sorts first comes first (endpointslice `topologycache/utils.go` getGivingAndReceivingZones).
 * @param counts endpoints hinted for each zone so far
 */
export function transfers(
	allocations: ReadonlyMap<string, Allocation>,
	counts: ReadonlyMap<string, number>,
): Transfers {
	const surplus = new Map<string, number>();
	const deficit = new Map<string, number>();
	for (const [zone, { desired }] of allocations) {
		const over = (counts.get(zone) ?? 0) - desired;
		if (over > 0) surplus.set(zone, over);
		else if (over < 0) deficit.set(zone, -over);
	}
	const found: Transfers = { give: new Map(), take: new Map() };
	for (;;) {
		const [giver, over] = most(surplus);
		const [taker, under] = most(deficit);
		if (giver === '' || taker === '' || (over < 1 && under < 1) || over < 0.5 || under < 0.5) return found;
		move(found.give, giver, 1);
		move(found.take, taker, 1);
		move(surplus, giver, -1);
		move(deficit, taker, -1);
	}
}

function most(zones: ReadonlyMap<string, number>): readonly [string, number] {
	const [first] = [...zones].sort(([a, x], [b, y]) => y - x || compareBytes(a, b));
	return first !== undefined && first[1] > 0 ? first : ['', 0];
}

function move(counts: Map<string, number>, zone: string, by: number): void {
	counts.set(zone, (counts.get(zone) ?? 0) + by);
}
