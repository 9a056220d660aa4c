import { type HealthChecks, newHealthChecks } from '../../health/health-checks.ts';
import { healthCheckAddresses } from '../../health/listen-addresses.ts';
import { newProxyHealth, type ProxyHealth } from '../../health/proxy-health.ts';
import { newHealthCheckPorts, type PortFailure } from '../../host/health-check-ports.ts';
import { interfaceAddresses } from '../../host/interface-addresses.ts';
import type { AgentMetrics } from '../../host/metrics/agent-metrics.ts';
import type { Follower } from '../../incremental/follower.ts';
import type { IpFamily } from '../../model/ip.ts';
import type { Settings } from '../../model/settings.ts';
import type { AgentObserver } from '../observer.ts';

/** The agent's health, and the health checks of Services that it answers for the node. */
export interface HealthDuty extends Partial<AgentObserver> {
	readonly health: ProxyHealth;
	/** the families whose table was brought to what it should be at least once */
	readonly synced: ReadonlySet<IpFamily>;
	readonly close: () => Promise<void>;
}

/** Keeps both up to date. */
export function healthDuty(
	follower: Follower,
	settings: Settings,
	metrics: AgentMetrics,
	onFailure: (failure: PortFailure) => void,
): HealthDuty {
	const health = newProxyHealth();
	for (const family of settings.families) health.updated(family);
	const { node, families, behaviour } = settings;
	const checks: HealthChecks = newHealthChecks(follower.objects, { node, families, behaviour });
	const ports = newHealthCheckPorts(() => health.health().healthy);
	const synced = new Set<IpFamily>();
	const queue = () => {
		for (const family of families) health.queued(family);
	};
	const openPorts = async (family: IpFamily) => {
		const addresses = healthCheckAddresses(
			family,
			settings.nodePortAddresses,
			follower.primaryIp(family),
			interfaceAddresses(),
		);
		const failures = await ports.sync(family, checks.wanted(family), addresses);
		failures.forEach(onFailure);
		metrics.healthChecks({ open: ports.open(), failed: ports.failures().length });
	};
	return {
		health,
		synced,
		close: ports.close,
		onEvent: queue,
		onSyncStart: (changes) => checks.update(changes),
		onSyncEnd: (results, _states, waiting) => {
			for (const { family, kind } of results) {
				if (kind !== 'synced') continue;
				health.updated(family);
				synced.add(family);
				void openPorts(family);
			}
			if (waiting) queue();
		},
	};
}
