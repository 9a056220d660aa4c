import type { Registry } from 'prom-client';
import { familyName } from '../../model/ip.ts';
import type { AgentMetrics } from './agent-metrics.ts';
import { kubeProxyMetrics, type PromClient } from './kube-proxy-metrics.ts';
import { ownMetrics } from './own-metrics.ts';
import { processMetrics } from './process-metrics.ts';
import { type WatchSource, watchMetrics } from './watch-metrics.ts';

/** Which program measures. */
export interface BuildInfo {
	readonly version: string;
	/** the release of Kubernetes whose behaviour it has */
	readonly kubernetes: string;
}

/** Loads the library and begins to measure. @param date the time of day in milliseconds */
export async function openMetrics(build: BuildInfo, date: () => number = Date.now): Promise<AgentMetrics> {
	// All of it, not its parts: bundled, a module of the old kind has nothing else.
	const { default: client } = await import('prom-client');
	const registry = new client.Registry();
	let watches: WatchSource | null = null;
	const measured = measuring(client, registry, date);
	watchMetrics(client, registry, () => watches);
	processMetrics(client, registry);
	const info = { registers: [registry], name: 'nftgen_build_info', help: 'Which version this is' };
	new client.Gauge({ ...info, labelNames: ['version', 'kubernetes'] }).set({ ...build }, 1);
	return {
		...measured,
		watching: (stats, now) => {
			watches = { stats, now };
		},
		scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
	};
}

type Measured = Omit<AgentMetrics, 'watching' | 'scrape'>;

function measuring(client: PromClient, registry: Registry, date: () => number): Measured {
	const kube = kubeProxyMetrics(client, registry);
	const own = ownMetrics(client, registry);
	const probes = { healthz: kube.healthz, livez: kube.livez, readyz: own.readyz };
	return {
		queued: (family) => kube.lastQueued.set({ ip_family: familyName(family) }, date() / 1000),
		synced: ({ family, full, succeeded, seconds, programming }) => {
			const labels = { ip_family: familyName(family) };
			kube.sync.observe(labels, seconds);
			(full ? kube.fullSync : kube.partialSync).observe(labels, seconds);
			if (succeeded) kube.lastSync.set(labels, date() / 1000);
			else kube.syncFailures.inc(labels);
			for (const each of programming) kube.programming.observe(labels, each);
		},
		changed: ({ services, endpointSlices }) => {
			kube.serviceChanges.inc(services);
			kube.endpointChanges.inc(endpointSlices);
		},
		pending: ({ services, endpointSlices }) => {
			kube.serviceChangesPending.set(services);
			kube.endpointChangesPending.set(endpointSlices);
		},
		noLocalEndpoints: (family, { internal, external }) => {
			kube.noLocalEndpoints.set({ traffic_policy: 'internal', ip_family: familyName(family) }, internal);
			kube.noLocalEndpoints.set({ traffic_policy: 'external', ip_family: familyName(family) }, external);
		},
		transaction: ({ outcome, seconds, bytes, elements }) => {
			own.transactions.inc({ outcome });
			own.transactionBytes.observe(bytes);
			own.nftSeconds.observe(seconds);
			if (outcome === 'done') own.elements.inc(elements);
		},
		cleanUpFailed: (family) => kube.cleanUpFailures.inc({ ip_family: familyName(family) }),
		driftRepaired: (cause) => own.driftRepairs.inc({ cause }),
		generationConflict: (family) => own.generationConflicts.inc({ ip_family: familyName(family) }),
		quarantined: (family, servicePorts) => own.quarantined.set({ ip_family: familyName(family) }, servicePorts),
		problems: ({ error, warning }) => {
			own.problems.set({ severity: 'error' }, error);
			own.problems.set({ severity: 'warning' }, warning);
		},
		conntrack: (family, seconds, deleted) => {
			kube.conntrack.observe({ ip_family: familyName(family) }, seconds);
			kube.conntrackDeleted.inc({ ip_family: familyName(family) }, deleted);
		},
		probed: (probe, status) => probes[probe].inc({ code: String(status) }),
		healthChecks: ({ open, failed }) => {
			own.healthCheckPorts.set({ state: 'open' }, open);
			own.healthCheckPorts.set({ state: 'failed' }, failed);
		},
	};
}
