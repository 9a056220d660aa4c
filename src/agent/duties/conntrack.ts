import { type CleanUp, cleanUp, type FlowTable } from '../../conntrack/clean-up.ts';
import { type DuePorts, newDuePorts } from '../../conntrack/due.ts';
import type { WhenNoneServes } from '../../conntrack/stale-flows.ts';
import { type UdpServicePort, udpServicePorts } from '../../conntrack/udp-service-port.ts';
import type { Update } from '../../incremental/follower.ts';
import type { IpFamily } from '../../model/ip.ts';
import type { AgentObserver } from '../observer.ts';

/** Told of every clean-up. */
export type OnCleanUp = (family: IpFamily, done: CleanUp) => void;

/** A clean-up that takes longer is broken off and goes on later. */
const TIME_LIMIT_MS = 10_000;

/** Between two clean-ups, and in parts of how long the last one took: the table is walked whole each time. */
const LEAST_PAUSE_MS = 1000;
const PAUSE = 9;

const NONE: ReadonlyMap<string, UdpServicePort> = new Map();

interface Family {
	readonly family: IpFamily;
	readonly ports: DuePorts;
	/** whether all flows are to be looked at, not only those of what changed */
	all: boolean;
	timer: NodeJS.Timeout | null;
	notBefore: number;
}

/**
 * Forgets stale UDP flows in the background, after synchronisations that succeeded. All are looked at after the rules were
 * not there for a while: packets that came then made flows to nobody.
 */
export function conntrackDuty(
	flows: FlowTable,
	families: readonly IpFamily[],
	whenNoneServes: WhenNoneServes,
	onCleanUp: OnCleanUp,
	signal: AbortSignal,
): Partial<AgentObserver> {
	const all = families.map(
		(family): Family => ({ family, ports: newDuePorts(), all: true, timer: null, notBefore: 0 }),
	);
	const fold = newFold(all);
	let off = false;

	const clean = async (each: Family) => {
		each.timer = null;
		const taken = each.ports.take(each.all ? 'all' : 'changed');
		each.all = false;
		if (taken.size === 0 || off || signal.aborted) return;
		const done = await cleanUp(flows, {
			family: each.family,
			ports: taken.values(),
			whenNoneServes,
			timeLimit: TIME_LIMIT_MS,
		});
		each.notBefore = performance.now() + Math.max(LEAST_PAUSE_MS, PAUSE * done.milliseconds);
		off = done.outcome === 'off';
		onCleanUp(each.family, done);
		if (done.outcome !== 'unfinished') return;
		each.ports.putBack(taken.keys());
		ask(each);
	};
	const ask = (each: Family) => {
		if (each.timer !== null || off || signal.aborted) return;
		each.timer = setTimeout(() => void clean(each), Math.max(0, each.notBefore - performance.now()));
		each.timer.unref();
	};

	return {
		onSyncStart: (_changes, update) => fold(update),
		onSyncEnd: (results) => {
			for (const result of results) {
				const each = all.find(({ family }) => family === result.family);
				if (each === undefined || result.kind !== 'synced') continue;
				if (result.synced.contact !== null && result.synced.contact !== 'adopted') each.all = true;
				ask(each);
			}
		},
	};
}

/** Takes Services in as they are now; their UDP ports that are gone have left. */
function newFold(families: readonly Family[]): (update: Update) => void {
	const names = new Map<string, readonly string[]>();
	return ({ services }) => {
		for (const [name, service] of services) {
			const before = names.get(name) ?? [];
			const now = new Set<string>();
			for (const { family, ports } of families) {
				const found = service === null ? NONE : udpServicePorts(service, family);
				for (const port of found.keys()) now.add(port);
				ports.fold(new Map([...before.map((port) => [port, null] as const), ...found]));
			}
			if (now.size === 0) names.delete(name);
			else names.set(name, [...now]);
		}
	};
}
