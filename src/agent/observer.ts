import type { ObjectChange } from '../incremental/objects.ts';
import type { TableState } from './table-state.ts';
import type { TableResult } from './tables.ts';

/** Who wants to know what the agent does: metrics, health, logs, clean-up of connections, the saved state. */
export interface AgentObserver {
	readonly onSyncStart: (changes: readonly ObjectChange[]) => void;
	readonly onSyncEnd: (results: readonly TableResult[], states: readonly TableState[]) => void;
	/** Somebody else wrote to a table (fence), or it is not what it should be (verify). */
	readonly onDrift: (found: 'fence' | 'verify') => void;
	readonly onCleanUpFailure: () => void;
}
