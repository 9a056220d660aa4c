import { Session } from 'node:inspector/promises';
import type { AgentObserver } from '../../agent/observer.ts';
import type { Log } from '../../host/log.ts';

/** Less is not worth a pause. */
const MUCH_BYTES = 100e6;

/**
 * Has V8 give back what reading and compiling the whole cluster took, once the first rules are in the kernel: left alone it keeps
 * twice of what is needed, for a quarter of a minute. Everything waits for it, once: some 0.3 s for 10,000 Services of 5 endpoints.
 */
export function thrift(log: Log): Partial<AgentObserver> {
	let begun = false;
	return {
		onSyncEnd: () => {
			if (begun) return;
			begun = true;
			if (process.memoryUsage().heapTotal > MUCH_BYTES) {
				giveBack().catch((error: unknown) => log.warn({ reason: String(error) }, 'memory could not be given back'));
			}
		},
	};
}

/** As a debugger does. The functions that V8 has for it need a flag. */
async function giveBack(): Promise<void> {
	const session = new Session();
	session.connect();
	try {
		await session.post('HeapProfiler.collectGarbage');
	} finally {
		session.disconnect();
	}
}
