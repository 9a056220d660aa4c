import { type ClusterChoice, ClusterError, loadConfig } from '../kubeconfig.ts';
import type { Clock } from './clock.ts';
import { type Connection, connectionOf } from './connection.ts';

/** The API server with credentials that are good now; all watches of a cluster share it. */
export interface Access {
	/**
	 * For the next request.
	 * @throws ClusterError when the kubeconfig cannot be used
	 */
	readonly current: () => Promise<Connection>;
	/**
	 * Another one, after the API server refused this one's credentials.
	 * @throws ClusterError when the kubeconfig cannot be used
	 */
	readonly renewed: (refused: Connection) => Promise<Connection>;
}

/** Tokens are short-lived and their files rewritten (client-go `transport/token_source.go` NewCachedFileTokenSource reads each minute). */
const FRESH_MS = 60_000;

/** A program for credentials that takes longer, such as one that waits for a browser, is not waited for. */
const PATIENCE_MS = 30_000;

/** Reaches the cluster that kubectl would be told of. */
export function accessTo(choice: ClusterChoice, clock: Clock): Access {
	return refreshed(async () => connectionOf(await loadConfig(choice)), clock);
}

/**
 * Reads everything anew for a request later than a minute after the last reading, and when credentials were refused: the
 * kubeconfig, certificates and token files, and a program for credentials runs. The library alone would keep tokens for
 * a minute by the time of day, and those of programs until they say they expire, refused or not.
 */
export function refreshed(read: () => Promise<Connection>, clock: Clock): Access {
	let held: { readonly connection: Connection; readonly at: number } | null = null;
	let reading: Promise<Connection> | null = null;

	const readOnce = (): Promise<Connection> => {
		reading ??= read()
			.then((connection) => {
				held = { connection, at: clock.now() };
				return connection;
			})
			.finally(() => {
				reading = null;
			});
		return patiently(reading, clock);
	};

	return {
		current: () => {
			if (held === null) return readOnce();
			const { connection, at } = held;
			// A file that cannot be read just now is no reason to stop while its credentials are not refused.
			return clock.now() - at < FRESH_MS ? Promise.resolve(connection) : readOnce().catch(() => connection);
		},
		renewed: (refused) =>
			held === null || held.connection === refused ? readOnce() : Promise.resolve(held.connection),
	};
}

/** Waits no longer than is sensible; the reading goes on, and is not begun twice. */
function patiently(reading: Promise<Connection>, clock: Clock): Promise<Connection> {
	return new Promise((resolve, reject) => {
		const giveUp = () => reject(new ClusterError(`reading the credentials takes longer than ${PATIENCE_MS / 1000} s`));
		const cancel = clock.after(PATIENCE_MS, giveUp);
		reading.then(resolve, reject).finally(cancel);
	});
}
