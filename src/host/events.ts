import { randomBytes } from 'node:crypto';
import type { Access } from './watch/access.ts';
import { ask } from './watch/requests.ts';

/** Something that whoever owns an object should know. */
export interface Notice {
	readonly namespace: string;
	/** of the Service */
	readonly name: string;
	readonly uid: string | null;
	/** in CamelCase, for programs: `ServicePortRefused` */
	readonly reason: string;
	readonly note: string;
}

/** Who says it. */
export interface Reporter {
	readonly controller: string;
	readonly node: string;
}

/** Longer notes are refused by the API server (`pkg/apis/core/validation/events.go`). */
const MOST_NOTE_BYTES = 1000;

const SILENCE_MS = 10_000;

/**
 * Creates an Event on a Service, as `kubectl describe service` shows it (events.k8s.io/v1).
 * @returns why that did not work; null when it did
 */
export async function createEvent(
	access: Access,
	notice: Notice,
	by: Reporter,
	signal: AbortSignal,
): Promise<string | null> {
	const body = JSON.stringify(eventOf(notice, by, new Date()));
	const path = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(notice.namespace)}/events`;
	try {
		const { status } = await ask(access, path, { silenceMs: SILENCE_MS, signal, body });
		return status >= 200 && status < 300 ? null : `the API server answered with status ${status}`;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/** The Event as the API takes it. */
export function eventOf(notice: Notice, { controller, node }: Reporter, now: Date) {
	const { namespace, name, uid, reason, note } = notice;
	return {
		apiVersion: 'events.k8s.io/v1',
		kind: 'Event',
		metadata: { namespace, name: `${name}.${now.getTime().toString(16)}${randomBytes(4).toString('hex')}` },
		eventTime: now.toISOString().replace('Z', '000Z'),
		reportingController: controller,
		reportingInstance: `${controller}-${node}`.slice(0, 128),
		action: 'ProgramRules',
		reason,
		regarding: { apiVersion: 'v1', kind: 'Service', namespace, name, ...(uid === null ? {} : { uid }) },
		note: Buffer.from(note)
			.subarray(0, MOST_NOTE_BYTES)
			.toString()
			.replace(/\uFFFD+$/, ''),
		type: 'Warning',
	};
}
