import { setFlagsFromString } from 'node:v8';
import type { AgentObserver } from '../../agent/observer.ts';

/** V8 looks for what it can give back when nothing has happened for some seconds. */
const LONG_ENOUGH_MS = 20_000;

/**
 * Has V8 give back what reading and compiling the whole cluster took, once the first rules are in the kernel: for a while
 * the heap is cleared before it has grown by half. Before, that would take twice the time, as the heap grows all along;
 * afterwards every change would wait for it.
 */
export function thrift(): Partial<AgentObserver> {
	let begun = false;
	return {
		onSyncEnd: () => {
			if (begun) return;
			begun = true;
			setFlagsFromString('--optimize-for-size');
			setTimeout(() => setFlagsFromString('--no-optimize-for-size'), LONG_ENOUGH_MS).unref();
		},
	};
}
