import type { NoLocalEndpoints } from '../../health/no-local-endpoints.ts';
import type { Probe } from '../../health/routes.ts';
import type { IpFamily } from '../../model/ip.ts';
import type { Severity } from '../../model/problem.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { WatchStats } from '../watch/watch-stats.ts';

/** One synchronisation of one table, also one that failed. */
export interface SyncMeasure {
	readonly family: IpFamily;
	/** whether the whole table was looked at or made: the first one, and one after drift or a failure */
	readonly full: boolean;
	readonly succeeded: boolean;
	readonly seconds: number;
	/** how long changes of endpoints took that it brought to the kernel, in seconds */
	readonly programming: readonly number[];
}

/** One call of nft that changes something. */
export interface TransactionMeasure {
	/** what became of it: `done`, `refused`, … */
	readonly outcome: string;
	readonly seconds: number;
	readonly bytes: number;
	/** of sets and maps, added or removed */
	readonly elements: number;
}

export interface ChangeCounts {
	readonly services: number;
	readonly endpointSlices: number;
}

/** What kind of drift was repaired: somebody flushed or wrote to the table (fence), or it was found to differ (verify). */
export type DriftCause = 'fence' | 'verify';

/** What an agent measures. Every function returns at once and none throws. */
export interface AgentMetrics {
	/** A synchronisation of a table was asked for. */
	readonly queued: (family: IpFamily) => void;
	readonly synced: (sync: SyncMeasure) => void;
	/** Changes came from the API server. kube-proxy counts each Service once for each family; here it is counted once. */
	readonly changed: (changes: ChangeCounts) => void;
	/** So many wait to be programmed. */
	readonly pending: (changes: ChangeCounts) => void;
	readonly noLocalEndpoints: (family: IpFamily, counts: NoLocalEndpoints) => void;
	readonly transaction: (transaction: TransactionMeasure) => void;
	/** Chains that nothing leads to could not be removed. */
	readonly cleanUpFailed: (family: IpFamily) => void;
	readonly driftRepaired: (cause: DriftCause) => void;
	/** The kernel refused a transaction because somebody else had written to the table. */
	readonly generationConflict: (family: IpFamily) => void;
	readonly quarantined: (family: IpFamily, servicePorts: number) => void;
	readonly problems: (counts: Readonly<Record<Severity, number>>) => void;
	readonly conntrack: (family: IpFamily, seconds: number, deleted: number) => void;
	readonly probed: (probe: Probe, status: number) => void;
	/** How many Services' health checks are answered for, and how many ports cannot be opened. */
	readonly healthChecks: (counts: { readonly open: number; readonly failed: number }) => void;
	/** Where the state of the watches is read from whenever somebody asks. @param now the watches' clock, in milliseconds */
	readonly watching: (stats: ReadonlyMap<string, Readonly<WatchStats>>, now: () => number) => void;
	/** All that was measured, as Prometheus reads it. */
	readonly scrape: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Measures nothing. */
export const NO_METRICS: AgentMetrics = {
	queued: () => {},
	synced: () => {},
	changed: () => {},
	pending: () => {},
	noLocalEndpoints: () => {},
	transaction: () => {},
	cleanUpFailed: () => {},
	driftRepaired: () => {},
	generationConflict: () => {},
	quarantined: () => {},
	problems: () => {},
	conntrack: () => {},
	probed: () => {},
	healthChecks: () => {},
	watching: () => {},
	scrape: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: '' }),
};

/** How many elements of sets and maps a transaction adds or removes. */
export function elementsOf(change: Transaction): number {
	const { addedElements, removedElements, addedSets, addedMaps } = change;
	return [...addedElements, ...removedElements, ...addedSets, ...addedMaps].reduce(
		(sum, { elements }) => sum + elements.length,
		0,
	);
}
