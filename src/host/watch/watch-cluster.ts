import type { ClusterChoice } from '../kubeconfig.ts';
import { type Access, accessTo } from './access.ts';
import { type Clock, REAL_CLOCK } from './clock.ts';
import type { Limits, WatchEvent } from './keeping.ts';
import { type KeptObject, projectTo } from './project.ts';
import { RESOURCES, type Resource, type ResourceName } from './resources.ts';
import { type ResourceWatch, watchResource } from './watch-resource.ts';
import type { Trouble, WatchStats } from './watch-stats.ts';

/** What happened to the objects of one resource of the cluster. */
export type ClusterEvent = { readonly resource: ResourceName } & WatchEvent<KeptObject>;

/** Which cluster to keep up with, and whom to tell. */
export interface ClusterWatchRequest {
	/** how to reach it: as kubectl would be told, or ready-made */
	readonly cluster: ClusterChoice | Access;
	/** what decides about rules unless said otherwise */
	readonly resources?: readonly Resource[];
	/** Ends everything at once. */
	readonly signal: AbortSignal;
	readonly onEvent: (event: ClusterEvent) => void;
	/** Called once, after the event that completes the first picture of the cluster: every resource was listed. */
	readonly onSynced?: () => void;
	readonly onTrouble?: (trouble: Trouble) => void;
	readonly clock?: Clock;
	readonly limits?: Partial<Limits>;
}

/** A cluster that is being watched. */
export interface ClusterWatch {
	readonly stats: ReadonlyMap<ResourceName, Readonly<WatchStats>>;
	/** settles when the signal has ended all watches, or with the error that a function of the caller threw */
	readonly done: Promise<void>;
}

/** Keeps all resources of a cluster up to date, each with its own list and watch. */
export function watchCluster(request: ClusterWatchRequest): ClusterWatch {
	const { cluster, resources = RESOURCES, clock = REAL_CLOCK, onEvent, onSynced } = request;
	const access = 'current' in cluster ? cluster : accessTo(cluster, clock);
	const { signal, stop } = stoppable(request.signal);
	const missing = new Set(resources.map(({ name }) => name));
	const watches = new Map<ResourceName, ResourceWatch>();
	for (const { name, path, optional, apiVersion, kind } of resources) {
		const tellEvent = (event: WatchEvent<KeptObject>) => {
			onEvent({ resource: name, ...event });
			if (missing.delete(name) && missing.size === 0) onSynced?.();
		};
		const about = { access, name, path, optional, project: projectTo(apiVersion, kind) };
		watches.set(name, watchResource({ ...request, ...about, clock, signal, onEvent: tellEvent }));
	}
	const ends = [...watches.values()].map(({ done }) => done.finally(stop));
	const stats = new Map([...watches].map(([name, watch]) => [name, watch.stats]));
	return { stats, done: Promise.all(ends).then(() => {}) };
}

/** A signal that stops when another does, and when told so: one watch that fails ends them all. */
function stoppable(signal: AbortSignal): { readonly signal: AbortSignal; readonly stop: () => void } {
	const controller = new AbortController();
	const stop = () => {
		signal.removeEventListener('abort', stop);
		controller.abort();
	};
	if (signal.aborted) stop();
	else signal.addEventListener('abort', stop);
	return { signal: controller.signal, stop };
}
