import { property, retryAfter } from './answers.ts';

/** A line of a watch, read. */
export type EventLine =
	| { readonly type: 'put' | 'delete'; readonly key: string; readonly version: string; readonly object: unknown }
	| { readonly type: 'bookmark'; readonly version: string }
	| {
			readonly type: 'error';
			/** what it would be as an HTTP status; 0 where it says none */
			readonly status: number;
			readonly message: string;
			readonly retryAfterMs: number | null;
	  };

/** A line that is no event of a watch: what it would have told us is lost. */
export class UnreadableLine extends Error {
	override readonly name = 'UnreadableLine';
}

const TYPES: ReadonlyMap<unknown, 'put' | 'delete'> = new Map([
	['ADDED', 'put'],
	['MODIFIED', 'put'],
	['DELETED', 'delete'],
]);

/**
 * Reads a line (apimachinery `pkg/apis/meta/v1/watch.go` WatchEvent).
 * @throws UnreadableLine
 */
export function readEventLine(line: string): EventLine {
	const event = parsed(line);
	const [type, object] = [property(event, 'type'), property(event, 'object')];
	if (type === 'ERROR') return errorOf(object);
	const version = versionOf(object);
	if (type === 'BOOKMARK' && version !== '') return { type: 'bookmark', version };
	const ours = TYPES.get(type);
	const key = keyOf(object);
	if (ours === undefined || key === null) throw new UnreadableLine(`a line that is no event: ${line.slice(0, 100)}`);
	return { type: ours, key, version, object };
}

/** How an object is called among those of its resource, `NAMESPACE/NAME` or `NAME`; null when it has no name. */
export function keyOf(object: unknown): string | null {
	const metadata = property(object, 'metadata');
	const [namespace, name] = [property(metadata, 'namespace'), property(metadata, 'name')];
	if (typeof name !== 'string' || name === '') return null;
	return typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name;
}

/** An object's resourceVersion; empty where it has none. */
export function versionOf(object: unknown): string {
	const version = property(property(object, 'metadata'), 'resourceVersion');
	return typeof version === 'string' ? version : '';
}

/** The object of an ERROR is a Status (apimachinery `pkg/apis/meta/v1/types.go`). */
function errorOf(status: unknown): EventLine {
	const [code, message, reason] = [property(status, 'code'), property(status, 'message'), property(status, 'reason')];
	const gone = reason === 'Expired' || reason === 'Gone';
	return {
		type: 'error',
		status: typeof code === 'number' ? code : gone ? 410 : 0,
		message: typeof message === 'string' ? message.slice(0, 300) : String(reason ?? 'no reason given'),
		retryAfterMs: retryAfter(property(property(status, 'details'), 'retryAfterSeconds')),
	};
}

function parsed(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}
