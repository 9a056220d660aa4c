import type { IpFamily } from '../model/ip.ts';
import { textAt } from './raw.ts';

/** What happened to EndpointSlices; keys are `NAMESPACE/NAME`. */
export type SliceEvent =
	| { readonly type: 'replace'; readonly objects: ReadonlyMap<string, unknown> }
	| { readonly type: 'put'; readonly key: string; readonly object: unknown }
	| { readonly type: 'delete'; readonly key: string };

/**
 * When changes of endpoints began that have not reached the kernel yet, as their slices say: for the duration of network
 * programming (kube-proxy `pkg/proxy/endpointschangetracker.go`).
 */
export interface TriggerTimes {
	/** Takes an event of slices in as it comes: of two changes of one slice both count. */
	readonly onEvent: (event: SliceEvent) => void;
	/** A synchronisation begins: what has come so far is in it. */
	readonly begin: () => void;
	/**
	 * A family's synchronisation succeeded. One that fails is not told, and its changes wait for the next; kube-proxy forgets them.
	 * @returns how long each change took, in seconds
	 */
	readonly finish: (family: IpFamily) => readonly number[];
}

interface Waiting {
	readonly key: string;
	readonly family: IpFamily;
	readonly time: number;
	/** whether it is in the synchronisation that goes on, or was in one that failed */
	begun: boolean;
}

/** While nothing can be programmed for long, later changes do not count. */
const MOST_WAITING = 10_000;

const FAMILIES: ReadonlyMap<string, IpFamily> = new Map([
	['IPv4', 'ip'],
	['IPv6', 'ip6'],
]);

/** Nothing waits. What began before now does not count: it had its time before this process. @param date the time of day in milliseconds */
export function newTriggerTimes(date: () => number = Date.now): TriggerTimes {
	const start = date();
	/** by slice, so that the same one in a list or an unrelated update does not count again */
	const last = new Map<string, number>();
	let waiting: Waiting[] = [];
	const put = (key: string, object: unknown) => {
		const time = triggerTime(object);
		const family = FAMILIES.get(textAt(object, 'addressType'));
		if (time === null || time <= start || family === undefined || last.get(key) === time) return;
		last.set(key, time);
		if (waiting.length < MOST_WAITING) waiting.push({ key, family, time, begun: false });
	};
	/** What leaves carries the time of its last update, which says nothing of when it began to leave. */
	const drop = (gone: string) => {
		if (last.delete(gone)) waiting = waiting.filter(({ key }) => key !== gone);
	};
	return {
		onEvent: (event) => {
			if (event.type === 'put') put(event.key, event.object);
			else if (event.type === 'delete') drop(event.key);
			else {
				for (const key of [...last.keys()]) if (!event.objects.has(key)) drop(key);
				for (const [key, object] of event.objects) put(key, object);
			}
		},
		begin: () => {
			for (const change of waiting) change.begun = true;
		},
		finish: (family) => {
			const isDone = (change: Waiting) => change.begun && change.family === family;
			const done = waiting.filter(isDone);
			waiting = waiting.filter((change) => !isDone(change));
			const now = date();
			// The two clocks may differ.
			return done.map(({ time }) => Math.max(0, now - time) / 1000);
		},
	};
}

const ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time';
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** When the change began that a slice tells of, in milliseconds since 1970; null where it says nothing or nonsense. */
export function triggerTime(slice: unknown): number | null {
	const text = textAt(slice, 'metadata', 'annotations', ANNOTATION);
	const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(time) ? null : time;
}
