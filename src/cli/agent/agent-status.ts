import { release } from 'node:os';
import type { HealthDuty } from '../../agent/duties/health.ts';
import { type TableHistory, watchStatus } from '../../agent/status.ts';
import { pictureAge, type Readiness } from '../../health/readiness.ts';
import type { AgentStatus } from '../../health/status.ts';
import { REAL_CLOCK } from '../../host/watch/clock.ts';
import type { WatchStats } from '../../host/watch/watch-stats.ts';
import type { Settings } from '../../model/settings.ts';
import { VERSION } from '../version.ts';
import type { AgentParts } from './agent-parts.ts';

/** Where what the agent knows of the cluster comes from; it changes while it runs. */
export interface Picture {
	/** whether the API server has told everything */
	synced: boolean;
	/** when the state was saved that is used until then; null without one */
	savedAt: number | null;
	stats: ReadonlyMap<string, Readonly<WatchStats>>;
	readonly started: number;
}

/** How far the agent has come. */
export function readinessOf({ families }: Settings, picture: Picture, { synced }: HealthDuty): Readiness {
	return { families, synced, picture: pictureOf(picture) };
}

function pictureOf({ synced, savedAt, stats }: Picture): Readiness['picture'] {
	if (synced) return { from: 'api-server', ageSeconds: pictureAge(stats, REAL_CLOCK.now()) ?? 0 };
	return savedAt === null ? null : { from: 'saved-state', ageSeconds: (Date.now() - savedAt) / 1000 };
}

/** What the status page is made of. */
export interface StatusSources {
	readonly parts: AgentParts;
	readonly picture: Picture;
	readonly history: TableHistory;
	readonly health: HealthDuty;
}

/** What the status page shows. */
export function statusOf({ parts, picture, history, health }: StatusSources): AgentStatus {
	const { request, follower, tables } = parts;
	const { settings } = request;
	const states = tables.states();
	const ports = states.flatMap(({ wanted }) => [...wanted.values()]);
	return {
		node: settings.node,
		versions: new Map([
			['nft-gen', VERSION],
			['Kubernetes', settings.behaviour.release],
			['kernel', release()],
			['Node', process.version],
		]),
		started: picture.started,
		now: Date.now(),
		readiness: readinessOf(settings, picture, health),
		services: new Set(ports.map(({ owner }) => `${owner.namespace}/${owner.service}`)).size,
		endpoints: follower.endpoints(),
		tables: history.tables(states),
		watches: watchStatus(picture.stats, REAL_CLOCK.now()),
		problems: follower.problems(),
	};
}

/** The object of the agent's own Node; undefined while there is none. */
export function ownNode({ follower, request }: AgentParts): unknown {
	return follower.objects.all('Node').find((node) => nameOf(node) === request.settings.node);
}

function nameOf(node: unknown): unknown {
	const { metadata } = node as { readonly metadata?: { readonly name?: unknown } };
	return metadata?.name;
}
