import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AgentMetrics, elementsOf, NO_METRICS } from '../../src/host/metrics/agent-metrics.ts';
import { PROGRAMMING_BUCKETS, SYNC_BUCKETS } from '../../src/host/metrics/kube-proxy-metrics.ts';
import { openMetrics } from '../../src/host/metrics/open-metrics.ts';
import { newStats } from '../../src/host/watch/watch-stats.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW = 1_700_000_000_500;

interface Metric {
	readonly name: string;
	readonly help: string;
	readonly type: string;
	readonly labels: readonly string[];
	readonly buckets?: readonly number[];
}

/** Gathered from kube-proxy's own registry (1.37, nftables mode) after each metric was used once. */
const KUBE_PROXY: readonly Metric[] = JSON.parse(readFileSync('test/health/kube-proxy-metrics.json', 'utf8'));

/** Uses everything once. */
function useAll(metrics: AgentMetrics): void {
	metrics.queued('ip');
	metrics.synced({ family: 'ip', full: true, succeeded: true, seconds: 0.003, programming: [0.3, 400] });
	metrics.synced({ family: 'ip', full: false, succeeded: false, seconds: 0.002, programming: [] });
	metrics.changed({ services: 2, endpointSlices: 3 });
	metrics.pending({ services: 1, endpointSlices: 4 });
	metrics.noLocalEndpoints('ip', { internal: 1, external: 2 });
	metrics.transaction({ outcome: 'done', seconds: 0.02, bytes: 1000, elements: 7 });
	metrics.transaction({ outcome: 'refused', seconds: 0.02, bytes: 1000, elements: 7 });
	metrics.cleanUpFailed('ip');
	metrics.driftRepaired('fence');
	metrics.generationConflict('ip');
	metrics.quarantined('ip', 1);
	metrics.problems({ error: 1, warning: 2 });
	metrics.conntrack('ip', 0.01, 5);
	metrics.probed('healthz', 200);
	metrics.probed('livez', 503);
	metrics.probed('readyz', 503);
	metrics.healthChecks({ open: 3, failed: 1 });
}

async function opened() {
	const metrics = await openMetrics({ version: '0.1.0', kubernetes: '1.37' }, () => NOW);
	useAll(metrics);
	return metrics;
}

/** Samples by their name with labels. */
function samples(text: string): ReadonlyMap<string, number> {
	const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
	return new Map(
		lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
	);
}

/** What a scrape says a metric is. */
function described(text: string, name: string): Metric {
	const help = new RegExp(`^# HELP ${name} (.*)$`, 'm').exec(text)?.[1] ?? '';
	const type = new RegExp(`^# TYPE ${name} (.*)$`, 'm').exec(text)?.[1] ?? '';
	const found = [...samples(text).keys()].filter(
		(sample) =>
			sample.replace(/\{.*/, '').replace(/_(?:bucket|sum|count)$/, '') === name || sample.replace(/\{.*/, '') === name,
	);
	const labels = new Set(found.flatMap((sample) => [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => label)));
	labels.delete('le');
	const buckets = new Set(found.flatMap((sample) => /le="([\d.]+)"/.exec(sample)?.[1] ?? []).map(Number));
	return { name, help, type, labels: [...labels].sort(), ...(buckets.size === 0 ? {} : { buckets: [...buckets] }) };
}

describe('metrics', () => {
	it('have the names, texts, types, labels and buckets of kube-proxy, all of them and no others', async () => {
		const { text } = await (await opened()).scrape();
		const names = [...text.matchAll(/^# TYPE (kubeproxy_\w+)/gm)].map(([, name = '']) => name).sort();
		expect(names.map((name) => described(text, name))).toEqual(KUBE_PROXY);
	});

	it('have buckets in order', () => {
		for (const buckets of [SYNC_BUCKETS, PROGRAMMING_BUCKETS]) {
			expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
		}
		expect([SYNC_BUCKETS.at(-1), PROGRAMMING_BUCKETS.at(-1)]).toEqual([16.384, 300]);
	});

	it('count what they are told', async () => {
		const { text, contentType } = await (await opened()).scrape();
		expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
		const found = samples(text);
		const value = (name: string) => found.get(name);
		expect({
			syncs: value('kubeproxy_sync_proxy_rules_duration_seconds_count{ip_family="IPv4"}'),
			full: value('kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family="IPv4"}'),
			partial: value('kubeproxy_sync_partial_proxy_rules_duration_seconds_sum{ip_family="IPv4"}'),
			failures: value('kubeproxy_sync_proxy_rules_nftables_sync_failures_total{ip_family="IPv4"}'),
			last: value('kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family="IPv4"}'),
			queued: value('kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds{ip_family="IPv4"}'),
			fast: value('kubeproxy_network_programming_duration_seconds_bucket{le="0.5",ip_family="IPv4"}'),
			slow: value('kubeproxy_network_programming_duration_seconds_bucket{le="+Inf",ip_family="IPv4"}'),
			external: value(
				'kubeproxy_sync_proxy_rules_no_local_endpoints_total{traffic_policy="external",ip_family="IPv4"}',
			),
			livez: value('kubeproxy_proxy_livez_total{code="503"}'),
			deleted: value('kubeproxy_conntrack_reconciler_deleted_entries_total{ip_family="IPv4"}'),
			elements: value('nftgen_elements_written_total'),
			refused: value('nftgen_transactions_total{outcome="refused"}'),
			drift: value('nftgen_drift_repairs_total{cause="fence"}'),
			errors: value('nftgen_problems{severity="error"}'),
			quarantined: value('nftgen_quarantined_service_ports{ip_family="IPv4"}'),
			build: value('nftgen_build_info{version="0.1.0",kubernetes="1.37"}'),
		}).toEqual({
			syncs: 2,
			full: 1,
			partial: 0.002,
			failures: 1,
			last: NOW / 1000,
			queued: NOW / 1000,
			fast: 1,
			slow: 2,
			external: 2,
			livez: 1,
			deleted: 5,
			elements: 7,
			refused: 1,
			drift: 1,
			errors: 1,
			quarantined: 1,
			build: 1,
		});
		expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e6);
	});

	it('read the watches when they are asked', async () => {
		const metrics = await opened();
		const stats = newStats();
		let now = 10_000;
		metrics.watching(new Map([['services', stats]]), () => now);
		const asked = async () => {
			const found = samples((await metrics.scrape()).text);
			const names = ['objects', 'watch_last_contact_seconds', 'watch_connected', 'watch_lists_total'];
			return names.map((name) => found.get(`nftgen_${name}{resource="services"}`));
		};
		expect(await asked()).toEqual([0, undefined, 0, 0]);
		Object.assign(stats, { held: 5, lastContact: 9_000, watching: true, lists: 1 });
		stats.troubles.set('throttled', 2);
		expect(await asked()).toEqual([5, 1, 1, 1]);
		now = 12_500;
		expect(await asked()).toEqual([5, 3.5, 1, 1]);
		const { text } = await metrics.scrape();
		expect(samples(text).get('nftgen_watch_troubles_total{resource="services",reason="throttled"}')).toBe(2);
	});

	it('of two agents do not mix', async () => {
		const [one, two] = [await opened(), await opened()];
		one.quarantined('ip', 9);
		expect(samples((await two.scrape()).text).get('nftgen_quarantined_service_ports{ip_family="IPv4"}')).toBe(1);
	});

	it('can be done without', async () => {
		useAll(NO_METRICS);
		NO_METRICS.watching(new Map(), () => 0);
		expect((await NO_METRICS.scrape()).text).toBe('');
	});

	it('are opened in a bundle too', async () => {
		const folder = await temporaryFolder(onTestFinished, { 'package.json': '{"type":"module"}' });
		const banner =
			"import { createRequire as nodeCreateRequire } from 'node:module';\nconst require = nodeCreateRequire(import.meta.url);";
		// As build.mjs does it.
		await build({
			entryPoints: ['src/host/metrics/open-metrics.ts'],
			outdir: folder,
			bundle: true,
			splitting: true,
			platform: 'node',
			mainFields: ['module', 'main'],
			format: 'esm',
			banner: { js: banner },
		});
		const bundled: { openMetrics: typeof openMetrics } = await import(join(folder, 'open-metrics.js'));
		const metrics = await bundled.openMetrics({ version: '1', kubernetes: '1.37' });
		expect((await metrics.scrape()).text).toContain('nftgen_build_info');
	});

	it('load their library only when they are opened', () => {
		const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
		const eager = files.filter((file) =>
			/^import (?!type)[^;]*'prom-client'/m.test(readFileSync(`src/${file}`, 'utf8')),
		);
		expect(eager).toEqual([]);
	});
});

describe('elements of a transaction', () => {
	it('are those that come and those that leave, of sets and maps', () => {
		const elements = [{ key: ['a'] }, { key: ['b'] }];
		const set = {
			kind: 'set' as const,
			name: 's',
			comment: null,
			fields: [],
			interval: false,
			timeout: null,
			elements,
		};
		expect(
			elementsOf({
				kind: 'transaction',
				family: 'ip',
				table: 'nft-gen',
				removedElements: [{ kind: 'set-elements', container: 's', elements }],
				flushedChains: [],
				removedChains: [],
				removedSets: [],
				removedMaps: [],
				addedSets: [set],
				addedMaps: [],
				chains: [],
				addedElements: [{ kind: 'set-elements', container: 's', elements: [{ key: ['c'] }] }],
			}),
		).toBe(5);
	});
});
