import { join } from 'node:path';
import type { Agent } from '../../agent/agent.ts';
import { conntrackDuty, type OnCleanUp } from '../../agent/duties/conntrack.ts';
import { healthDuty } from '../../agent/duties/health.ts';
import { logDuty } from '../../agent/duties/log.ts';
import { metricsDuty } from '../../agent/duties/metrics.ts';
import { quarantineEventsDuty } from '../../agent/duties/quarantine-events.ts';
import { savedStateDuty } from '../../agent/duties/saved-state.ts';
import { tableRecordsDuty } from '../../agent/duties/table-records.ts';
import { type AgentObserver, together } from '../../agent/observer.ts';
import { newTableHistory } from '../../agent/status.ts';
import type { Routes } from '../../health/answer.ts';
import { healthRoutes, metricsRoutes } from '../../health/routes.ts';
import type { BindAddress } from '../../host/bind-address.ts';
import { conntrackTable } from '../../host/conntrack.ts';
import { createEvent } from '../../host/events.ts';
import { PORT_FAILURE_EVENT, type PortFailure } from '../../host/health-check-ports.ts';
import { openServers, type ServerRequest } from '../../host/health-server.ts';
import { loadState } from '../../host/load-state.ts';
import { openMetrics } from '../../host/metrics/open-metrics.ts';
import { REAL_CLOCK } from '../../host/watch/clock.ts';
import type { WatchStats } from '../../host/watch/watch-stats.ts';
import type { Problem } from '../../model/problem.ts';
import { VERSION } from '../version.ts';
import type { AgentParts } from './agent-parts.ts';
import { ownNode, type Picture, readinessOf, statusOf } from './agent-status.ts';

/** Everything around the agent: logs, metrics, health, clean-up of connections, Events, the saved state. */
export interface Around {
	readonly observer: AgentObserver;
	/** The API server has told everything once. */
	readonly onSynced: () => void;
	/** Begins with the agent, and gives it the saved state if the API server is late. */
	readonly begin: (agent: Agent, stats: ReadonlyMap<string, Readonly<WatchStats>>) => Promise<void>;
	readonly close: () => Promise<void>;
}

/** An agent that ends soon, or only prints, has a log alone. */
export function openAround(parts: AgentParts): Promise<Around> {
	const { once, dryRun, settings } = parts.request;
	if (!once && !dryRun) return openAll(parts);
	const observer = together([logDuty(settings.node, parts.log)]);
	return Promise.resolve({ observer, onSynced: () => {}, begin: async () => {}, close: async () => {} });
}

async function openAll(parts: AgentParts): Promise<Around> {
	const { request, server, log, show, access, follower, signal } = parts;
	const { settings } = request;
	const { node, families, behaviour } = settings;
	const by = { controller: 'nft-gen', node };
	const picture: Picture = { synced: false, savedAt: null, stats: new Map(), started: Date.now() };
	const metrics = await openMetrics({ version: VERSION, kubernetes: behaviour.release });
	const history = newTableHistory(show);
	const health = healthDuty(follower, settings, metrics, (failure) => void tellPort(failure));
	const tellPort = async ({ check, problem }: PortFailure) => {
		tellProblem(problem);
		const { namespace, name } = check;
		const notice = { namespace, name, uid: null, reason: PORT_FAILURE_EVENT, note: problem.sentence };
		noteFailure(await createEvent(access, notice, by, signal));
	};
	const noteFailure = (reason: string | null) => {
		if (reason !== null) log.debug({ reason }, 'an Event could not be written');
	};
	const tellProblem = ({ sentence, hint, code }: Problem) => log.warn({ code, hint }, sentence);
	const flows = conntrackTable({ command: [request.conntrack], signal });
	const lastFlows = behaviour.forgetsLastFlows ? 'forget' : 'keep';
	const onCleanUp: OnCleanUp = (family, { outcome, reason, deleted, milliseconds }) => {
		metrics.conntrack(family, milliseconds / 1000, deleted);
		if (outcome !== 'done' && !signal.aborted) log.warn({ family, reason }, 'stale UDP connections may be left');
	};
	const conntrack = conntrackDuty(flows, families, lastFlows, onCleanUp, signal);
	const owner = { node, server };
	const path = join(request.stateDir, 'objects.json.gz');
	let everything: Agent['everything'] = () => [];
	const saved = savedStateDuty(
		path,
		owner,
		() => everything(),
		() => picture.synced,
		(reason) => log.warn(reason),
		signal,
	);
	const events = quarantineEventsDuty(access, by, follower.objects.service, signal, noteFailure);
	const duties = [
		logDuty(node, log),
		metricsDuty(metrics, families, follower.problems),
		health,
		conntrack,
		saved,
		tableRecordsDuty(parts.recordFile, (reason) => log.warn(reason)),
		events,
		history,
	];

	const status = () => statusOf({ parts, picture, history, health });
	const readiness = () => readinessOf(settings, picture, health);
	const routes = healthRoutes({
		health: health.health,
		node: () => ownNode(parts),
		readiness,
		status,
		onProbe: metrics.probed,
	});
	const servers = await openServers(
		[
			...serverAt(request.healthzBindAddress, 'health', routes),
			...serverAt(request.metricsBindAddress, 'metrics', metricsRoutes(metrics.scrape)),
		],
		tellProblem,
	);
	return {
		observer: together(duties),
		onSynced: () => {
			picture.synced = true;
			log.info('the API server has told everything');
		},
		begin: async (agent, stats) => {
			everything = agent.everything;
			picture.stats = stats;
			metrics.watching(stats, REAL_CLOCK.now);
			const loaded = await loadState(path, owner);
			if (loaded.outcome === 'ignored') log.warn(loaded.reason);
			if (loaded.outcome !== 'loaded' || picture.synced) return;
			picture.savedAt = loaded.savedAt.getTime();
			log.info({ savedAt: loaded.savedAt, objects: loaded.objects.length }, 'begins with the saved state');
			agent.startFrom(loaded.objects);
		},
		close: async () => {
			await Promise.all([servers.close(), health.close()]);
		},
	};
}

function serverAt(at: BindAddress | 'off', what: string, routes: Routes): readonly ServerRequest[] {
	return at === 'off' ? [] : [{ what, at, routes }];
}
