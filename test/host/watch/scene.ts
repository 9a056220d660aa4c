import { expect, onTestFinished, vi } from 'vitest';
import { type StandIn, startStandIn } from '../../support/stand-in-api-server.ts';
import type { ApiObject } from '../../support/stand-in-store.ts';
import { plainAccess, timeLapse, type Watched, watched } from '../../support/watched.ts';

/** A stand-in that holds these, until the test ends. */
export async function serverWith(...objects: readonly ApiObject[]): Promise<StandIn> {
	const server = await startStandIn();
	onTestFinished(server.close);
	server.put(...objects);
	return server;
}

/** Twelve real seconds on that clock. */
const NO_DOUBT = { doubtMs: 600_000 };

/** A watch of its Services until the test ends, on a clock that runs 50 times as fast. It trusts a server that is silent. */
export function watching(server: StandIn, about: Partial<Parameters<typeof watched>[0]> = {}): Watched {
	const found = watched({
		access: plainAccess(server.url),
		clock: timeLapse(50),
		...about,
		limits: { ...NO_DOUBT, ...about.limits },
	});
	onTestFinished(() => found.stop().catch(() => {}));
	return found;
}

/** Waits until something is so. */
export function soon(expectation: () => void): Promise<void> {
	return vi.waitFor(expectation, { interval: 3, timeout: 5000 });
}

/** Waits until the store has these keys and no other. */
export function holds(found: Watched, ...keys: readonly string[]): Promise<void> {
	return soon(() => expect([...found.store.keys()].sort()).toEqual(keys));
}

/** What was asked, `L` for a list, or a page of one, and `W` for a watch. */
export function verbs({ requests }: StandIn): string {
	return requests.map(({ verb }) => (verb === 'list' ? 'L' : 'W')).join('');
}

/** The version that a request began from. */
export function fromVersion({ requests }: StandIn, index: number): string | null {
	return new URL(requests[index]?.url ?? '/', 'http://api').searchParams.get('resourceVersion');
}
