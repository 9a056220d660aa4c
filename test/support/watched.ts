import type { Access } from '../../src/host/watch/access.ts';
import type { Clock } from '../../src/host/watch/clock.ts';
import type { WatchEvent } from '../../src/host/watch/keeping.ts';
import { type KeptObject, projectTo } from '../../src/host/watch/project.ts';
import { type ResourceWatch, type WatchRequest, watchResource } from '../../src/host/watch/watch-resource.ts';
import type { Trouble } from '../../src/host/watch/watch-stats.ts';

/** A clock that runs so many times faster than the real one, so that a minute of a test is less than a second. */
export function timeLapse(factor: number, random: () => number = () => 0.5): Clock {
	return {
		now: () => performance.now() * factor,
		after: (ms, run) => {
			const timer = setTimeout(run, ms / factor + 1);
			return () => clearTimeout(timer);
		},
		random,
	};
}

/** A watch of Services with the store that it keeps. */
export interface Watched {
	readonly store: ReadonlyMap<string, KeptObject>;
	readonly events: readonly WatchEvent<KeptObject>[];
	readonly troubles: readonly Trouble[];
	readonly watch: ResourceWatch;
	/** how small the store ever was after it was first filled */
	readonly least: () => number;
	readonly stop: () => Promise<void>;
}

type About = Partial<WatchRequest<KeptObject>> & Pick<WatchRequest<KeptObject>, 'access'>;

/** Watches Services until `stop`; anything of the request can be set otherwise. */
export function watched(about: About): Watched {
	const controller = new AbortController();
	let store = new Map<string, KeptObject>();
	let least = Number.POSITIVE_INFINITY;
	const events: WatchEvent<KeptObject>[] = [];
	const troubles: Trouble[] = [];
	const watch = watchResource<KeptObject>({
		name: 'services',
		path: '/api/v1/services',
		optional: false,
		project: projectTo('v1', 'Service'),
		signal: controller.signal,
		onEvent: (event) => {
			events.push(event);
			if (event.type === 'replace') store = new Map(event.objects);
			else if (event.type === 'put') store.set(event.key, event.object);
			else store.delete(event.key);
			least = Math.min(least, store.size);
		},
		onTrouble: (trouble) => troubles.push(trouble),
		...about,
	});
	const stop = async () => {
		controller.abort();
		await watch.done;
	};
	return {
		get store() {
			return store;
		},
		events,
		troubles,
		watch,
		least: () => least,
		stop,
	};
}

/** Reaches a server that asks for no credentials. */
export function plainAccess(url: string): Access {
	const connection = { server: url, options: { method: 'GET', headers: { accept: 'application/json' } } };
	return { current: async () => connection, renewed: async () => connection };
}
