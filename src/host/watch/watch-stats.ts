/** Why a request came to nothing, as a metric's label says it. */
export type TroubleReason =
	/** no connection, or it broke off in a list */
	| 'unreachable'
	/** 401, also with credentials read anew; or they cannot be read */
	| 'unauthorized'
	/** 403, or 404 */
	| 'forbidden'
	/** 429 and 503: told to come later */
	| 'throttled'
	/** any other status, or what is no list */
	| 'refused'
	/** 410 as a status or an event: the version to go on from is forgotten, all is listed again */
	| 'expired'
	/** any other ERROR event */
	| 'error-event'
	| 'unreadable-line'
	| 'line-too-long'
	/** the connection of a watch was lost */
	| 'broken'
	/** nothing came for too long */
	| 'silent';

/** What a watch has done and how it is. */
export interface WatchStats {
	/** lists that came whole */
	lists: number;
	/** watches begun */
	watches: number;
	/** watches that the server ended as it should */
	closes: number;
	/** objects put or deleted by events */
	events: number;
	bookmarks: number;
	/** events older than what was held, and so passed over */
	stale: number;
	readonly troubles: Map<TroubleReason, number>;
	/** when the API server was last heard, on the watch's clock; null if never */
	lastContact: number | null;
	/** objects */
	held: number;
	/** whether all was listed at least once */
	synced: boolean;
	/** whether events can come in at this moment */
	watching: boolean;
}

export function newStats(): WatchStats {
	return {
		lists: 0,
		watches: 0,
		closes: 0,
		events: 0,
		bookmarks: 0,
		stale: 0,
		troubles: new Map(),
		lastContact: null,
		held: 0,
		synced: false,
		watching: false,
	};
}

/** Something that keeps a watch from its work, for the operator. */
export interface Trouble {
	readonly resource: string;
	readonly reason: TroubleReason;
	/** a sentence without its full stop */
	readonly what: string;
	readonly retryInMs: number;
}
