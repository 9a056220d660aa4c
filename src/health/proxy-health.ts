import { familyName, type IpFamily } from '../model/ip.ts';
import { type Answer, GO_NEVER, goTime, jsonAnswer } from './answer.ts';
import { at, listAt, textAt } from './raw.ts';

/** Two times, as health uses them; tests bring their own. */
export interface HealthClock {
	/** in milliseconds since some fixed moment; never goes back */
	readonly now: () => number;
	/** the time of day, in milliseconds since 1970 */
	readonly date: () => number;
}

export const HEALTH_CLOCK: HealthClock = { now: () => performance.now(), date: () => Date.now() };

/** Twice the sync period of kube-proxy, which is 30 s unless it is told otherwise (kube-proxy `cmd/kube-proxy/app/server.go`). */
export const HEALTH_TIMEOUT_MS = 60_000;

export interface FamilyHealth {
	readonly family: IpFamily;
	/** the time of day */
	readonly lastUpdated: number;
	readonly healthy: boolean;
}

/** Whether rules are kept up to date. */
export interface Health {
	/** the time of day */
	readonly currentTime: number;
	readonly healthy: boolean;
	readonly families: readonly FamilyHealth[];
}

/** Whether what is queued is processed in time (kube-proxy `pkg/proxy/healthcheck/proxy_health.go`). */
export interface ProxyHealth {
	/** An update was queued. The oldest one that waits is remembered. */
	readonly queued: (family: IpFamily) => void;
	/** A family's table is what it should be; also called once at the start, before which it counts for nothing. */
	readonly updated: (family: IpFamily) => void;
	readonly health: () => Health;
}

/** Nothing is queued and no family has begun. */
export function newProxyHealth(clock: HealthClock = HEALTH_CLOCK, timeoutMs = HEALTH_TIMEOUT_MS): ProxyHealth {
	const lastUpdated = new Map<IpFamily, number>();
	const oldestQueued = new Map<IpFamily, number>();
	const isLate = (family: IpFamily) => {
		const queued = oldestQueued.get(family);
		return queued !== undefined && clock.now() - queued >= timeoutMs;
	};
	return {
		queued: (family) => {
			if (!oldestQueued.has(family)) oldestQueued.set(family, clock.now());
		},
		updated: (family) => {
			oldestQueued.delete(family);
			lastUpdated.set(family, clock.date());
		},
		health: () => {
			const families = [...lastUpdated].map(([family, at]) => ({ family, lastUpdated: at, healthy: !isLate(family) }));
			return { currentTime: clock.date(), healthy: families.every(({ healthy }) => healthy), families };
		},
	};
}

/** The taint that the cluster autoscaler puts on a node before it deletes it. */
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

/**
 * Whether load balancers may send new connections through a node that is as its object says
 * (kube-proxy `pkg/proxy/healthcheck/proxy_health.go` NodeEligible). @param node undefined or null while it is unknown
 */
export function isNodeEligible(node: unknown): boolean {
	if (typeof node !== 'object' || node === null) return false;
	if ((at(node, 'metadata', 'deletionTimestamp') ?? null) !== null) return false;
	return !listAt(node, 'spec', 'taints').some((taint) => textAt(taint, 'key') === TO_BE_DELETED);
}

/** `/livez`: 200 while rules are kept up to date. */
export function livezAnswer(health: Health): Answer {
	return answer(health, health.healthy, null);
}

/** `/healthz`: 200 while rules are kept up to date and the node is to stay. Load balancers of policy Cluster ask it. */
export function healthzAnswer(health: Health, node: unknown): Answer {
	const eligible = isNodeEligible(node);
	return answer(health, health.healthy && eligible, eligible);
}

/** Fields and their order are those of kube-proxy's ProxyHealth; a 200 says that it was updated just now. */
function answer({ currentTime, healthy, families }: Health, fine: boolean, eligible: boolean | null): Answer {
	const latest = Math.max(...families.map(({ lastUpdated }) => lastUpdated));
	const status = ['ip', 'ip6'].flatMap((family) => families.filter((each) => each.family === family));
	const facts = {
		lastUpdated: fine ? goTime(currentTime) : families.length === 0 ? GO_NEVER : goTime(latest),
		currentTime: goTime(currentTime),
		...(eligible === null ? {} : { nodeEligible: eligible }),
		healthy,
		...(status.length === 0 ? {} : { status: Object.fromEntries(status.map(familyEntry)) }),
	};
	return jsonAnswer(fine ? 200 : 503, JSON.stringify(facts));
}

function familyEntry({ family, lastUpdated, healthy }: FamilyHealth) {
	return [familyName(family), { lastUpdated: goTime(lastUpdated), healthy }];
}
