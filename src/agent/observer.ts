import type { NftRun } from '../host/nft/nft-process.ts';
import type { ClusterEvent } from '../host/watch/watch-cluster.ts';
import type { Update } from '../incremental/follower.ts';
import type { ObjectChange } from '../incremental/objects.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Transaction } from '../model/transaction.ts';
import type { TableState } from './table-state.ts';
import type { TableResult } from './tables.ts';

/** Who wants to know what the agent does: log, metrics, health, clean-up of connections, the saved state. */
export interface AgentObserver {
	/** Something came from the API server. */
	readonly onEvent: (event: ClusterEvent) => void;
	/** A synchronisation begins, with changes and what they make. */
	readonly onSyncStart: (changes: readonly ObjectChange[], update: Update) => void;
	/** It ended. @param waiting whether more came meanwhile */
	readonly onSyncEnd: (results: readonly TableResult[], states: readonly TableState[], waiting: boolean) => void;
	/** What is known of the tables may have changed. */
	readonly onTables: (states: readonly TableState[]) => void;
	readonly onTransaction: (change: Transaction, text: string, run: NftRun) => void;
	/** Somebody else wrote to a table (fence), or it is not what it should be (verify). */
	readonly onDrift: (found: 'fence' | 'verify') => void;
	/** Chains that nothing leads to could not be removed. */
	readonly onCleanUpFailure: (families: readonly IpFamily[]) => void;
}

/** Several observers as one. */
export function together(observers: readonly Partial<AgentObserver>[]): AgentObserver {
	return {
		onEvent: (event) => {
			for (const each of observers) each.onEvent?.(event);
		},
		onSyncStart: (changes, update) => {
			for (const each of observers) each.onSyncStart?.(changes, update);
		},
		onSyncEnd: (results, states, waiting) => {
			for (const each of observers) each.onSyncEnd?.(results, states, waiting);
		},
		onTables: (states) => {
			for (const each of observers) each.onTables?.(states);
		},
		onTransaction: (change, text, run) => {
			for (const each of observers) each.onTransaction?.(change, text, run);
		},
		onDrift: (found) => {
			for (const each of observers) each.onDrift?.(found);
		},
		onCleanUpFailure: (families) => {
			for (const each of observers) each.onCleanUpFailure?.(families);
		},
	};
}
