import type { Access } from './access.ts';
import type { Clock } from './clock.ts';
import type { Holding } from './holding.ts';
import type { WatchStats } from './watch-stats.ts';

/** What happened to the objects of a resource. Keys are `NAMESPACE/NAME`, or `NAME` where there are no namespaces. */
export type WatchEvent<Kept> =
	/** all there are now, sorted by key: what is not among them is gone; it comes whole, so there is no empty moment */
	| { readonly type: 'replace'; readonly objects: ReadonlyMap<string, Kept> }
	| { readonly type: 'put'; readonly key: string; readonly object: Kept }
	| { readonly type: 'delete'; readonly key: string };

export interface Limits {
	/** within which the API server begins to answer, and goes on in a list */
	readonly answerMs: number;
	/** of silence, until the API server is asked whether it is there; one whose packets are lost is found by the socket */
	readonly doubtMs: number;
	/** within which it has to answer that, or the watch is begun anew */
	readonly proofMs: number;
	/**
	 * A watch that is silent for longer is begun anew from where it stood, whatever else the API server answers. Bookmarks
	 * come about once a minute (apiserver `storage/cacher/cacher.go` defaultBookmarkFrequency); where there are several
	 * servers behind a proxy, the one that hangs may be another than the one that answers.
	 */
	readonly silenceMs: number;
	/** of one line of a watch, which is one object */
	readonly lineBytes: number;
}

export const LIMITS: Limits = {
	answerMs: 30_000,
	doubtMs: 30_000,
	proofMs: 10_000,
	silenceMs: 150_000,
	lineBytes: 16 << 20,
};

/** A resource that is kept up to date, with all that is known of it. */
export interface Keeping<Kept> {
	readonly access: Access;
	readonly name: string;
	readonly path: string;
	readonly project: (object: unknown) => Kept;
	readonly onEvent: (event: WatchEvent<Kept>) => void;
	readonly signal: AbortSignal;
	readonly clock: Clock;
	readonly limits: Limits;
	readonly stats: WatchStats;
	readonly held: Holding;
	/** where the next watch begins; null asks for a list */
	version: string | null;
}

const ADVICE: ReadonlyMap<number, string> = new Map([
	[401, '; are the credentials still good?'],
	[403, '; the verbs list and watch are needed, for the whole cluster'],
]);

/** What ends the sentence about a refusal. */
export function adviceOn(status: number): string {
	return ADVICE.get(status) ?? '';
}
