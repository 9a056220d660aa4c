import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Tidy } from '../../agent/ahead.ts';
import type { AgentObserver } from '../../agent/observer.ts';
import type { Log } from '../../host/log.ts';

/** Less is not worth a pause. */
const MUCH_BYTES = 100e6;

/** Keeps the agent small while it starts: left alone V8 keeps twice of what is needed, for a quarter of a minute. */
export interface Thrift {
	/** Frees memory for what follows. Everything waits for it: some 0.1 s for 10,000 Services of 5 endpoints. */
	readonly tidy: Tidy;
	/** Gives memory back once the first rules are in the kernel, which takes some 0.3 s. */
	readonly observer: Partial<AgentObserver>;
}

/** Has V8 free what reading and compiling the whole cluster took. */
export function newThrift(log: Log): Thrift {
	let begun = false;
	const isMuch = () => process.memoryUsage().heapTotal > MUCH_BYTES;
	const onSyncEnd = () => {
		if (begun) return;
		begun = true;
		if (!isMuch()) return;
		giveBack().catch((error: unknown) => log.warn({ reason: String(error) }, 'memory could not be given back'));
	};
	const collect = garbageCollector();
	return { tidy: () => (isMuch() ? collect() : undefined), observer: { onSyncEnd } };
}

/** V8's own, which it shows to those who ask by a flag. What it frees V8 keeps for what comes next. */
function garbageCollector(): () => void {
	setFlagsFromString('--expose-gc');
	const gc: unknown = runInNewContext('gc');
	setFlagsFromString('--no-expose-gc');
	return typeof gc === 'function' ? () => gc() : () => {};
}

/** As a debugger does, which is the only way to have V8 give memory back to the system. */
async function giveBack(): Promise<void> {
	const session = new Session();
	session.connect();
	try {
		await session.post('HeapProfiler.collectGarbage');
	} finally {
		session.disconnect();
	}
}
