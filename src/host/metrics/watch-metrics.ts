import type { Registry } from 'prom-client';
import type { WatchStats } from '../watch/watch-stats.ts';
import type { PromClient } from './kube-proxy-metrics.ts';

/** The watches as they are now, and what time it is on their clock. */
export interface WatchSource {
	readonly stats: ReadonlyMap<string, Readonly<WatchStats>>;
	readonly now: () => number;
}

/** A metric of a watch, read when somebody asks; null where there is nothing to say. */
interface Read {
	readonly name: string;
	readonly help: string;
	readonly value: (stats: Readonly<WatchStats>, now: number) => number | null;
}

const GAUGES: readonly Read[] = [
	{ name: 'objects', help: 'Objects held', value: ({ held }) => held },
	{
		name: 'watch_last_contact_seconds',
		help: 'Seconds since the API server was last heard',
		value: ({ lastContact }, now) => (lastContact === null ? null : (now - lastContact) / 1000),
	},
	{
		name: 'watch_connected',
		help: 'Whether events can come in',
		value: ({ watching }) => (watching ? 1 : 0),
	},
	{ name: 'watch_synced', help: 'Whether all was listed at least once', value: ({ synced }) => (synced ? 1 : 0) },
];

const COUNTERS: readonly Read[] = [
	{ name: 'watch_lists_total', help: 'Lists that came whole', value: ({ lists }) => lists },
	{ name: 'watch_starts_total', help: 'Watches begun', value: ({ watches }) => watches },
	{ name: 'watch_events_total', help: 'Objects put or deleted by events', value: ({ events }) => events },
	{ name: 'watch_stale_events_total', help: 'Events older than what was held', value: ({ stale }) => stale },
];

/** Registers metrics that read the watches whenever somebody asks. @param source null while nothing is watched */
export function watchMetrics(
	{ Counter, Gauge }: PromClient,
	registry: Registry,
	source: () => WatchSource | null,
): void {
	const resources = { registers: [registry], labelNames: ['resource'] as const };
	for (const { name, help, value } of GAUGES) {
		new Gauge({
			...resources,
			name: `nftgen_${name}`,
			help,
			collect() {
				eachWatch(source(), (resource, stats, now) => {
					const read = value(stats, now);
					if (read !== null) this.set({ resource }, read);
				});
			},
		});
	}
	for (const { name, help, value } of COUNTERS) {
		new Counter({
			...resources,
			name: `nftgen_${name}`,
			help,
			collect() {
				this.reset();
				eachWatch(source(), (resource, stats, now) => this.inc({ resource }, value(stats, now) ?? 0));
			},
		});
	}
	new Counter({
		registers: [registry],
		name: 'nftgen_watch_troubles_total',
		help: 'Requests that came to nothing, by why',
		labelNames: ['resource', 'reason'],
		collect() {
			this.reset();
			eachWatch(source(), (resource, { troubles }) => {
				for (const [reason, count] of troubles) this.inc({ resource, reason }, count);
			});
		},
	});
}

function eachWatch(
	source: WatchSource | null,
	tell: (resource: string, stats: Readonly<WatchStats>, now: number) => void,
): void {
	if (source === null) return;
	const now = source.now();
	for (const [resource, stats] of source.stats) tell(resource, stats, now);
}
