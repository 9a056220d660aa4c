import { saveState } from '../../host/saved-state.ts';
import type { StateOwner } from '../../host/saved-state-format.ts';
import type { ObjectChange } from '../../incremental/objects.ts';
import type { AgentObserver } from '../observer.ts';

const AT_MOST_EVERY_MS = 30_000;

/**
 * Saves the objects some time after they changed, at most twice a minute, so that the next start has rules at once.
 * @param isWhole whether the API server has told everything; what it has not is not to be lost
 */
export function savedStateDuty(
	path: string,
	owner: StateOwner,
	everything: () => readonly ObjectChange[],
	isWhole: () => boolean,
	onFailure: (reason: string) => void,
	signal: AbortSignal,
): Partial<AgentObserver> {
	let waiting: NodeJS.Timeout | null = null;
	let last = Number.NEGATIVE_INFINITY;
	const save = async () => {
		waiting = null;
		if (!isWhole()) return;
		last = performance.now();
		const objects = everything().flatMap(({ kind, name, value }) => (value === null ? [] : [{ kind, name, value }]));
		const saved = await saveState(path, owner, objects, { signal });
		if (saved.outcome === 'failed' && !signal.aborted) onFailure(saved.reason);
	};
	return {
		onSyncStart: (changes) => {
			if (changes.length === 0 || waiting !== null || signal.aborted) return;
			waiting = setTimeout(() => void save(), Math.max(1000, last + AT_MOST_EVERY_MS - performance.now()));
			waiting.unref();
		},
	};
}
