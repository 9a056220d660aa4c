import { isSameUdpPort, type UdpServicePort } from './udp-service-port.ts';

/** The UDP service ports of one family, and whose flows are due to be looked at. */
export interface DuePorts {
	/** Takes in service ports by name, as they are now; null for one that left. */
	readonly fold: (ports: ReadonlyMap<string, UdpServicePort | null>) => void;
	/** Those that changed since they were last taken, or all; none of them is due any more. */
	readonly take: (which: 'changed' | 'all') => ReadonlyMap<string, UdpServicePort>;
	/** Makes service ports due again, after a clean-up that could not be finished. */
	readonly putBack: (names: Iterable<string>) => void;
}

/**
 * Keeps what changed. A change of the service port itself counts, not one of its rules: an endpoint that stopped serving
 * while it had no part in the rules any more (it terminated, and others were ready) leaves rules as they were and flows
 * behind. One that left altogether is forgotten and its flows are left alone, as kube-proxy does.
 */
export function newDuePorts(): DuePorts {
	const known = new Map<string, UdpServicePort>();
	const due = new Set<string>();
	const fold: DuePorts['fold'] = (ports) => {
		for (const [name, port] of ports) {
			if (isSameUdpPort(known.get(name) ?? null, port)) continue;
			if (port === null) known.delete(name);
			else known.set(name, port);
			due.add(name);
		}
	};
	const take: DuePorts['take'] = (which) => {
		const names = which === 'all' ? [...known.keys()] : [...due];
		due.clear();
		const found = new Map<string, UdpServicePort>();
		for (const name of names) {
			const port = known.get(name);
			if (port !== undefined) found.set(name, port);
		}
		return found;
	};
	const putBack: DuePorts['putBack'] = (names) => {
		for (const name of names) due.add(name);
	};
	return { fold, take, putBack };
}
