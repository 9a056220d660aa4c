import { type CleanUp, cleanUp, type FlowTable } from '../../conntrack/clean-up.ts';
import { type DuePorts, newDuePorts } from '../../conntrack/due.ts';
import type { WhenNoneServes } from '../../conntrack/stale-flows.ts';
import { type UdpServicePort, udpServicePorts } from '../../conntrack/udp-service-port.ts';
import type { IpFamily } from '../../model/ip.ts';
import type { AgentObserver } from '../observer.ts';

/** Told of every clean-up that looked at flows. */
export type OnCleanUp = (family: IpFamily, done: CleanUp) => void;

const TIME_LIMIT = 10_000;

/** Forgets stale UDP flows after each synchronisation that succeeded, in the background, a family at a time. */
export function conntrackDuty(
	flows: FlowTable,
	families: readonly IpFamily[],
	whenNoneServes: WhenNoneServes,
	onCleanUp: OnCleanUp,
): Partial<AgentObserver> {
	const due = new Map(families.map((family) => [family, newDuePorts()]));
	const names = new Map<string, readonly string[]>();
	let first = true;
	let off = false;
	let working = Promise.resolve();

	const clean = async (family: IpFamily, ports: DuePorts, all: boolean) => {
		const taken = ports.take(all ? 'all' : 'changed');
		if (taken.size === 0 || off) return;
		const request = { family, ports: taken.values(), whenNoneServes, timeLimit: TIME_LIMIT };
		const done = await cleanUp(flows, request);
		if (done.outcome === 'unfinished') ports.putBack(taken.keys());
		off = done.outcome === 'off';
		onCleanUp(family, done);
	};

	return {
		onSyncStart: (_changes, { services }) => {
			for (const [name, service] of services) {
				const before = names.get(name) ?? [];
				const now = new Set<string>();
				for (const [family, ports] of due) {
					const found = service === null ? NONE : udpServicePorts(service, family);
					for (const each of found.keys()) now.add(each);
					ports.fold(new Map([...before.map((each) => [each, null] as const), ...found]));
				}
				if (now.size === 0) names.delete(name);
				else names.set(name, [...now]);
			}
		},
		onSyncEnd: (results) => {
			const all = first;
			for (const { family, kind } of results) {
				const ports = due.get(family);
				if (kind !== 'synced' || ports === undefined) continue;
				first = false;
				working = working.then(() => clean(family, ports, all));
			}
		},
	};
}

const NONE: ReadonlyMap<string, UdpServicePort> = new Map();
