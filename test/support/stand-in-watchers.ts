import type { ServerResponse } from 'node:http';
import type { ResourceName } from '../../src/host/watch/resources.ts';
import type { Manners } from './stand-in-manners.ts';
import { type ApiObject, SERVED, type Store } from './stand-in-store.ts';

/** How a watch may end. */
export type WatchEnd = 'cleanly' | 'abruptly' | 'mid-line';

/** What a client asks to watch. */
interface AskedWatch {
	readonly resource: ResourceName;
	/** the version it knows */
	readonly from: number;
	readonly seconds: number;
	readonly isSelected: (object: ApiObject) => boolean;
}

/** The watches that are open. */
export interface Watchers {
	readonly begin: (asked: AskedWatch, response: ServerResponse) => void;
	/** Tells them what they do not know yet. */
	readonly pump: () => void;
	readonly bookmark: () => void;
	/** Sends a line to those of a resource. */
	readonly line: (resource: ResourceName, line: string) => void;
	readonly end: (how: WatchEnd) => void;
	readonly open: (resource?: ResourceName) => number;
}

interface Watcher extends Pick<AskedWatch, 'resource' | 'isSelected'> {
	readonly response: ServerResponse;
	/** up to which version it knows all */
	position: number;
}

export function createWatchers(store: Store, manners: () => Manners): Watchers {
	const all = new Set<Watcher>();

	const tell = (watcher: Watcher, line: string) => write(watcher.response, `${line}\n`, manners().chunkBytes);

	const catchUp = (watcher: Watcher) => {
		const { frozen, olderDeletes } = manners();
		if (frozen) return;
		const changes = store.after(watcher.position, watcher.resource);
		if (changes === null) {
			tell(watcher, errorLine(410, 'Expired', 'too old resource version'));
			watcher.response.end();
			return;
		}
		for (const { type, object, first } of changes.filter((change) => watcher.isSelected(change.object))) {
			tell(watcher, JSON.stringify({ type, object: type === 'DELETED' && olderDeletes ? first : object }));
		}
		watcher.position = store.version();
	};

	return {
		begin: ({ resource, from, seconds, isSelected }, response) => {
			const watcher = { resource, isSelected, response, position: from };
			const close = setTimeout(
				() => response.end(),
				Math.min(manners().watchMs ?? Number.POSITIVE_INFINITY, seconds * 1000),
			);
			response.on('close', () => {
				clearTimeout(close);
				all.delete(watcher);
			});
			response.writeHead(200, { 'content-type': 'application/json' });
			response.flushHeaders();
			all.add(watcher);
			catchUp(watcher);
		},
		pump: () => all.forEach(catchUp),
		bookmark: () => {
			if (manners().frozen) return;
			for (const watcher of all) {
				catchUp(watcher);
				tell(watcher, bookmarkLine(watcher.resource, store.version()));
			}
		},
		line: (resource, line) => {
			for (const watcher of all) if (watcher.resource === resource) tell(watcher, line);
		},
		end: (how) => {
			for (const { response } of all) {
				if (how === 'cleanly') response.end();
				else if (how === 'abruptly') response.socket?.resetAndDestroy();
				else response.write('{"type":"MODIFIED","object":{"metadata":{"na', () => response.destroy());
			}
			all.clear();
		},
		open: (resource) => [...all].filter((watcher) => resource === undefined || watcher.resource === resource).length,
	};
}

/** A Status as an ERROR event. */
export function errorLine(code: number, reason: string, message: string): string {
	const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
	return JSON.stringify({ type: 'ERROR', object });
}

function bookmarkLine(resource: ResourceName, version: number): string {
	const { kind, apiVersion } = SERVED.find(({ name }) => name === resource) ?? {};
	const metadata = { resourceVersion: String(version), creationTimestamp: null };
	return JSON.stringify({ type: 'BOOKMARK', object: { kind, apiVersion, metadata } });
}

/** As a whole, or in chunks of so many bytes, wherever that tears a character. */
function write(response: ServerResponse, text: string, chunkBytes: number | null): void {
	const bytes = Buffer.from(text);
	const step = chunkBytes ?? bytes.length;
	for (let start = 0; start < bytes.length; start += step) response.write(bytes.subarray(start, start + step));
}
