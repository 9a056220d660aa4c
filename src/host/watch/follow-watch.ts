import type { IncomingMessage } from 'node:http';
import { message } from '../kubeconfig.ts';
import { Refusal, readAnswer } from './answers.ts';
import { Silence } from './connection.ts';
import { doubt } from './doubt.ts';
import { type EventLine, readEventLine } from './event-line.ts';
import { BrokenOff, ErrorEvent } from './failure.ts';
import { adviceOn, type Keeping } from './keeping.ts';
import { linesOf } from './lines.ts';
import { open } from './requests.ts';
import { laterOf } from './resource-version.ts';

/** A watch is asked to end after 5 to 10 minutes (client-go `tools/cache/reflector.go` defaultMinWatchTimeout). */
const LEAST_SECONDS = 300;
/** So much later it has ended, whatever the API server thinks. */
const GRACE_SECONDS = 30;

/**
 * Watches from the version we hold until the API server ends it.
 * @throws an error that `failureOf` knows when it ends in any other way
 */
export async function followWatch<Kept>(keeping: Keeping<Kept>, from: string): Promise<void> {
	const { path, clock, limits, stats, signal } = keeping;
	const seconds = LEAST_SECONDS + Math.floor(clock.random() * (LEAST_SECONDS + 1));
	const query = new URLSearchParams({
		watch: 'true',
		allowWatchBookmarks: 'true',
		resourceVersion: from,
		timeoutSeconds: String(seconds),
	});
	const response = await open(keeping.access, `${path}?${query}`, { silenceMs: limits.answerMs, signal });
	stats.lastContact = clock.now();
	if (response.statusCode !== 200) throw await refusalOf(response, path);
	response.setTimeout(limits.silenceMs);
	const overdue = () => response.destroy(new Silence(`a watch of ${seconds} s did not end`));
	const cancel = clock.after((seconds + GRACE_SECONDS) * 1000, overdue);
	const trust = doubt(keeping, (why) => response.destroy(why));
	stats.watches += 1;
	stats.watching = true;
	try {
		await applyLines(keeping, response);
	} finally {
		stats.watching = false;
		cancel();
		trust();
		response.destroy();
	}
}

async function refusalOf(response: IncomingMessage, path: string): Promise<Error> {
	try {
		return new Refusal(path, await readAnswer(response), adviceOn(response.statusCode ?? 0));
	} catch (cause) {
		return new BrokenOff(`watching ${path} broke off: ${message(cause)}`, { cause });
	}
}

async function applyLines<Kept>(keeping: Keeping<Kept>, response: IncomingMessage): Promise<void> {
	const { path, limits, signal, stats, clock } = keeping;
	for await (const line of linesOf(chunksOf(response, path), limits.lineBytes)) {
		if (signal.aborted) return;
		stats.lastContact = clock.now();
		apply(keeping, readEventLine(line));
	}
}

/** The bytes of a watch; what goes wrong with the line is told from what goes wrong with what is done with them. */
async function* chunksOf(response: IncomingMessage, path: string): AsyncGenerator<Uint8Array> {
	try {
		yield* response;
	} catch (cause) {
		throw new BrokenOff(`watching ${path} broke off: ${message(cause)}`, { cause });
	}
}

function apply<Kept>(keeping: Keeping<Kept>, event: EventLine): void {
	const { held, stats, onEvent, project } = keeping;
	if (event.type === 'error') throw new ErrorEvent(event.message, event.status, event.retryAfterMs);
	const reached = keeping.version ?? '';
	keeping.version = laterOf(reached, event.version);
	if (event.type === 'bookmark') {
		stats.bookmarks += 1;
		return;
	}
	const { key, version } = event;
	const news = event.type === 'put' ? held.put(key, version, reached) : held.remove(key);
	stats.held = held.size();
	if (!news) stats.stale += 1;
	else {
		stats.events += 1;
		onEvent(event.type === 'put' ? { type: 'put', key, object: project(event.object) } : { type: 'delete', key });
	}
}
