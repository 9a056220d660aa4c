import type { Registry } from 'prom-client';
import type { PromClient } from './kube-proxy-metrics.ts';

/**
 * What Prometheus' libraries say of every process, under their names. The library's own collection would also keep a
 * timer for the delays of the event loop, a hundred times a second on every node.
 */
export function processMetrics({ Counter, Gauge }: PromClient, registry: Registry): void {
	const registers = [registry];
	new Counter({
		registers,
		name: 'process_cpu_seconds_total',
		help: 'Total user and system CPU time spent in seconds.',
		collect() {
			const { user, system } = process.cpuUsage();
			this.reset();
			this.inc((user + system) / 1e6);
		},
	});
	new Gauge({
		registers,
		name: 'process_resident_memory_bytes',
		help: 'Resident memory size in bytes.',
		collect() {
			this.set(process.memoryUsage.rss());
		},
	});
	const started = Date.now() / 1000 - process.uptime();
	new Gauge({
		registers,
		name: 'process_start_time_seconds',
		help: 'Start time of the process since unix epoch in seconds.',
	}).set(started);
}
