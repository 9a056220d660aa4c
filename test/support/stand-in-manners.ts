import type { ResourceName } from '../../src/host/watch/resources.ts';

/** How the stand-in behaves until told otherwise. */
export interface Manners {
	/** the bearer token that every request must have; null asks for none */
	readonly token: string | null;
	/** refuses all connections, and resets those there are */
	readonly down: boolean;
	/** says nothing any more, to anybody, and leaves all connections open; afterwards it answers what it was asked */
	readonly frozen: boolean;
	/** before each answer */
	readonly delayMs: number;
	/** bytes of each chunk of a watch; null writes a line at once */
	readonly chunkBytes: number | null;
	/** lists come in random order with everything twice */
	readonly shuffled: boolean;
	/** a DELETED event carries the object as it was first */
	readonly olderDeletes: boolean;
	/** how long a watch lasts; null leaves it to the client */
	readonly watchMs: number | null;
	/** resources that are not served: 404 */
	readonly absent: readonly ResourceName[];
	/** how a watch from a forgotten version is refused */
	readonly goneAs: 'status' | 'event';
}

export const GOOD_MANNERS: Manners = {
	token: null,
	down: false,
	frozen: false,
	delayMs: 0,
	chunkBytes: null,
	shuffled: false,
	olderDeletes: false,
	watchMs: null,
	absent: [],
	goneAs: 'status',
};
