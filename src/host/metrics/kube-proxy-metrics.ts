import type { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The library, which only an agent loads. */
export type PromClient = typeof import('prom-client');

/** `ExponentialBuckets(0.001, 2, 15)`: 1 ms to 16 s. */
export const SYNC_BUCKETS: readonly number[] = Array.from({ length: 15 }, (_, index) => 0.001 * 2 ** index);

/** `LinearBuckets` of Prometheus' Go library. */
function linear(start: number, width: number, count: number): readonly number[] {
	return Array.from({ length: count }, (_, index) => start + index * width);
}

/** As `MergeBuckets` makes them, which begins with 0 (component-base `metrics/buckets.go`). */
export const PROGRAMMING_BUCKETS: readonly number[] = [
	0,
	...linear(0.25, 0.25, 2),
	...linear(1, 1, 59),
	...linear(60, 5, 12),
	...linear(120, 30, 7),
];

type ByIpFamily = 'ip_family';

export interface KubeProxyMetrics {
	readonly sync: Histogram<ByIpFamily>;
	readonly fullSync: Histogram<ByIpFamily>;
	readonly partialSync: Histogram<ByIpFamily>;
	readonly lastSync: Gauge<ByIpFamily>;
	readonly lastQueued: Gauge<ByIpFamily>;
	readonly programming: Histogram<ByIpFamily>;
	readonly endpointChangesPending: Gauge;
	readonly endpointChanges: Counter;
	readonly serviceChangesPending: Gauge;
	readonly serviceChanges: Counter;
	readonly noLocalEndpoints: Gauge<'traffic_policy' | ByIpFamily>;
	readonly syncFailures: Counter<ByIpFamily>;
	readonly cleanUpFailures: Counter<ByIpFamily>;
	readonly healthz: Counter<'code'>;
	readonly livez: Counter<'code'>;
	readonly conntrack: Histogram<ByIpFamily>;
	readonly conntrackDeleted: Counter<ByIpFamily>;
}

/**
 * The metrics of kube-proxy's nftables mode that mean the same here, with its names, labels, texts and buckets, so that
 * dashboards keep working (kube-proxy `pkg/proxy/metrics/metrics.go`).
 */
export function kubeProxyMetrics({ Counter, Gauge, Histogram }: PromClient, registry: Registry): KubeProxyMetrics {
	const all = { registers: [registry] };
	const named = (name: string, help: string) => ({ ...all, name: `kubeproxy_${name}`, help });
	const families = { labelNames: ['ip_family'] as const };
	const codes = { labelNames: ['code'] as const };
	const histogram = (name: string, help: string, buckets = SYNC_BUCKETS) =>
		new Histogram({ ...named(name, help), ...families, buckets: [...buckets] });
	const counter = (name: string, help: string) => new Counter({ ...named(name, help), ...families });
	const gauge = (name: string, help: string) => new Gauge({ ...named(name, help), ...families });
	return {
		sync: histogram('sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds'),
		fullSync: histogram('sync_full_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds for full resyncs'),
		partialSync: histogram(
			'sync_partial_proxy_rules_duration_seconds',
			'SyncProxyRules latency in seconds for partial resyncs',
		),
		lastSync: gauge('sync_proxy_rules_last_timestamp_seconds', 'The last time proxy rules were successfully synced'),
		lastQueued: gauge(
			'sync_proxy_rules_last_queued_timestamp_seconds',
			'The last time a sync of proxy rules was queued',
		),
		programming: histogram(
			'network_programming_duration_seconds',
			'In Cluster Network Programming Latency in seconds',
			PROGRAMMING_BUCKETS,
		),
		endpointChangesPending: new Gauge(
			named('sync_proxy_rules_endpoint_changes_pending', 'Pending proxy rules Endpoint changes'),
		),
		endpointChanges: new Counter(
			named('sync_proxy_rules_endpoint_changes_total', 'Cumulative proxy rules Endpoint changes'),
		),
		serviceChangesPending: new Gauge(
			named('sync_proxy_rules_service_changes_pending', 'Pending proxy rules Service changes'),
		),
		serviceChanges: new Counter(
			named('sync_proxy_rules_service_changes_total', 'Cumulative proxy rules Service changes'),
		),
		noLocalEndpoints: new Gauge({
			...named(
				'sync_proxy_rules_no_local_endpoints_total',
				'Number of services with a Local traffic policy and no endpoints',
			),
			labelNames: ['traffic_policy', 'ip_family'],
		}),
		syncFailures: counter('sync_proxy_rules_nftables_sync_failures_total', 'Cumulative proxy nftables sync failures'),
		cleanUpFailures: counter(
			'sync_proxy_rules_nftables_cleanup_failures_total',
			'Cumulative proxy nftables cleanup failures',
		),
		healthz: new Counter({ ...named('proxy_healthz_total', 'Cumulative proxy healthz HTTP status'), ...codes }),
		livez: new Counter({ ...named('proxy_livez_total', 'Cumulative proxy livez HTTP status'), ...codes }),
		conntrack: histogram(
			'conntrack_reconciler_sync_duration_seconds',
			'ReconcileConntrackFlowsLatency latency in seconds',
		),
		conntrackDeleted: counter(
			'conntrack_reconciler_deleted_entries_total',
			'Cumulative conntrack flows deleted by conntrack reconciler',
		),
	};
}
